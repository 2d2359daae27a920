import { Type } from 'typebox';
import { listCrossings } from '../../db/read-models/survey-crossings.ts';
import { noteCrossing } from '../../db/stores/desk/survey-crossings.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { readerOf } from '../access/survey-reader.ts';
import { rowRequest } from '../plugins/lists.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, PageOf, problems } from '../schemas/common.ts';
import { Crossing, CrossingParams, CrossingQuery, NoteBody } from '../schemas/survey-thresholds.ts';

const tags = ['Enquêtes'];

/** Figures of surveys beyond their thresholds. */
export const surveyCrossingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/crossings', {
    config: { permission: 'readSurveys', territory: 'survey' },
    schema: {
      tags,
      summary: 'Each time that a figure has crossed its threshold, newest first',
      params: IdParams,
      querystring: CrossingQuery,
      response: { 200: PageOf(Crossing), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => {
      const { lasting } = request.query;
      const which = { survey: request.params.id, ...(lasting === undefined ? {} : { lasting }) };
      return listCrossings(deps.database.sql, readerOf(request), which, rowRequest(request.query));
    },
  });

  app.post('/v1/surveys/:id/crossings/:crossing/note', {
    config: { permission: 'runSurveys', territory: 'actForSurvey', bodyOptional: true },
    schema: {
      tags,
      summary: 'Take note of a crossing: its task (`surveyThreshold`) is closed',
      params: CrossingParams,
      body: NoteBody,
      response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id: survey, crossing } = request.params;
      const noting = { survey, crossing, comment: request.body.comment ?? '', by: actorOf(accountOf(request)) };
      if (!(await noteCrossing(deps.database, deps.keys, { ...noting, now: deps.now() }))) throw notFound();
      return reply.code(204).send(null);
    },
  });
};
