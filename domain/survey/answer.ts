import type { FieldError } from '../field-error.ts';

/** «Non concerné», with its reason: of a question, of a row of a table, or of the whole survey. No zero, and out of the rates. */
export interface NotConcerned {
  readonly notConcerned: string;
}
export type RowValue = Readonly<Record<string, number>> | NotConcerned;
export type TableValue = Readonly<Record<string, RowValue>>;
/** Number, text (also a choice, or a day), choices, table. */
export type AnswerValue = number | string | readonly string[] | TableValue | NotConcerned;
/** By the code of the question; what was not answered is not there. */
export type AnswerValues = Readonly<Record<string, AnswerValue>>;

export type AnswerMode = 'draft' | 'submit';

export interface CheckedAnswer {
  /** What could be read, in its normal form, computed fields included. */
  readonly values: AnswerValues;
  readonly comments: Readonly<Record<string, string>>;
  /** The reason why the whole survey does not concern the respondent. */
  readonly notConcerned: string | null;
  /** What must be mended before it is taken; none: it is. Pointers into `{ values, comments, notConcerned }`. */
  readonly problems: readonly FieldError[];
  /** What is told and refuses nothing: what a draft still owes, fields without value and why, rules that only warn. */
  readonly notices: readonly FieldError[];
}

/** Tells one wrong or remarkable field. */
export type Tell = (pointer: string, code: string, message: string) => void;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isNotConcerned = (value: unknown): value is NotConcerned =>
  isRecord(value) && Object.hasOwn(value, 'notConcerned');

/** The number at a path (`code`, `table.row.column`) of values that were checked once, whatever version of the form they answered. */
export function numberAt(values: unknown, path: string): number | null {
  let found: unknown = values;
  for (const step of path.split('.')) {
    if (!isRecord(found) || !Object.hasOwn(found, step)) return null;
    found = found[step];
  }
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}
