import type { FastifyRequest } from 'fastify';
import { namedInstant } from '../domain/survey/campaign-calendar.ts';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import type { SurveyAnswer } from '../domain/survey/survey-step.ts';
import { surveyWorkflowId } from '../workflows/contract.ts';
import { accountOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { keyOf } from './plugins/idempotency.ts';
import { invalid, notFound, Problem } from './problem.ts';

/** The new closing of a command. @throws Problem 422 */
export const closingOf = (text: string): number => momentOf(text, '/closesAt');

/** The instant that a field names. @throws Problem 422 */
export function momentOf(text: string, pointer: string): number {
  const found = namedInstant(text);
  if (found !== null) return found;
  const message = 'Écrivez une date et une heure (« 2026-12-01T18:00 », heure de Paris, ou RFC 3339).';
  throw invalid([{ pointer, code: 'format', message }]);
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
