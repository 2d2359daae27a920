import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readResults } from '../../db/read-models/survey-results.ts';
import { withReused } from '../../db/read-models/survey-reused.ts';
import { getSurvey } from '../../db/read-models/surveys.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { asFile, sheetFile } from '../documents/sheets.ts';
import { resultsCsv } from '../documents/survey-csv.ts';
import { type ResultsMatter, resultSheets } from '../documents/survey-workbook.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { ResultQuery, Results } from '../schemas/survey-results.ts';
import { refuseResults } from '../surveys/readable-results.ts';

const tags = ['Enquêtes'];
const config = { permission: 'readSurveys', territory: 'survey' } as const;
/** Reached by a link of the page of results as well. */
const files = { ...config, cookie: true } as const;

/** The consolidation of one survey. */
export const surveyResultRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/results', {
    config,
    schema: {
      tags,
      summary: 'The consolidated figures, by site, department, ARS, zone or nation',
      description:
        'Each question by its own rule. Sums and counts of a level are those of its parts; missing is null, and no zero. ' +
        '409 for `as=closing` before the first closing.',
      params: IdParams,
      querystring: ResultQuery,
      response: { 200: Results, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { by = 'ars', as = 'corrected' } = request.query;
      const { items } = await resultsOf(deps, request, id, { by, as });
      return { survey: id, by, as, items: Array.from(items, shownResult) };
    },
  });
};

const shownResult = ({ figures, reused = {}, ...one }: TerritoryResult) => ({
  ...one,
  values: { ...figures.byKey() },
  reused: Object.fromEntries(
    Object.entries(reused).map(([code, { answers, oldest }]) => [code, { answers, oldest: toRfc3339(oldest) }]),
  ),
});

/** The same as files. */
export const surveyResultFileRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/results.csv', {
    config: files,
    schema: {
      tags,
      summary: 'The same as CSV (UTF-8, semicolon), safe to open in a spreadsheet',
      params: IdParams,
      querystring: ResultQuery,
      produces: ['text/csv'],
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { by = 'ars', as = 'corrected' } = request.query;
      const { items, form, survey } = await resultsOf(deps, request, id, { by, as });
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="enquete-${id}-${by}-${as}.csv"`)
        .serializer(String)
        .send(resultsCsv(items, form, { reuse: survey.reuse !== null }));
    },
  });

  app.get('/v1/surveys/:id/results.xlsx', {
    config: files,
    schema: {
      tags,
      summary: 'The same as a workbook: the figures, a dictionary of them, and what they are of',
      description:
        'Texts are texts, whatever they begin with; numbers are numbers; missing is an empty cell, and no zero.',
      params: IdParams,
      querystring: ResultQuery,
      response: {
        200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }),
        ...problems(401, 403, 404, 409, 413, 422),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { by = 'ars', as = 'corrected' } = request.query;
      const found = await resultsOf(deps, request, id, { by, as });
      const sheets = resultSheets({ ...found, by, as, now: deps.now() });
      const file = await sheetFile(deps, 'xlsx', sheets);
      asFile(reply, `enquete-${id}-${by}-${as}`, 'xlsx');
      return reply.send(file);
    },
  });
};

type Query = Required<Type.Static<typeof ResultQuery>>;

async function resultsOf(
  deps: ApiDeps,
  request: FastifyRequest,
  id: string,
  { by, as }: Query,
): Promise<Pick<ResultsMatter, 'items' | 'form' | 'survey' | 'formVersion'>> {
  const reader = readerOf(request);
  const { sql } = deps.database;
  const survey = await getSurvey(sql, reader, id);
  if (survey === undefined) throw notFound();
  refuseResults(survey, reader, { by, as });
  const formVersion = survey.formVersion ?? 0;
  const form = await readForm(sql, survey.formId, formVersion);
  const which = { survey: id, by, as };
  const items = await readResults(sql, reader, which, form);
  const marked = survey.reuse === null ? items : await withReused(sql, reader, which, items);
  return { items: marked, form, survey, formVersion };
}
