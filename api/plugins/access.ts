import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { covers, hasRole, isDesk } from '../../domain/scope.ts';
import { composesFor, formSight, mayAnswerFor } from '../../domain/survey/access.ts';
import { coversSite, isSiteId, mayActForSite, siteScope } from '../../domain/site.ts';
import { accountOf } from '../access/account.ts';
import { grants, isOpen, type Territory, TERRITORIES } from '../access/permissions.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound, Problem } from '../problem.ts';
import { getCrisis } from '../../db/read-models/crises.ts';
import { isRecipientIn } from '../../db/read-models/recipients.ts';
import { signalOwner } from '../../db/read-models/early-signals.ts';
import { canSeeInstruction, readScope } from '../../db/read-models/scope.ts';
import { type FormListItem, getForm } from '../../db/read-models/survey-forms.ts';
import { agencyOfSite } from '../../db/read-models/sites.ts';
import { readSession } from '../../db/stores/desk/sessions.ts';
import { type AskedRespondent, askedRespondent, asksSitesOf } from '../../db/read-models/survey-asked.ts';
import { getSeries, type SeriesView } from '../../db/read-models/survey-series.ts';
import { getSurvey, type SurveyView } from '../../db/read-models/surveys.ts';
import { findRespondent, type NamedRespondent } from '../../db/read-models/survey-reviews.ts';
import { reviewerOf } from '../../domain/survey/review.ts';
import { isOwnUuid } from '../../domain/uuid.ts';
import { readerOf } from '../access/survey-reader.ts';
import { SESSION_COOKIE, sessionAccount } from '../access/session.ts';
import { type SharedReading, sharedReading } from '../shared-readings.ts';

/**
 * Identity, permission and territory of every route, from what stands beside it (`config`). A route that declares no
 * permission, or takes an id and declares no territory, stops the application from being built.
 */
export function useAccess(app: FastifyInstance, deps: ApiDeps): void {
  app.decorateRequest('account', null);
  app.decorateRequest('scope');
  app.decorateRequest('asked', null);
  app.addHook('onRoute', (route) => {
    // The plugin of the documentation declares its own routes and knows nothing of ours.
    if (/^\/docs(\/|$)/.test(route.url)) route.config = { ...route.config, permission: 'public' };
    refuseUndeclared(route);
  });
  app.addHook('onRequest', async (request) => {
    const { permission = 'account' } = request.routeOptions.config;
    if (request.is404 || isOpen(permission)) return;
    await identify(request, deps);
    const account = accountOf(request);
    if (!grants(permission, account)) throw new Problem(403, 'role', 'Votre rôle ne permet jamais cette action.');
  });
  const guard: GuardDeps = { ...deps, sights: sharedReading() };
  app.addHook('preValidation', async (request) => {
    if (request.is404 || request.account === null) return;
    request.scope = await readScope(deps.database.sql, request.account);
    await CHECKS[request.routeOptions.config.territory ?? 'none']?.(request, guard);
  });
}

/** @throws Error naming the route: a guard, not an answer to a caller */
export function refuseUndeclared(route: RouteOptions): void {
  const { permission, territory } = route.config ?? {};
  const name = `${[route.method].flat().join(',')} ${route.url}`;
  if (permission === undefined) throw new Error(`${name} declares no permission`);
  if (!isOpen(permission) && /:(id|org)\b/.test(route.url) && !isTerritory(territory)) {
    throw new Error(`${name} takes an id and declares no territory`);
  }
}

const isTerritory = (value: unknown): value is Territory => TERRITORIES.some((known) => known === value);

async function identify(request: FastifyRequest, deps: ApiDeps): Promise<void> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && token !== undefined && token !== '') {
    request.account = await deps.tokens.verify(token);
    return;
  }
  const { page, cookie } = request.routeOptions.config;
  const session = page === true || cookie === true ? request.cookies[SESSION_COOKIE] : undefined;
  if (session !== undefined) {
    request.account = sessionAccount(await readSession(deps.database.sql, session, deps.now()));
  }
  accountOf(request);
}

/** `sights`: whether an instruction is in sight; who asks while another does shares the next reading, none older than his asking (ADR 0042). */
type GuardDeps = ApiDeps & { readonly sights: SharedReading<boolean> };
type Check = (request: FastifyRequest, deps: GuardDeps) => Promise<unknown>;

