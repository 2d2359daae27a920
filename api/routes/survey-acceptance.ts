import { listAcceptances } from '../../db/read-models/survey-reviews.ts';
import { acceptSurvey } from '../../db/stores/desk/survey-acceptance.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, problems } from '../schemas/common.ts';
import { AcceptanceTaken, Acceptances, AcceptBody } from '../schemas/survey-reviews.ts';
import { reviewProblem, sendNow } from '../survey-reviewing.ts';

const tags = ['Enquêtes'];

/** What the nation takes over. */
export const surveyAcceptanceRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/accept', {
    config: { permission: 'desk', territory: 'actForSurvey', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      summary: 'Accept the answers of a closed survey: of some territories, or of all',
      description:
        'Validated or not: what was received and not validated is counted, in the answer and for ever. Once all territories are accepted, the figures are published: whoever asks is mailed. 409 once `acceptUntil` has passed.',
      headers: IdempotencyHeader,
      params: IdParams,
      body: AcceptBody,
      response: { 200: AcceptanceTaken, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { territories = null, comment = null } = request.body;
      const frame = { survey: request.params.id, by: actorOf(accountOf(request)), now: deps.now() };
      const outcome = await acceptSurvey(deps.database, deps.keys, frame, { territories, comment });
      if (!outcome.done) throw reviewProblem(outcome);
      if (outcome.published) await sendNow(deps, request.params.id);
      return { accepted: [...outcome.accepted], published: outcome.published };
    },
  });

  app.get('/v1/surveys/:id/acceptances', {
    config: { permission: 'readSurveys', territory: 'survey' },
    schema: {
      tags,
      summary: 'What the nation has accepted of each territory, with what was not validated then',
      params: IdParams,
      response: { 200: Acceptances, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const rows = await listAcceptances(deps.database.sql, readerOf(request), request.params.id);
      return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
    },
  });
};
