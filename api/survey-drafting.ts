import type { FastifyRequest } from 'fastify';
import type { Type } from 'typebox';
import { isMailAddress } from '../channels/address.ts';
import { agenciesOf } from '../db/read-models/organisations.ts';
import { siteCategories } from '../db/read-models/sites.ts';
import { publishedVersion, readForm } from '../db/stores/desk/published-forms.ts';
import type { FieldError } from '../domain/field-error.ts';
import type { Instant } from '../domain/instant.ts';
import { type SurveyAudience, surveyErrors, type SurveyDraft } from '../domain/survey/survey-draft.ts';
import { thresholdErrors } from '../domain/survey/threshold-errors.ts';
import { checkedBody } from './checked-body.ts';
import type { ApiDeps } from './deps.ts';
import type { SurveyBody } from './schemas/surveys.ts';

type Body = Type.Static<typeof SurveyBody>;

/** Stands for a field whose shape is wrong, so that the others are looked at all the same; wrong in nothing itself. */
const STAND_IN: Body = { formId: '', title: '-', audience: { ars: 'all' }, closesAt: 'P1D' };

/** The survey of a request, from its author. @throws Problem 422 with every wrong field, by its shape or by the rules */
export const checkedSurvey = (deps: ApiDeps, request: FastifyRequest, author: string): Promise<SurveyDraft> =>
  checkedBody(request, STAND_IN, async (body) => {
    const meant = draftOf(body, author);
    return { meant, errors: await ruleErrors(deps, meant) };
  });

function draftOf(body: Body, author: string): SurveyDraft {
  return {
    formId: body.formId,
    title: body.title,
    author,
    // One of the three by its schema.
    audience: body.audience as SurveyAudience,
    calendar: {
      opensAt: body.opensAt ?? null,
      closesAt: body.closesAt,
      remindBefore: body.remindBefore ?? [],
      validateUntil: body.validateUntil ?? null,
      acceptUntil: body.acceptUntil ?? null,
    },
    exercise: body.exercise ?? false,
    crisisId: body.crisisId ?? null,
    thresholds: body.thresholds ?? [],
    ...(body.reuse === undefined ? {} : { reuse: body.reuse }),
  };
}

async function ruleErrors(deps: ApiDeps, draft: SurveyDraft): Promise<readonly FieldError[]> {
  const errors = await surveyProblems(deps, draft, deps.now());
  const unknown =
    draft.formId !== STAND_IN.formId &&
    (await publishedVersion(deps.database.sql, draft.formId, draft.author)) === null;
  const form = { pointer: '/formId', code: 'unknown', message: 'Ce questionnaire n’existe pas ou n’est pas publié.' };
  return unknown ? [...errors, form] : errors;
}

/** All that is wrong with a survey that would be opened at `now`, its form apart. */
export async function surveyProblems(deps: ApiDeps, draft: SurveyDraft, now: Instant): Promise<readonly FieldError[]> {
  const { sql } = deps.database;
  const known = { agencies: await agenciesOf(sql), categories: await siteCategories(sql) };
  return [
    ...surveyErrors(draft, { now, isMailAddress, ...known }),
    ...(await crisisErrors(deps, draft)),
    ...(await wrongThresholds(deps, draft)),
  ];
}

async function wrongThresholds({ database }: ApiDeps, draft: SurveyDraft): Promise<readonly FieldError[]> {
  const { formId, author, thresholds = [] } = draft;
  if (thresholds.length === 0 || formId === STAND_IN.formId) return [];
  const version = await publishedVersion(database.sql, formId, author);
  return version === null ? [] : thresholdErrors(draft, await readForm(database.sql, formId, version));
}

async function crisisErrors(deps: ApiDeps, { crisisId, exercise }: SurveyDraft): Promise<readonly FieldError[]> {
  if (crisisId === null) return [];
  const pointer = '/crisisId';
  const row = await deps.database.sql
    .selectFrom('crisis')
    .select(['closed_at', 'exercise'])
    .where('id', '=', crisisId)
    .executeTakeFirst();
  if (row === undefined) return [{ pointer, code: 'unknown', message: 'Cet événement n’existe pas.' }];
  if (row.closed_at !== null) return [{ pointer, code: 'closed', message: 'Cet événement est clos.' }];
  const message = 'L’enquête d’un événement d’exercice est elle-même un exercice, et seulement elle.';
  return row.exercise === exercise ? [] : [{ pointer: '/exercise', code: 'exercise', message }];
}
