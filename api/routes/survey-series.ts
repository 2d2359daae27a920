import { randomUUID } from 'node:crypto';
import { listOpenings, listSeries } from '../../db/read-models/survey-series.ts';
import { createSeries, replaceSeries, setSeriesStatus } from '../../db/stores/desk/survey-series.ts';
import type { SeriesStatus } from '../../domain/survey/series.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import type { FastifyRequest } from 'fastify';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { keyFor, otherBody } from '../plugins/idempotency.ts';
import { rowRequest } from '../plugins/lists.ts';
import type { RouteSet } from '../route-set.ts';
import { IdempotencyHeader, IdParams, IfMatch, PageOf, problems } from '../schemas/common.ts';
import { EmptyBody } from '../schemas/recipient.ts';
import {
  OpeningFilters,
  SeriesReasonBody,
  SeriesResumeBody,
  SeriesTriggered,
  SurveySeries,
  SurveySeriesBody,
  SurveySeriesFilters,
  SurveySeriesOpening,
} from '../schemas/survey-series.ts';
import { checkedSeries, keepSchedule, refuseSeries, shownSeries, triggerSeries, withNext } from '../survey-series.ts';
import { refuseLoadOfSeries } from '../survey-loading.ts';
import { writtenReason } from '../written-reason.ts';

const tags = ['Séries d’enquêtes'];
const act = (deps: ApiDeps, request: FastifyRequest) => ({ by: actorOf(accountOf(request)), now: deps.now() });

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/survey-series', {
    config: { permission: 'readSurveySeries', territory: 'none' },
    schema: {
      tags,
      summary: 'Series of surveys: my own and those that ask my territory, newest first',
      querystring: SurveySeriesFilters,
      response: { 200: PageOf(SurveySeries), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      const page = await listSeries(deps.database.sql, readerOf(request), filter, rowRequest(request.query));
      return { ...page, items: page.items.map((one) => withNext(one, deps.now())) };
    },
  });

  app.get('/v1/survey-series/:id', {
    config: { permission: 'readSurveySeries', territory: 'surveySeries' },
    schema: {
      tags,
      summary: 'One series, its next openings and what became of the last',
      params: IdParams,
      response: { 200: SurveySeries, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await shownSeries(deps, request, request.params.id);
      return setVersion(reply, found.version).send(found);
    },
  });

  app.get('/v1/survey-series/:id/openings', {
    config: { permission: 'readSurveySeries', territory: 'surveySeries' },
    schema: {
      tags,
      summary: 'What the series has opened, what it has left out or could not open, and why; latest first',
      params: IdParams,
      querystring: OpeningFilters,
      response: { 200: PageOf(SurveySeriesOpening), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      return listOpenings(deps.database.sql, request.params.id, filter, rowRequest(request.query));
    },
  });
};

const writingRoutes: RouteSet = (app, deps) => {
  app.post('/v1/survey-series', {
    config: { permission: 'writeSurveys', territory: 'none', idempotent: true },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Have a survey open by itself: a questionnaire, an audience, a recurrence in Paris, a relative calendar',
      description:
        'Runs from now on. 503: the series is written and its Schedule is not made yet; the same request by the same key makes it, and so does Vigie by itself.',
      headers: IdempotencyHeader,
      body: SurveySeriesBody,
      response: { 201: SurveySeries, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const draft = await checkedSeries(deps, request);
      await refuseLoadOfSeries(deps, draft, null);
      const writing = { ...act(deps, request), key: keyFor(request) };
      const { id, same } = await createSeries(deps.database, deps.keys, draft, writing);
      if (!same) throw otherBody();
      await keepSchedule(deps, id);
      const made = await shownSeries(deps, request, id);
      return setVersion(reply.code(201).header('location', `/v1/survey-series/${id}`), made.version).send(made);
    },
  });

  app.put('/v1/survey-series/:id', {
    config: { permission: 'writeSurveys', territory: 'actForSurveySeries' },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Replace what a series says; surveys that it has opened stay as they are',
      params: IdParams,
      headers: IfMatch,
      body: SurveySeriesBody,
      response: { 200: SurveySeries, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const draft = await checkedSeries(deps, request);
      await refuseLoadOfSeries(deps, draft, id);
      const change = { id, version: ifMatch(request), draft };
      refuseSeries(await replaceSeries(deps.database, deps.keys, change, act(deps, request)));
      await keepSchedule(deps, id);
      const found = await shownSeries(deps, request, id);
      return setVersion(reply, found.version).send(found);
    },
  });
};

const config = { permission: 'runSurveys', territory: 'actForSurveySeries', idempotent: true } as const;
const response = { 200: SurveySeries, ...problems(400, 401, 403, 404, 409, 413, 415, 422) };
const common = { tags, headers: IdempotencyHeader, params: IdParams, response };

async function toStatus(
  deps: ApiDeps,
  request: FastifyRequest,
  to: { readonly id: string; readonly status: SeriesStatus; readonly reason: string },
) {
  refuseSeries(await setSeriesStatus(deps.database, deps.keys, to, act(deps, request)));
  await keepSchedule(deps, to.id);
  return shownSeries(deps, request, to.id);
}

const statusRoutes: RouteSet = (app, deps) => {
  app.post('/v1/survey-series/:id/pause', {
    config,
    schema: { ...common, summary: 'Pause: nothing opens by itself until it is resumed', body: SeriesReasonBody },
    handler: (request) =>
      toStatus(deps, request, { ...request.params, status: 'paused', reason: writtenReason(request.body.reason) }),
  });

  app.post('/v1/survey-series/:id/resume', {
    config: { ...config, bodyOptional: true },
    schema: {
      ...common,
      summary: 'Go on: with the next opening; what a pause has left out stays out',
      body: SeriesResumeBody,
    },
    handler: (request) =>
      toStatus(deps, request, { ...request.params, status: 'running', reason: request.body.reason ?? '' }),
  });

  app.post('/v1/survey-series/:id/end', {
    config,
    schema: { ...common, summary: 'End for good; surveys that are open stay so', body: SeriesReasonBody },
    handler: (request) =>
      toStatus(deps, request, { ...request.params, status: 'ended', reason: writtenReason(request.body.reason) }),
  });

  app.post('/v1/survey-series/:id/trigger', {
    config: { ...config, bodyOptional: true },
    schema: {
      ...common,
      summary: 'Open one now, whatever the day, also while it is paused; its calendar counts from now',
      body: EmptyBody,
      response: { 202: SeriesTriggered, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const ask = { key: keyFor(request) ?? randomUUID(), by: actorOf(accountOf(request)) };
      const survey = await triggerSeries(deps, id, ask);
      return reply.code(202).send({ id, survey, workflowId: surveyWorkflowId(survey) });
    },
  });
};

/** Surveys that open by themselves. */
export const surveySeriesRoutes: readonly RouteSet[] = [readingRoutes, writingRoutes, statusRoutes];
