/** Types that hold one number. */
export const NUMERIC_TYPES = ['integer', 'decimal', 'percentage'] as const;
export type NumericType = (typeof NUMERIC_TYPES)[number];
export const QUESTION_TYPES = [...NUMERIC_TYPES, 'choice', 'choices', 'date', 'text', 'table', 'computed'] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];
export const AGGREGATES = ['sum', 'mean', 'max', 'min', 'count', 'ratio'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** How the answers of many are drawn together: read by `aggregate.ts`, later by SQL. */
export interface Aggregation {
  readonly aggregate?: Aggregate;
  /** `mean`: the question (of a column: the column) whose value weighs. */
  readonly weightedBy?: string;
  /** `ratio`: the sum of one question over the sum of another. */
  readonly numerator?: string;
  readonly denominator?: string;
  /** Among the first figures of a publication: `headlines.ts`. */
  readonly headline?: boolean;
}

/** One number: of a question, or of a column of a table. */
export interface NumberField extends Aggregation {
  readonly type: NumericType;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  /** A comment is owed when the value moves by more than so many percent since the answer before. */
  readonly commentWhenMoves?: number;
}

interface Asked {
  readonly code: string;
  readonly label: string;
  readonly help?: string;
  readonly required?: boolean;
  /** The answer before may be taken over on demand. */
  readonly prefill?: boolean;
}

export interface Labelled {
  readonly code: string;
  readonly label: string;
}

export interface NumberQuestion extends Asked, NumberField {}
export interface ChoiceQuestion extends Asked {
  readonly type: 'choice' | 'choices';
  readonly choices: readonly Labelled[];
  readonly aggregate?: Aggregate;
  readonly headline?: boolean;
}
export interface DateQuestion extends Asked {
  readonly type: 'date';
  /** `2026-11-24`. */
  readonly min?: string;
  readonly max?: string;
  readonly aggregate?: Aggregate;
}
export interface TextQuestion extends Asked {
  readonly type: 'text';
  readonly maxLength?: number;
  readonly aggregate?: Aggregate;
}

/** `required`: owed in every row that is answered. */
export interface Column extends NumberField, Labelled {
  readonly help?: string;
  readonly required?: boolean;
}
/** `required`: every row is answered, or said not to concern. `rules`: of each row, over the codes of the columns. */
export interface TableQuestion extends Asked {
  readonly type: 'table';
  readonly rows: readonly Labelled[];
  readonly columns: readonly Column[];
  readonly rules?: readonly Rule[];
}
/** A field that nobody fills in: its formula does, rounded to its decimals. */
export interface ComputedQuestion extends Labelled, Omit<NumberField, 'type' | 'min' | 'max'> {
  readonly type: 'computed';
  readonly help?: string;
  readonly formula: string;
}
export type Question = NumberQuestion | ChoiceQuestion | DateQuestion | TextQuestion | TableQuestion | ComputedQuestion;

/** What must hold over several fields. `blocking` false: an answer that breaks it is told so, and taken. */
export interface Rule {
  readonly formula: string;
  readonly message?: string;
  readonly blocking?: boolean;
}

export interface Section {
  readonly code: string;
  readonly title: string;
  readonly help?: string;
  readonly questions: readonly Question[];
}

/** A questionnaire, as it is stored: whoever has one from `checkForm` knows that its references and formulas hold. */
export interface Form {
  readonly code: string;
  readonly title: string;
  readonly help?: string;
  readonly sections: readonly Section[];
  readonly rules?: readonly Rule[];
}

export const questionsOf = (form: Form): readonly Question[] => form.sections.flatMap(({ questions }) => questions);

const NUMERIC: readonly string[] = NUMERIC_TYPES;
export const isNumberQuestion = (question: Question): question is NumberQuestion => NUMERIC.includes(question.type);

const DEFAULT_DECIMALS = { integer: 0, decimal: 2, percentage: 1, computed: 2 } as const;

/** Decimals that a field keeps. */
export const decimalsOf = (field: { readonly type: NumericType | 'computed'; readonly decimals?: number }): number =>
  field.decimals ?? DEFAULT_DECIMALS[field.type];
