import type { FieldError } from '../domain/field-error.ts';
import type { ReviewRefusal } from '../domain/survey/review.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, Problem, unavailable } from './problem.ts';

type NotDone =
  { readonly refusal: ReviewRefusal } | { readonly stale: number } | { readonly errors: readonly FieldError[] };

/** What is answered where nothing was done with an answer. */
export function reviewProblem(outcome: NotDone): Problem {
  if ('refusal' in outcome) return new Problem(409, outcome.refusal.code, outcome.refusal.detail);
  if ('errors' in outcome) return invalid(outcome.errors);
  const detail = `Cette réponse a changé entre-temps (version ${outcome.stale})\u00a0: relisez-la puis recommencez.`;
  return new Problem(412, 'stale', detail);
}

/**
 * Has the mail to a respondent sent now: it is planned with what it tells, and leaves at the next step of the survey at the latest.
 * @throws Problem 503 when the process cannot be told: asked again, only this is done again
 */
export async function sendNow(deps: ApiDeps, survey: string): Promise<void> {
  try {
    await deps.surveys.nudge(survey);
  } catch (error) {
    deps.logger?.warn({ err: error, survey }, 'survey not nudged');
    const detail =
      'C’est enregistré, mais le courriel n’est pas encore parti\u00a0: recommencez pour qu’il parte maintenant.';
    throw unavailable(detail);
  }
}
