import type { FastifyRequest } from 'fastify';
import type { Type } from 'typebox';
import { isMailAddress } from '../channels/address.ts';
import { agenciesOf } from '../db/read-models/organisations.ts';
import { siteCategories } from '../db/read-models/sites.ts';
import { publishedVersion } from '../db/stores/desk/published-forms.ts';
import type { FieldError } from '../domain/field-error.ts';
import { type SurveyAudience, surveyErrors, type SurveyDraft } from '../domain/survey/survey-draft.ts';
import type { ApiDeps } from './deps.ts';
import { schemaErrors } from './drafting.ts';
import { invalid } from './problem.ts';
import type { SurveyBody } from './schemas/surveys.ts';

type Body = Type.Static<typeof SurveyBody>;

/** Stands for a field whose shape is wrong, so that the others are looked at all the same; wrong in nothing itself. */
const STAND_IN: Body = { formId: '', title: '-', audience: { ars: 'all' }, closesAt: 'P1D' };

/** The survey of a request, from its author. @throws Problem 422 with every wrong field, by its shape or by the rules */
export async function checkedSurvey(deps: ApiDeps, request: FastifyRequest, author: string): Promise<SurveyDraft> {
  const misshapen = schemaErrors(request);
  const fields = new Set(misshapen.map(({ pointer }) => fieldOf(pointer)));
  const sound = Object.entries((request.body ?? {}) as Body).filter(([field]) => !fields.has(field));
  const draft = draftOf({ ...STAND_IN, ...Object.fromEntries(sound) }, author);
  // A body that is no object has no field to look at.
  const ruled = fields.has('')
    ? []
    : (await ruleErrors(deps, draft)).filter(({ pointer }) => !fields.has(fieldOf(pointer)));
  const errors = [...misshapen, ...ruled];
  if (errors.length > 0) throw invalid(errors);
  return draft;
}

/** `/audience/respondents/1/name` → `audience` */
const fieldOf = (pointer: string): string => pointer.split('/')[1] ?? '';

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
  };
}

async function ruleErrors(deps: ApiDeps, draft: SurveyDraft): Promise<FieldError[]> {
  const { sql } = deps.database;
  const known = { agencies: await agenciesOf(sql), categories: await siteCategories(sql) };
  const errors: FieldError[] = [...surveyErrors(draft, { now: deps.now(), isMailAddress, ...known })];
  if (draft.formId !== STAND_IN.formId && (await publishedVersion(sql, draft.formId, draft.author)) === null)
    errors.push({ pointer: '/formId', code: 'unknown', message: 'Ce questionnaire n’existe pas ou n’est pas publié.' });
  return [...errors, ...(await crisisErrors(deps, draft))];
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
