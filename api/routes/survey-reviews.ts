import type { FastifyRequest } from 'fastify';
import { findRespondent, type NamedRespondent } from '../../db/read-models/survey-reviews.ts';
import { returnAnswer, unlockAnswer } from '../../db/stores/desk/survey-returns.ts';
import { validateAnswers } from '../../db/stores/desk/survey-reviews.ts';
import { isValidated } from '../../domain/survey/review.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { ifMatch } from '../plugins/etag.ts';
import { notFound, Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, IfMatch, problems, RecipientParams } from '../schemas/common.ts';
import { EmptyBody } from '../schemas/recipient.ts';
import { Returned, ReturnBody, Unlocked, UnlockBody, Validated, ValidateBody } from '../schemas/survey-reviews.ts';
import { reviewProblem, sendNow } from '../survey-reviewing.ts';
import { momentOf } from '../surveying.ts';
import { writtenReason } from '../written-reason.ts';

const tags = ['Enquêtes'];
const refusals = problems(400, 401, 403, 404, 409, 412, 413, 415, 422);
const one = { tags, headers: IfMatch, params: RecipientParams };

const validatingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/answers/:org/validate', {
    config: { permission: 'runSurveys', territory: 'reviewAnswer', bodyOptional: true },
    schema: {
      ...one,
      summary: 'Validate the answer of one respondent of my territory, as it stands',
      description:
        'By the agency that it counts for; an agency’s own answer is validated by nobody. A new submission drops it. 409 once `validateUntil` has passed.',
      body: EmptyBody,
      response: { 200: Validated, ...refusals },
    },
    handler: async (request) => {
      const found = await respondentOf(deps, request, request.params);
      if (!isValidated(found)) throw OWN_ANSWER();
      const asked = { which: { answers: [found.respondent] }, version: ifMatch(request) };
      return validate(deps, frameOf(deps, request, found.territory), asked);
    },
  });

  app.post('/v1/surveys/:id/validate', {
    config: { permission: 'runSurveys', territory: 'survey' },
    schema: {
      tags,
      summary: 'Validate several answers of my territory at once',
      params: IdParams,
      body: ValidateBody,
      response: { 200: Validated, ...refusals },
    },
    handler: (request) => {
      const { answers } = request.body;
      const which = answers === undefined ? ({ sound: true } as const) : { answers };
      return validate(deps, frameOf(deps, request, accountOf(request).org), { which, version: null });
    },
  });
};

const OWN_ANSWER = () =>
  new Problem(409, 'not-validated', 'La réponse d’une agence ne se valide pas\u00a0: le niveau national l’accepte.');

async function validate(deps: ApiDeps, frame: Frame, asked: Parameters<typeof validateAnswers>[3]) {
  const outcome = await validateAnswers(deps.database, deps.keys, frame, asked);
  if (!outcome.done) throw reviewProblem(outcome);
  const { validated, already, left } = outcome;
  return { validated, already, left };
}

const givingBackRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/answers/:org/return', {
    config: { permission: 'runSurveys', territory: 'reviewAnswer' },
    schema: {
      ...one,
      summary: 'Give an answer back, with a reason: it owes again and counts nowhere until it is submitted again',
      description:
        'The respondent is told by mail, with the reason and its link. Of a closed survey it alone is taken again, until `validateUntil`.',
      body: ReturnBody,
      response: { 200: Returned, ...refusals },
    },
    handler: async (request) => {
      const { respondent, territory } = await respondentOf(deps, request, request.params);
      const asked = { respondent, reason: reasonOf(request.body.reason), version: ifMatch(request) };
      const outcome = await returnAnswer(deps.database, deps.keys, frameOf(deps, request, territory), asked);
      if (!outcome.done) throw reviewProblem(outcome);
      await sendNow(deps, request.params.id);
      const { until, mailed } = outcome;
      return { until: until === null ? null : new Date(until).toISOString(), mailed };
    },
  });

  app.post('/v1/surveys/:id/answers/:org/unlock', {
    config: { permission: 'runSurveys', territory: 'unlockAnswer' },
    schema: {
      tags,
      params: RecipientParams,
      summary: 'Re-open one answer of a closed survey until an instant, with a reason: what comes is a correction',
      body: UnlockBody,
      response: { 200: Unlocked, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { respondent, territory } = await respondentOf(deps, request, request.params);
      const [until, reason] = [momentOf(request.body.until, '/until'), reasonOf(request.body.reason)];
      const frame = frameOf(deps, request, territory);
      const outcome = await unlockAnswer(deps.database, deps.keys, frame, { respondent, reason, until });
      if (!outcome.done) throw reviewProblem(outcome);
      await sendNow(deps, request.params.id);
      return { until: new Date(until).toISOString(), mailed: outcome.mailed };
    },
  });
};

type Frame = ReturnType<typeof frameOf>;
const frameOf = (deps: ApiDeps, request: FastifyRequest, territory: string) => ({
  survey: (request.params as { readonly id: string }).id,
  territory,
  by: actorOf(accountOf(request)),
  now: deps.now(),
});

async function respondentOf(
  deps: ApiDeps,
  request: FastifyRequest,
  { id, org }: { readonly id: string; readonly org: string },
): Promise<NamedRespondent> {
  const found = await findRespondent(deps.database.sql, readerOf(request), id, org);
  if (found === undefined) throw notFound();
  return found;
}

/** @throws Problem 422 for a reason of blanks */
const reasonOf = (text: string): string => writtenReason(text, 'Un motif est attendu\u00a0: le répondant le lira.');

export const surveyReviewRoutes: readonly RouteSet[] = [validatingRoutes, givingBackRoutes];
