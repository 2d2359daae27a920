import { Type } from 'typebox';
import { isMailAddress } from '../../channels/address.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { invalid } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, problems } from '../schemas/common.ts';
import { ReaddressBody, RemindBody, SurveyReminded } from '../schemas/survey-respondents.ts';
import { SurveyTaken } from '../schemas/survey-taken.ts';
import { askSurvey } from '../surveying.ts';

const tags = ['Enquêtes'];
const RespondentParams = Type.Object({ id: Type.String(), respondent: Type.String() });

/** What is asked of single respondents of a survey in progress. */
export const surveyRespondentRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/remind', {
    config: { permission: 'runSurveys', territory: 'remindSurvey', idempotent: true, bodyOptional: true },
    schema: {
      tags,
      summary: 'Remind who owes an answer, all or some of them',
      description:
        'By whoever asks; by an agency its own establishments. Once an hour each: 409 names who was reminded since. ' +
        'Named respondents: all or none of them, 422 tells each wrong one.',
      headers: IdempotencyHeader,
      params: IdParams,
      body: RemindBody,
      response: { 202: SurveyReminded, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { respondents = null } = request.body;
      const command = { kind: 'remind', respondents, by: actorOf(accountOf(request)) } as const;
      const { reminded = 0, tooSoon = 0, ...taken } = await askSurvey(deps, request, request.params.id, command);
      return reply.code(202).send({ ...taken, reminded, tooSoon });
    },
  });

  app.put('/v1/surveys/:id/respondents/:respondent', {
    config: { permission: 'runSurveys', territory: 'actForSurvey' },
    schema: {
      tags,
      summary: 'Correct the address of one of an own list: its invitation leaves again, to it alone',
      description:
        'Of a closed survey the letter leaves again by which its answer was given back or re-opened, while it is taken. An organisation has its contact in the directory: `PUT /v1/organisations/{id}/contacts` does the same for it (409).',
      params: RespondentParams,
      body: ReaddressBody,
      response: { 202: SurveyTaken, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id, respondent } = request.params;
      const address = request.body.email.trim();
      if (!isMailAddress(address)) {
        const message = 'Attendu\u00a0: une seule adresse électronique, sans nom ni liste.';
        throw invalid([{ pointer: '/email', code: 'format', message }]);
      }
      const command = { kind: 'readdress', respondent, address, by: actorOf(accountOf(request)) } as const;
      return reply.code(202).send(await askSurvey(deps, request, id, command));
    },
  });
};
