import { isDeepStrictEqual } from 'node:util';
import { findRespondent, listVersions } from '../../db/read-models/survey-reviews.ts';
import { isObject } from '../../domain/input.ts';
import { type AnswerValues, isNotConcerned } from '../../domain/survey/answer.ts';
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
  const [ours, theirs] = [figuresIn(now), figuresIn(before)];
  const codes = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return codes
    .filter((code) => !isDeepStrictEqual(ours.get(code), theirs.get(code)))
    .map((code) => ({ code, from: theirs.get(code) ?? null, to: ours.get(code) ?? null }));
}

/** Each by its code, of a table each cell by its path (`lits.medecine.disponibles`): in a whole table nobody finds the one that moved. */
function figuresIn(values: AnswerValues): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const add = (code: string, value: unknown): void => {
    if (!isObject(value) || isNotConcerned(value)) found.set(code, value);
    else for (const [name, one] of Object.entries(value)) add(`${code}.${name}`, one);
  };
  for (const [code, value] of Object.entries(values)) add(code, value);
  return found;
}
