import type { FastifyRequest } from 'fastify';
import { getSurveyDetail, listSurveys } from '../../db/read-models/surveys.ts';
import { listRespondents } from '../../db/read-models/survey-respondents.ts';
import { pageOf } from '../../db/read-models/cursor.ts';
import { createSurvey } from '../../db/stores/desk/surveys.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import { keyRequest, rowRequest } from '../plugins/lists.ts';
import { notFound } from '../problem.ts';
import type { ApiDeps } from '../deps.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, PageOf, problems } from '../schemas/common.ts';
import {
  CancelBody,
  CloseBody,
  ExtendBody,
  ReopenBody,
  Respondent,
  RespondentQuery,
  Survey,
  SurveyBody,
  SurveyDetail,
  SurveyFilters,
} from '../schemas/surveys.ts';
import { SurveyMoved, SurveyTaken } from '../schemas/survey-taken.ts';
import { OpenBody } from '../schemas/survey-load.ts';
import { checkedSurvey } from '../survey-drafting.ts';
import { askSurvey, closingOf } from '../surveying.ts';

const tags = ['Enquêtes'];

/** One survey for whoever asks. What has drifted is not counted here: it draws two campaigns together. @throws Problem 404 */
async function detailOf({ database }: ApiDeps, request: FastifyRequest, id: string) {
  const found = await getSurveyDetail(database.sql, readerOf(request), id);
  if (found === undefined) throw notFound();
  return { ...found, drift: found.formVersion === null ? null : `/v1/surveys/${id}/drift` };
}

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys', {
    config: { permission: 'readSurveys', territory: 'none' },
    schema: {
      tags,
      summary: 'Surveys of my territory and my own, newest first',
      querystring: SurveyFilters,
      response: { 200: PageOf(Survey), ...problems(401, 403, 422) },
    },
    handler: (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      return listSurveys(deps.database.sql, readerOf(request), filter, rowRequest(request.query));
    },
  });

  app.get('/v1/surveys/:id', {
    config: { permission: 'readSurveys', territory: 'survey' },
    schema: {
      tags,
      summary: 'One survey, its calendar and its figures',
      description: '`reach` tells whom it asks; of a draft whom it would ask if it opened now.',
      params: IdParams,
      response: { 200: SurveyDetail, ...problems(401, 403, 404) },
    },
    handler: (request) => detailOf(deps, request, request.params.id),
  });

  app.get('/v1/surveys/:id/respondents', {
    config: { permission: 'readSurveys', territory: 'survey' },
    schema: {
      tags,
      summary:
        'Whom a survey asks; with `late=true` those who owe an answer, with `contact=` those whom no mail reaches',
      params: IdParams,
      querystring: RespondentQuery,
      response: { 200: PageOf(Respondent), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const { limit, after } = keyRequest(request.query);
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      const page = { limit: limit + 1, after, ...filter };
      const rows = await listRespondents(deps.database.sql, readerOf(request), request.params.id, page);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.respondent }),
        (row) => row,
      );
    },
  });
};

const writingRoute: RouteSet = (app, deps) => {
  app.post('/v1/surveys', {
    config: { permission: 'writeSurveys', territory: 'none', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Write a survey: a published questionnaire, an audience, a calendar',
      description:
        'A draft: nobody is asked anything before `open`. An ARS writes surveys of its own, to sites of its region or to its own list.',
      headers: IdempotencyHeader,
      body: SurveyBody,
      response: { 201: SurveyDetail, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const account = accountOf(request);
      const draft = await checkedSurvey(deps, request, account.roles.includes('ars') ? account.org : CORRUSS);
      const { id } = await createSurvey(deps.database, deps.keys, draft, { by: actorOf(account), now: deps.now() });
      const written = await detailOf(deps, request, id);
      return reply.code(201).header('location', `/v1/surveys/${id}`).send(written);
    },
  });
};

const config = { permission: 'runSurveys', territory: 'actForSurvey', idempotent: true } as const;
const response = { 202: SurveyTaken, ...problems(400, 401, 403, 404, 409, 413, 415, 422) };
const common = { tags, headers: IdempotencyHeader, params: IdParams, response };

const beginningRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/open', {
    config: { ...config, bodyOptional: true },
    schema: {
      ...common,
      summary: 'Open a survey, now or at its `opensAt`: invitations leave, the calendar runs',
      description:
        '409 `survey-load` where it asks much of those who are asked already (more than 3 surveys or a same question in 7 days): it tells of whom and by which surveys, and opens with a `loadReason`; what is only asked again also with `reuse`.',
      body: OpenBody,
    },
    handler: async (request, reply) => {
      const command = { kind: 'open', ...request.body, by: actorOf(accountOf(request)) } as const;
      return reply.code(202).send(await askSurvey(deps, request, request.params.id, command));
    },
  });

  app.post('/v1/surveys/:id/extend', {
    config,
    schema: {
      ...common,
      summary: 'Move the closing, later or earlier; reminders follow',
      description: 'Whoever was written to and owes an answer is told by mail.',
      body: ExtendBody,
      response: { ...response, 202: SurveyMoved },
    },
    handler: async (request, reply) => {
      const { closesAt, reason = '' } = request.body;
      const by = actorOf(accountOf(request));
      const command = { kind: 'extend', closesAt: closingOf(closesAt), reason, by } as const;
      const { overtaken = [], ...moved } = await askSurvey(deps, request, request.params.id, command);
      return reply.code(202).send({ ...moved, remindersLeftOut: overtaken.map((at) => toRfc3339(at)) });
    },
  });
};

const endingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/surveys/:id/close', {
    config: { ...config, bodyOptional: true },
    schema: { ...common, summary: 'Close before the term: what is committed before counts', body: CloseBody },
    handler: async (request, reply) => {
      const command = { kind: 'close', reason: request.body.reason ?? '', by: actorOf(accountOf(request)) } as const;
      return reply.code(202).send(await askSurvey(deps, request, request.params.id, command));
    },
  });

  app.post('/v1/surveys/:id/reopen', {
    config,
    schema: {
      ...common,
      summary: 'Open a closed survey again: everybody is told, what comes is a correction',
      body: ReopenBody,
    },
    handler: async (request, reply) => {
      const { closesAt, reason } = request.body;
      const by = actorOf(accountOf(request));
      const command = { kind: 'reopen', closesAt: closingOf(closesAt), reason, by } as const;
      return reply.code(202).send(await askSurvey(deps, request, request.params.id, command));
    },
  });

  app.post('/v1/surveys/:id/cancel', {
    config,
    schema: { ...common, summary: 'Cancel: nothing is expected any more', body: CancelBody },
    handler: async (request, reply) => {
      const command = { kind: 'cancel', reason: request.body.reason, by: actorOf(accountOf(request)) } as const;
      return reply.code(202).send(await askSurvey(deps, request, request.params.id, command));
    },
  });
};

/** Campaigns of surveys. */
export const surveyRoutes: readonly RouteSet[] = [readingRoutes, writingRoute, beginningRoutes, endingRoutes];