const CHECKS: Readonly<Record<Territory, Check | null>> = {
  none: null,
  instruction: seesInstruction,
  recipient: seesRecipient,
  actForRecipient: async (request, deps) => {
    await seesRecipient(request, deps);
    mayActFor(request, 'org');
  },
  organisation: seesOrganisation,
  actForOrganisation: async (request, deps) => {
    await seesOrganisation(request, deps);
    mayActFor(request, 'id');
  },
  survey: seesSurvey,
  actForSurvey: async (request, deps) => {
    const { author } = await seesSurvey(request, deps);
    if (accountOf(request).org !== author) throw readOnly();
  },
  remindSurvey: async (request, deps) => {
    const { id, author } = await seesSurvey(request, deps);
    const { org } = accountOf(request);
    if (org !== author && !(await asksSitesOf(deps.database.sql, id, org))) throw readOnly();
  },
  surveySeries: seesSeries,
  actForSurveySeries: async (request, deps) => {
    const { author } = await seesSeries(request, deps);
    if (accountOf(request).org !== author) throw readOnly();
  },
  surveyRespondent: seesSurveyRespondent,
  surveyAnswer: seesAnswer,
  reviewAnswer: async (request, deps) => {
    if (reviewerOf(await seesAnswer(request, deps)) !== accountOf(request).org) throw readOnly();
  },
  unlockAnswer: async (request, deps) => {
    if ((await seesAnswer(request, deps)).author !== accountOf(request).org) throw readOnly();
  },
  answerSurvey: async (request, deps) => {
    const { territory } = await seesSurveyRespondent(request, deps);
    if (!mayAnswerFor(accountOf(request), param(request, 'org'), territory)) throw readOnly();
  },
  site: async (request, deps) => {
    await seesSite(request, deps);
  },
  organisationOrSite: async (request, deps) => {
    if (isSiteId(param(request, 'id'))) await seesSite(request, deps);
    else await seesOrganisation(request, deps);
  },
  actForOrganisationOrSite: async (request, deps) => {
    if (!isSiteId(param(request, 'id'))) return CHECKS.actForOrganisation?.(request, deps);
    const { ars } = await seesSite(request, deps);
    if (!mayActForSite(accountOf(request), ars)) throw readOnly();
  },
  crisis: seesCrisis,
  surveyForm: seenForm,
  composeSurveyForm: async (request, deps) => {
    const { owner } = await seenForm(request, deps);
    if (composesFor(accountOf(request)) !== owner) {
      throw new Problem(403, 'read-only', 'Vous pouvez lire ce questionnaire, pas le modifier : dupliquez-le.');
    }
  },
  signal: async (request, deps) => {
    await seesSignal(request, deps);
  },
  actForSignal: async (request, deps) => actsFor(request, await seesSignal(request, deps)),
};

async function seesSurvey(request: FastifyRequest, deps: ApiDeps): Promise<SurveyView> {
  const id = param(request, 'id');
  const found = isOwnUuid(id) ? await getSurvey(deps.database.sql, readerOf(request), id) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

async function seesSeries(request: FastifyRequest, deps: ApiDeps): Promise<SeriesView> {
  const id = param(request, 'id');
  const found = isOwnUuid(id) ? await getSeries(deps.database.sql, readerOf(request), id) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

/** @throws Problem 404 */
async function seesSurveyRespondent(request: FastifyRequest, deps: ApiDeps): Promise<AskedRespondent> {
  const id = param(request, 'id');
  const { sql } = deps.database;
  const found = isOwnUuid(id) ? await askedRespondent(sql, readerOf(request), id, param(request, 'org')) : undefined;
  if (found === undefined) throw notFound();
  request.asked = found;
  return found;
}

async function seesAnswer(request: FastifyRequest, deps: ApiDeps): Promise<NamedRespondent> {
  const [id, name] = [param(request, 'id'), param(request, 'org')];
  const found = await findRespondent(deps.database.sql, readerOf(request), id, name);
  if (found === undefined) throw notFound();
  return found;
}

async function seenForm(request: FastifyRequest, deps: ApiDeps): Promise<FormListItem> {
  const id = param(request, 'id');
  const found = isOwnUuid(id) ? await getForm(deps.database.sql, formSight(accountOf(request)), id) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

async function seesSite(request: FastifyRequest, deps: ApiDeps): Promise<{ readonly ars: string }> {
  const id = param(request, 'id');
  const ars = await agencyOfSite(deps.database.sql, id);
  const scope = siteScope(accountOf(request), request.scope);
  if (ars === undefined || !coversSite(scope, { id, ars })) throw notFound();
  return { ars };
}

/** @returns whose it is. @throws Problem 404 */
async function seesSignal(request: FastifyRequest, deps: ApiDeps): Promise<string> {
  const id = param(request, 'id');
  const owner = isOwnUuid(id) ? await signalOwner(deps.database.sql, request.scope, id) : undefined;
  if (owner === undefined) throw notFound();
  return owner;
}

async function seesCrisis(request: FastifyRequest, deps: ApiDeps): Promise<void> {
  const id = param(request, 'id');
  if (!isOwnUuid(id) || (await getCrisis(deps.database.sql, request.scope, id)) === undefined) throw notFound();
}

/** Nothing has an id with NUL in it, of which PostgreSQL reads no text. @throws Problem 404 */
function param(request: FastifyRequest, name: string): string {
  const text = (request.params as Record<string, string | undefined>)[name] ?? '';
  if (text.includes('\0')) throw notFound();
  return text;
}

async function seesInstruction(request: FastifyRequest, { database, sights }: GuardDeps): Promise<void> {
  const { scope } = request;
  const of = param(request, 'id');
  const inSight = () => canSeeInstruction(database.sql, scope, of);
  if (!isOwnUuid(of) || !(await sights({ scope, of, query: {} }, inSight))) throw notFound();
}

async function seesRecipient(request: FastifyRequest, deps: ApiDeps): Promise<void> {
  const [id, organisation] = [param(request, 'id'), param(request, 'org')];
  if (!isOwnUuid(id) || !covers(request.scope, organisation)) throw notFound();
  if (!(await isRecipientIn(deps.database.sql, id, organisation))) throw notFound();
}

async function seesOrganisation(request: FastifyRequest, deps: ApiDeps): Promise<void> {
  const id = param(request, 'id');
  const readsAll = hasRole(accountOf(request), 'admin');
  if (!readsAll && !covers(request.scope, id)) throw notFound();
  const row = await deps.database.sql.selectFrom('organisation').select('kind').where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.kind === 'site') throw notFound();
}

const mayActFor = (request: FastifyRequest, name: 'id' | 'org'): void => actsFor(request, param(request, name));

function actsFor(request: FastifyRequest, organisation: string): void {
  const account = accountOf(request);
  const mayAct = account.org === organisation || isDesk(account) || hasRole(account, 'admin');
  if (!mayAct) throw readOnly();
}

const readOnly = (): Problem =>
  new Problem(403, 'read-only', 'Vous pouvez lire cette ressource, pas agir pour cette organisation.');
