import type { Form, Question } from './form.ts';
import type { Scope } from './scope.ts';

/** A question that could be read, and where it stands. */
export interface PlacedQuestion {
  readonly pointer: string;
  readonly question: Question;
}

/** What could be read of a form: enough to look at its names and formulas although something else in it is wrong. */
export interface ReadForm {
  readonly form: Form;
  readonly placed: readonly PlacedQuestion[];
  /** Rules of the form by their pointer. */
  readonly rules: readonly { readonly pointer: string; readonly formula: string }[];
  /** Codes as they are written, in questions that could not be read as well. */
  readonly written: ReadonlySet<string>;
}

/** What a formula may name, and what is there but cannot be named. */
export interface Names {
  readonly scope: Scope;
  readonly questions: ReadonlyMap<string, Question>;
  readonly written: ReadonlySet<string>;
}
