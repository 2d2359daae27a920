import type { FastifyRequest } from 'fastify';
import { isMailAddress } from '../channels/address.ts';
import { directory } from '../db/read-models/organisations.ts';
import { publishedVersion } from '../db/stores/desk/published-forms.ts';
import type { FieldError } from '../domain/field-error.ts';
import { namedInstant } from '../domain/survey/campaign-calendar.ts';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import { surveyErrors, type SurveyDraft } from '../domain/survey/survey-draft.ts';
import type { SurveyAnswer } from '../domain/survey/survey-step.ts';
import { surveyWorkflowId } from '../workflows/contract.ts';
import { accountOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { keyOf } from './plugins/idempotency.ts';
import { invalid, notFound, Problem } from './problem.ts';

/** @throws Problem 422 with all wrong fields */
export async function checkSurvey(deps: ApiDeps, draft: SurveyDraft): Promise<void> {
  const { sql } = deps.database;
  const ars = (await directory(sql)).filter(({ kind }) => kind === 'ars').map(({ id }) => id);
  const errors: FieldError[] = [...surveyErrors(draft, { now: deps.now(), ars, isMailAddress })];
  if ((await publishedVersion(sql, draft.formId, draft.author)) === null)
    errors.push({ pointer: '/formId', code: 'unknown', message: 'Ce questionnaire n’existe pas ou n’est pas publié.' });
  errors.push(...(await crisisErrors(deps, draft)));
  if (errors.length > 0) throw invalid(errors);
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

/** The new closing of a command. @throws Problem 422 */
export function closingOf(text: string): number {
  const found = namedInstant(text);
  if (found !== null) return found;
  const message = 'Écrivez une date et une heure (« 2026-12-01T18:00 », heure de Paris, ou RFC 3339).';
  throw invalid([{ pointer: '/closesAt', code: 'format', message }]);
}

/** Asks something of a survey's process. @throws Problem 404, 409 (says the state and what is allowed), 422; 503 */
export async function askSurvey(deps: ApiDeps, request: FastifyRequest, id: string, command: CampaignCommand) {
  const key = keyOf(request);
  const updateId = key === null ? undefined : `${accountOf(request).sub}:${request.url}:${key}`;
  const answer = await deps.surveys.ask(id, command, updateId);
  if (!answer.accepted) throw problemOf(answer);
  return { id, status: answer.status, respondents: answer.respondents, workflowId: surveyWorkflowId(id) };
}

function problemOf({ code, detail, errors = [] }: Extract<SurveyAnswer, { accepted: false }>): Problem {
  if (code === 'notFound') return notFound();
  if (code === 'invalid') return invalid(errors);
  return new Problem(409, code === 'notAllowed' ? 'not-allowed' : code, detail);
}
