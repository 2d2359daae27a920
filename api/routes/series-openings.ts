import { Type } from 'typebox';
import { noteOpening } from '../../db/stores/desk/series-openings.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { problems } from '../schemas/common.ts';
import { OpeningParams } from '../schemas/survey-series.ts';
import { NoteBody } from '../schemas/survey-thresholds.ts';

/** Openings of series that were refused. */
export const seriesOpeningRoute: RouteSet = (app, deps) => {
  app.post('/v1/survey-series/:id/openings/:opening/note', {
    config: { permission: 'runSurveys', territory: 'actForSurveySeries', bodyOptional: true },
    schema: {
      tags: ['Séries d’enquêtes'],
      summary: 'Take note of an opening that was refused: its task (`surveyNotOpened`) is closed',
      params: OpeningParams,
      body: NoteBody,
      response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { id: series, opening } = request.params;
      const noting = { series, opening, comment: request.body.comment ?? '', by: actorOf(accountOf(request)) };
      if (!(await noteOpening(deps.database, deps.keys, { ...noting, now: deps.now() }))) throw notFound();
      return reply.code(204).send(null);
    },
  });
};
