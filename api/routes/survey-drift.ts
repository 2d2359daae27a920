import { consolidate } from '../../db/read-models/survey-results.ts';
import { listCampaigns } from '../../db/read-models/survey-trend.ts';
import { getSurvey } from '../../db/read-models/surveys.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import { driftsOf, type LevelFigures } from '../../domain/survey/drift.ts';
import type { TerritoryLevel } from '../../domain/survey/results.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { DriftQuery, SurveyDrift } from '../schemas/survey-drift.ts';
import { refuseResults } from '../surveys/readable-results.ts';

/** What has moved since the campaign before. */
export const surveyDriftRoute: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/drift', {
    config: { permission: 'readSurveys', territory: 'survey' },
    schema: {
      tags: ['Enquêtes'],
      summary: 'The consolidated figures that have moved since the campaign before, by department, ARS, zone or nation',
      description:
        'Both as corrected. A sum also moves when fewer answer: each figure tells the share of answers that it stands on, and territories of which too few have answered are listed apart. Missing is compared with nothing, and is no zero.',
      params: IdParams,
      querystring: DriftQuery,
      response: { 200: SurveyDrift, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { by = 'ars', over = 20, answered = 80, limit = 200 } = request.query;
      const reader = readerOf(request);
      const survey = await getSurvey(deps.database.sql, reader, id);
      if (survey === undefined) throw notFound();
      refuseResults(survey, reader, { by, as: 'corrected' });
      const figures = (which: Asked) => figuresOf(deps, reader, which, by);
      const current = await figures({ id, formId: survey.formId, formVersion: survey.formVersion ?? 0 });
      const campaigns = await listCampaigns(deps.database.sql, reader, id, 2);
      const before = campaigns.findLast((one) => one.id !== id);
      const told = { survey: id, by, over, answered };
      if (before === undefined) return { ...told, previous: null, total: 0, items: [], notCompared: [] };
      const { drifts, notCompared } = driftsOf(current, await figures(before), { over, answered });
      const { title, openedAt } = before;
      const previous = { survey: before.id, title, openedAt: openedAt.toISOString() };
      return { ...told, previous, total: drifts.length, items: drifts.slice(0, limit), notCompared: [...notCompared] };
    },
  });
};

interface Asked {
  readonly id: string;
  readonly formId: string;
  readonly formVersion: number;
}

async function figuresOf(
  { database: { sql } }: ApiDeps,
  reader: SurveyReader,
  { id, formId, formVersion }: Asked,
  by: TerritoryLevel,
): Promise<LevelFigures> {
  const form = await readForm(sql, formId, formVersion);
  const consolidated = await consolidate(sql, reader, { survey: id, as: 'corrected' }, form);
  return { form, rows: consolidated.at(by) };
}
