import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readReading } from '../../db/read-models/survey-publication.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { drawMap } from '../documents/survey-map.ts';
import { drawTrend } from '../documents/survey-trend.ts';
import type { Html } from '../pages/html.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, problems } from '../schemas/common.ts';
import { DrawingQuery, PublicationView } from '../schemas/survey-publication.ts';
import { mapOf, STATE_WORDS, titleOf, trendOf } from '../surveys/drawings.ts';
import { indicatorOf, opened, publicationOf, refuseEarly } from '../surveys/publication.ts';
import { publicationView } from '../surveys/publication-view.ts';

const tags = ['Enquêtes'];
const config = { permission: 'readPublications', territory: 'survey', cookie: true } as const;
const drawing = {
  tags,
  params: IdParams,
  querystring: DrawingQuery,
  produces: ['image/svg+xml'],
  response: { 200: Type.Unsafe<string>({ type: 'string' }), ...problems(401, 403, 404, 409, 422) },
};

/** What a survey has found, as it is published: data, a map, a trend. */
export const surveyPublicationRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/publication', {
    config,
    schema: {
      tags,
      summary: 'A survey as it is published: rates, headline figures, data dictionary, sources',
      description:
        'Both readings (as known at closing, as corrected), of all that the reader sees and by agency. What is not validated, not accepted or missing is said in `notices`.',
      params: IdParams,
      response: { 200: PublicationView, ...problems(401, 403, 404, 409) },
    },
    handler: async (request) => publicationView(await publicationOf(deps, request, request.params.id)),
  });

  app.get('/v1/surveys/:id/map.svg', {
    config,
    schema: {
      ...drawing,
      summary: 'One figure by agency, as a schematic map (SVG)',
      description: 'A tile of the same size for each agency; what is missing is no zero.',
    },
    handler: async (request, reply) => {
      const { survey, form, reader, indicator, as } = await asked(deps, request, request.params.id, request.query);
      const reading = await readReading(deps.database.sql, reader, { survey: survey.id, as }, form);
      const whole = reader.scope === 'all' || reader.org === survey.author;
      return sendDrawing(reply, drawMap(mapOf(survey, reading?.territories ?? [], { indicator, as, whole })));
    },
  });

  app.get('/v1/surveys/:id/trend.svg', {
    config,
    schema: {
      ...drawing,
      summary: 'One figure over this campaign and those before it (SVG)',
      description:
        'Of the same series, else of the same questionnaire and author; thirteen at most. A campaign without the figure breaks the line.',
    },
    handler: async (request, reply) => {
      const { survey, reader, indicator, as } = await asked(deps, request, request.params.id, request.query);
      const points = await trendOf(deps, reader, survey.id, { indicator, as });
      const { label, unit } = indicator;
      const trend = { title: titleOf(survey), indicator: { label, unit }, state: STATE_WORDS[as], points };
      return sendDrawing(reply, drawTrend(trend));
    },
  });
};

type Query = Type.Static<typeof DrawingQuery>;

/** @throws Problem 404, 409, 422 */
async function asked(deps: ApiDeps, request: FastifyRequest, id: string, { question, as = 'corrected' }: Query) {
  const reader = readerOf(request);
  const { survey, form } = await opened(deps, reader, id);
  refuseEarly(survey, as);
  return { survey, form, reader, as, indicator: indicatorOf(form, question) };
}

/** A picture that may be opened by itself: nothing in it is run or fetched. */
const sendDrawing = (reply: { header: FastifyReply['header'] }, drawing: Html): string => {
  reply
    .header('content-type', 'image/svg+xml; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    )
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff');
  return drawing.text;
};
