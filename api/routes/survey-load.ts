import type { Type } from 'typebox';
import { listLoad } from '../../db/read-models/survey-load.ts';
import { loadOfSurvey } from '../../db/read-models/survey-loading.ts';
import { isTooMuch, loadInWords } from '../../domain/survey/load.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import { type Week, weekNamed, weekOf } from '../../domain/survey/week.ts';
import { readerOf } from '../access/survey-reader.ts';
import { pageRequest } from '../plugins/lists.ts';
import { invalid, notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, PageOf, problems } from '../schemas/common.ts';
import { LoadedOrganisation, SurveyLoadPreview, SurveyLoadQuery } from '../schemas/survey-load.ts';

const tags = ['Enquêtes'];

/** Who is asked what by whom. */
export const surveyLoadRoutes: RouteSet = (app, deps) => {
  app.get('/v1/survey-load', {
    config: { permission: 'readSurveys', territory: 'none' },
    schema: {
      tags,
      summary: 'Who is asked what by whom in one week: organisations of my territory, the most asked first',
      querystring: SurveyLoadQuery,
      response: { 200: PageOf(LoadedOrganisation), ...problems(401, 403, 422) },
    },
    handler: (request) => {
      const { exercise = false } = request.query;
      const { from, until } = weekAsked(request.query, deps.now());
      return listLoad(deps.database.sql, readerOf(request), { from, until, exercise }, pageRequest(request.query));
    },
  });

  app.get('/v1/surveys/:id/load', {
    config: { permission: 'runSurveys', territory: 'actForSurvey' },
    schema: {
      tags,
      summary: 'What opening a survey asks of those who are asked already',
      description: 'Too much is opened with a `loadReason` only.',
      params: IdParams,
      response: { 200: SurveyLoadPreview, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const load = await loadOfSurvey(deps.database.sql, request.params.id, deps.now());
      if (load === undefined) throw notFound();
      const tooMuch = isTooMuch(load);
      const surveys = load.surveys.map(({ opensAt, questions, ...one }) => ({
        ...{ ...one, opensAt: toRfc3339(opensAt), questions: [...questions] },
      }));
      return {
        ...load,
        examples: [...load.examples],
        surveys,
        tooMuch,
        detail: tooMuch ? loadInWords(load, load) : null,
      };
    },
  });
};

function weekAsked({ week }: Type.Static<typeof SurveyLoadQuery>, now: number): Week {
  const found = week === undefined ? weekOf(now) : weekNamed(week);
  if (found !== null) return found;
  const message = 'Écrivez une semaine (« 2026-W48 »).';
  throw invalid([{ pointer: '/week', code: 'format', message }]);
}
