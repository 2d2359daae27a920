import type { Question, QuestionType } from './form.ts';

/** What is counted of a campaign, at any level: each figure of a level is the sum of those of its parts. */
export interface SurveyCounts {
  /** Whom the survey concerns: everybody asked but those of whom it does not. */
  readonly expected: number;
  readonly notConcerned: number;
  /** Who has submitted an answer. */
  readonly received: number;
  /** Who has submitted one that leaves no question open (`isComplete`). */
  readonly complete: number;
  /** Whose answer its agency has validated as it stands. */
  readonly validated: number;
  /** Whose first answer was there before the first closing. */
  readonly onTime: number;
  /** Who owes an answer. */
  readonly late: number;
}

/** What is known of one respondent. */
export interface RespondentFacts {
  /** Null: nothing submitted. */
  readonly submitted: null | {
    readonly complete: boolean;
    readonly validated: boolean;
    readonly notConcerned: boolean;
    /** Its first version was there before the first closing. */
    readonly onTime: boolean;
  };
}

/** The counts of some respondents. An answer is on time when no closing had been committed before its first submission. */
export function countOf(respondents: readonly RespondentFacts[]): SurveyCounts {
  const submitted = respondents.flatMap((one) => (one.submitted === null ? [] : [one.submitted]));
  const received = submitted.filter(({ notConcerned }) => !notConcerned);
  const notConcerned = submitted.length - received.length;
  return {
    expected: respondents.length - notConcerned,
    notConcerned,
    received: received.length,
    complete: received.filter(({ complete }) => complete).length,
    validated: received.filter(({ validated }) => validated).length,
    onTime: received.filter(({ onTime }) => onTime).length,
    late: respondents.length - submitted.length,
  };
}

/** The counts of a level from those of its parts. */
export const addCounts = (parts: readonly SurveyCounts[]): SurveyCounts =>
  parts.reduce(
    (sum, one) => ({
      expected: sum.expected + one.expected,
      notConcerned: sum.notConcerned + one.notConcerned,
      received: sum.received + one.received,
      complete: sum.complete + one.complete,
      validated: sum.validated + one.validated,
      onTime: sum.onTime + one.onTime,
      late: sum.late + one.late,
    }),
    { expected: 0, notConcerned: 0, received: 0, complete: 0, validated: 0, onTime: 0, late: 0 },
  );

/** `received / expected` as a percentage with one decimal; null of nobody: missing is not zero. */
export const rateOf = (part: number, expected: number): number | null =>
  expected === 0 ? null : Math.round((part / expected) * 1000) / 10;

/**
 * True when no question that a person fills is left open. Remarks, and several choices of which none may apply, are open only
 * where the form requires them: a hospital without difficulty has said all that there is to say.
 */
export const isComplete = (
  questions: Iterable<Pick<Question, 'code' | 'type'> & { readonly required?: boolean }>,
  values: Readonly<Record<string, unknown>>,
): boolean =>
  [...questions]
    .filter(({ type, required }) => type !== 'computed' && (required === true || !MAY_STAY_EMPTY.includes(type)))
    .every(({ code }) => values[code] !== undefined && values[code] !== null && values[code] !== '');

const MAY_STAY_EMPTY: readonly QuestionType[] = ['text', 'choices'];
