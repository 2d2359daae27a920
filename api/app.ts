import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import plugin from 'fastify-plugin';
import { deriveKey } from '../config/keys.ts';
import type { ApiDeps } from './deps.ts';
import './fastify.ts';
import { useAccess } from './plugins/access.ts';
import { useErrors } from './plugins/errors.ts';
import { useIdempotency } from './plugins/idempotency.ts';
import { useJsonBodies } from './plugins/json-bodies.ts';
import { useLimits } from './plugins/limits.ts';
import { useMetrics } from './plugins/metrics.ts';
import { useOpenApi } from './plugins/openapi.ts';
import { useSecurityHeaders } from './plugins/security-headers.ts';
import { serializersOnce } from './plugins/serialization.ts';
import { useValidation } from './plugins/validation.ts';
import type { RouteSet } from './route-set.ts';
import { accountRoutes } from './routes/account.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { auditRoutes } from './routes/audit.ts';
import { briefingRoutes } from './routes/briefing.ts';
import { calendarRoutes } from './routes/calendars.ts';
import { codecRoutes } from './routes/codec.ts';
import { commandRoutes } from './routes/commands.ts';
import { crisisRoutes } from './routes/crises.ts';
import { deskRoutes } from './routes/desk.ts';
import { documentRoutes } from './routes/documents.ts';
import { draftRoutes } from './routes/drafts.ts';
import { earlySignalRoutes } from './routes/early-signals.ts';
import { dutyRoutes } from './routes/duty.ts';
import { healthRoutes } from './routes/health.ts';
import { instructionRoutes } from './routes/instructions.ts';
import { interchangeRoutes } from './routes/interchange.ts';
import { linkRoutes } from './routes/links.ts';
import { loginRoutes } from './routes/login.ts';
import { organisationRoutes } from './routes/organisations.ts';
import { pageRoutes } from './routes/pages.ts';
import { partnerLinkRoutes } from './routes/partner-links.ts';
import { supportRoutes } from './routes/support.ts';
import { surveyFormVersionRoutes } from './routes/survey-form-versions.ts';
import { surveyFormRoutes } from './routes/survey-forms.ts';
import { relatedRoutes } from './routes/related.ts';
import { partnerRoutes } from './routes/partners.ts';
import { siteContactsRoute } from './routes/site-contacts.ts';
import { siteRoutes } from './routes/sites.ts';
import { relayRoutes } from './routes/relays.ts';
import { surveyAnswerRoutes } from './routes/survey-answers.ts';
import { surveyCrossingRoutes } from './routes/survey-crossings.ts';
import { surveyFileRoutes } from './routes/survey-files.ts';
import { surveyLinkFileRoutes } from './routes/survey-link-files.ts';
import { surveyRespondentRoutes } from './routes/survey-respondents.ts';
import { surveyLinkRoutes } from './routes/survey-links.ts';
import { surveyAcceptanceRoutes } from './routes/survey-acceptance.ts';
import { publicationPageRoutes } from './routes/publication-page.ts';
import { surveyPublicationRoutes } from './routes/survey-publication.ts';
import { surveyDriftRoute } from './routes/survey-drift.ts';
import { surveyResultFileRoutes, surveyResultRoutes } from './routes/survey-results.ts';
import { surveyReviewRoutes } from './routes/survey-reviews.ts';
import { surveyVersionRoutes } from './routes/survey-versions.ts';
import { seriesOpeningRoute } from './routes/series-openings.ts';
import { surveySeriesRoutes } from './routes/survey-series.ts';
import { surveyLoadRoutes } from './routes/survey-load.ts';
import { surveyRoutes } from './routes/surveys.ts';

/** A comment of 1 MB gets its 422, not a bare 413. */
const BODY_LIMIT = 2 * 1024 * 1024;
const FILE_LIMIT = 10 * 1024 * 1024;

const ROUTES: readonly RouteSet[] = [
  ...draftRoutes,
  relatedRoutes,
  ...instructionRoutes,
  ...commandRoutes,
  supportRoutes,
  ...crisisRoutes,
  ...surveyFormRoutes,
  ...surveyFormVersionRoutes,
  ...earlySignalRoutes,
  ...interchangeRoutes,
  ...deskRoutes,
  ...organisationRoutes,
  ...partnerRoutes,
  ...siteRoutes,
  siteContactsRoute,
  ...relayRoutes,
  ...surveyRoutes,
  ...surveySeriesRoutes,
  seriesOpeningRoute,
  surveyAnswerRoutes,
  surveyCrossingRoutes,
  surveyLoadRoutes,
  surveyFileRoutes,
  surveyRespondentRoutes,
  surveyDriftRoute,
  surveyResultRoutes,
  surveyResultFileRoutes,
  surveyPublicationRoutes,
  publicationPageRoutes,
  ...surveyReviewRoutes,
  surveyVersionRoutes,
  surveyAcceptanceRoutes,
  ...dutyRoutes,
  briefingRoutes,
  ...calendarRoutes,
  attachmentRoutes,
  documentRoutes,
  accountRoutes,
  ...auditRoutes,
  healthRoutes,
  codecRoutes,
  ...loginRoutes,
  linkRoutes,
  partnerLinkRoutes,
  surveyLinkRoutes,
  surveyLinkFileRoutes,
  pageRoutes,
];

/** The web application, built apart from listening: tests inject requests, `api/main.ts` listens. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
    trustProxy: [...(deps.trustProxy ?? [])],
    bodyLimit: BODY_LIMIT,
    schemaController: { compilersFactory: { buildSerializer: serializersOnce() } },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    requestTimeout: 30_000,
    // An address that is no address is refused like any unknown one.
    frameworkErrors: (_error, _request, reply) => {
      void (reply as { code(status: number): { send(body: unknown): unknown } })
        .code(400)
        .send({ title: 'Demande illisible', status: 400 });
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  useErrors(app);
  useValidation(app);
  useJsonBodies(app);
  await app.register(cookie, { secret: deps.keys.map((key) => deriveKey(key, 'session').toString('hex')) });
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  await app.register(multipart, { limits: { fileSize: FILE_LIMIT, files: 1, fields: 0, parts: 1 } });
  await useSecurityHeaders(app);
  useAccess(app, deps);
  await useLimits(app, deps);
  useIdempotency(app, deps);
  await useOpenApi(app, deps);
  useMetrics(app);
  for (const routes of ROUTES) app.register(scopeOf(routes, deps));
  await app.ready();
  return app;
}

/** Named: of a plugin without a name Fastify goes through every module loaded, to call it after its file. */
const scopeOf = (routes: RouteSet, deps: ApiDeps): FastifyPluginCallback =>
  plugin(
    (scope, _options, done) => {
      routes(scope.withTypeProvider<TypeBoxTypeProvider>(), deps);
      done();
    },
    { name: routes.name, encapsulate: true },
  );
