import { isDeepStrictEqual } from 'node:util';
import { findRespondent, listVersions } from '../../db/read-models/survey-reviews.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { readerOf } from '../access/survey-reader.ts';
import { notFound } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { problems, RecipientParams } from '../schemas/common.ts';
import { Versions } from '../schemas/survey-reviews.ts';
import { shownReused } from '../surveys/reuse-view.ts';

/** Who changed which figure when. */
export const surveyVersionRoutes: RouteSet = (app, deps) => {
  app.get('/v1/surveys/:id/answers/:org/versions', {
    config: { permission: 'readSurveys', territory: 'surveyAnswer' },
    schema: {
      tags: ['Enquêtes'],
      summary: 'All that a respondent has submitted: who changed which figure when, and what was said of it',
      params: RecipientParams,
      response: { 200: Versions, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const { id, org } = request.params;
      const found = await findRespondent(deps.database.sql, readerOf(request), id, org);
      if (found === undefined) throw notFound();
      const versions = await listVersions(deps.database.sql, found.respondent);
      const items = versions.map(({ at, values, comments, reviews, reused, ...version }, index) => ({
        ...version,
        at: at.toISOString(),
        values: { ...values },
        comments: { ...comments },
        reused: shownReused(reused ?? {}),
        reviews: [...reviews],
        changed: changesOf(values, versions[index - 1]?.values ?? {}),
      }));
      return { items };
    },
  });
};

function changesOf(now: AnswerValues, before: AnswerValues): { code: string; from: unknown; to: unknown }[] {
  const codes = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort();
  return codes
    .filter((code) => !isDeepStrictEqual(now[code], before[code]))
    .map((code) => ({ code, from: before[code] ?? null, to: now[code] ?? null }));
}
