import type { FastifyRequest } from 'fastify';
import { namedInstant } from '../domain/survey/campaign-calendar.ts';
import type { CampaignCommand } from '../domain/survey/campaign-commands.ts';
import { surveysAsking } from '../db/read-models/survey-asked.ts';
import type { SurveyAnswer, SurveyRefusalCode } from '../domain/survey/survey-step.ts';
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
  const { accepted: _accepted, ...told } = answer;
  return { id, ...told, workflowId: surveyWorkflowId(id) };
}

function problemOf({ code, detail, errors = [] }: Extract<SurveyAnswer, { accepted: false }>): Problem {
  if (code === 'notFound') return notFound();
  if (code === 'invalid') return invalid(errors);
  return new Problem(409, WORDS[code] ?? code, detail, { errors });
}

const WORDS: Partial<Record<SurveyRefusalCode, string>> = {
  notAllowed: 'not-allowed',
  tooSoon: 'too-soon',
  surveyLoad: 'survey-load',
  nobodyLate: 'nobody-late',
  ofRegister: 'of-register',
};

/**
 * Organisations have other contacts: surveys in progress that ask them take these over and invite anew whoever owes an answer.
 * A nudge that is lost loses nothing, each moment of the calendar reads the contacts as well.
 */
export async function nudgeSurveysOf(deps: ApiDeps, organisations: readonly string[]): Promise<void> {
  const surveys = await surveysAsking(deps.database.sql, organisations);
  await Promise.all(
    surveys.map((id) =>
      deps.surveys
        .nudge(id)
        .catch((error: unknown) => deps.logger?.warn({ err: error, survey: id }, 'survey not nudged')),
    ),
  );
}
