import { numberAt, type AnswerValues } from './answer.ts';
import { exact, HUNDRED, rounded, toNumber, ZERO, type Exact } from './exact.ts';
import {
  decimalsOf,
  isNumberQuestion,
  questionsOf,
  type Aggregate,
  type ComputedQuestion,
  type Form,
  type NumberQuestion,
  type Question,
  type TableQuestion,
} from './form.ts';
import { cellPath } from './scope.ts';

/** How one figure of the results is drawn from the answers of many; what is missing counts nowhere, and is no zero. */
export type AggregateRule = {
  /** Where the figure stands in the results: `code`, of a table `code.row.column`, of all its rows `code.column`. */
  readonly key: string;
} & (
  | { readonly kind: 'sum' | 'max' | 'min' | 'count'; readonly of: readonly string[]; readonly decimals: number }
  /** `weights` stands beside `of`, path by path; null: all alike. Only what has its weight counts. */
  | {
      readonly kind: 'mean';
      readonly of: readonly string[];
      readonly weights: readonly string[] | null;
      readonly decimals: number;
    }
  /** Sum over sum, of the answers that have both; as a percentage where its question is one. */
  | {
      readonly kind: 'ratio';
      readonly numerator: string;
      readonly denominator: string;
      readonly percent: boolean;
      readonly decimals: number;
    }
  /** How many chose each; `choices` in the order of the form. */
  | { readonly kind: 'countByChoice'; readonly question: string; readonly choices: readonly string[] }
  | { readonly kind: 'earliest' | 'latest' | 'answered'; readonly question: string }
);

/** A number, a number for each choice, or a day; null: nobody has answered. */
export type Figure = number | string | Readonly<Record<string, number>> | null;

/** Means and ratios keep at least two decimals. */
const FINEST = 2;

/** The figures that a form asks for, in its order. */
export const aggregatesOf = (form: Form): readonly AggregateRule[] => questionsOf(form).flatMap(rulesOf);

function rulesOf(question: Question): readonly AggregateRule[] {
  const { code: key } = question;
  if (question.type === 'table') return tableRules(question);
  if (question.aggregate === undefined) return [];
  if (isNumberQuestion(question) || question.type === 'computed') return [ofNumber(question, question.aggregate)];
  if (question.type === 'choice' || question.type === 'choices') {
    return [{ key, kind: 'countByChoice', question: key, choices: question.choices.map(({ code }) => code) }];
  }
  const kinds = { min: 'earliest', max: 'latest' } as const;
  const { aggregate } = question;
  return [{ key, kind: aggregate === 'min' || aggregate === 'max' ? kinds[aggregate] : 'answered', question: key }];
}

function ofNumber(question: NumberQuestion | ComputedQuestion, kind: Aggregate): AggregateRule {
  const { code: key, weightedBy, numerator = '', denominator = '' } = question;
  const decimals = decimalsOf(question);
  if (kind !== 'ratio') {
    return numberRule({ key, kind, of: [key], weights: weightedBy === undefined ? null : [weightedBy], decimals });
  }
  const percent = question.type === 'percentage' || question.unit === '%';
  return { key, kind, numerator, denominator, percent, decimals: Math.max(FINEST, decimals) };
}

interface OfNumbers {
  readonly key: string;
  readonly kind: Exclude<Aggregate, 'ratio'>;
  readonly of: readonly string[];
  readonly weights: readonly string[] | null;
  readonly decimals: number;
}

const numberRule = ({ key, kind, of, weights, decimals }: OfNumbers): AggregateRule =>
  kind === 'mean' ? { key, kind, of, weights, decimals: Math.max(FINEST, decimals) } : { key, kind, of, decimals };

/** A figure for each cell, and one for each column over all rows. */
function tableRules({ code, rows, columns }: TableQuestion): readonly AggregateRule[] {
  return columns.flatMap((column) => {
    const { aggregate, weightedBy } = column;
    if (aggregate === undefined || aggregate === 'ratio') return [];
    const decimals = decimalsOf(column);
    const path = (row: { readonly code: string }, name: string): string => cellPath(code, row.code, name);
    const over = (key: string, some: typeof rows): AggregateRule =>
      numberRule({
        key,
        kind: aggregate,
        of: some.map((row) => path(row, column.code)),
        weights: weightedBy === undefined ? null : some.map((row) => path(row, weightedBy)),
        decimals,
      });
    return [...rows.map((row) => over(path(row, column.code), [row])), over(`${code}.${column.code}`, rows)];
  });
}

/** One figure over answers that were checked; the reference that the database is held against. */
export function figureOf(rule: AggregateRule, answers: readonly AnswerValues[]): Figure {
  switch (rule.kind) {
    case 'ratio':
      return ratio(rule, answers);
    case 'mean':
      return mean(rule, answers);
    case 'countByChoice': {
      const chosen = answers.flatMap((values) => [values[rule.question]].flat());
      return Object.fromEntries(rule.choices.map((code) => [code, chosen.filter((one) => one === code).length]));
    }
    case 'earliest':
    case 'latest':
    case 'answered': {
      const texts = answers.map((values) => values[rule.question]).filter((value) => typeof value === 'string');
      if (rule.kind === 'answered') return texts.length;
      return texts.toSorted().at(rule.kind === 'earliest' ? 0 : -1) ?? null;
    }
    default:
      return overNumbers(rule, numbersAt(answers, rule.of));
  }
}

const numbersAt = (answers: readonly AnswerValues[], paths: readonly string[]): readonly Exact[] =>
  answers.flatMap((values) => paths.flatMap((path) => exactAt(values, path) ?? []));

const exactAt = (values: AnswerValues, path: string): Exact | null => {
  const number = numberAt(values, path);
  return number === null ? null : exact(number);
};

const total = (numbers: readonly Exact[]): Exact => numbers.reduce((sum, one) => sum.add(one), ZERO);

function overNumbers({ kind }: { readonly kind: 'sum' | 'max' | 'min' | 'count' }, numbers: readonly Exact[]): Figure {
  if (kind === 'count') return numbers.length;
  if (numbers.length === 0) return null;
  if (kind === 'sum') return toNumber(total(numbers));
  const sorted = numbers.toSorted((a, b) => a.compare(b));
  const end = sorted.at(kind === 'min' ? 0 : -1);
  return end === undefined ? null : toNumber(end);
}

type Mean = Extract<AggregateRule, { kind: 'mean' }>;
function mean({ of, weights, decimals }: Mean, answers: readonly AnswerValues[]): Figure {
  const pairs = answers.flatMap((values) =>
    of.flatMap((path, index) => {
      const value = exactAt(values, path);
      const weight = weights === null ? ZERO.add(1) : exactAt(values, weights[index] ?? '');
      return value === null || weight === null ? [] : [{ value, weight }];
    }),
  );
  const weight = total(pairs.map((pair) => pair.weight));
  return weight.n === 0n
    ? null
    : toNumber(rounded(total(pairs.map((one) => one.value.mul(one.weight))).div(weight), decimals));
}

type Ratio = Extract<AggregateRule, { kind: 'ratio' }>;
function ratio({ numerator, denominator, percent, decimals }: Ratio, answers: readonly AnswerValues[]): Figure {
  const pairs = answers.flatMap((values) => {
    const [above, below] = [exactAt(values, numerator), exactAt(values, denominator)];
    return above === null || below === null ? [] : [{ above, below }];
  });
  const below = total(pairs.map((pair) => pair.below));
  if (below.n === 0n) return null;
  const quotient = total(pairs.map((pair) => pair.above)).div(below);
  return toNumber(rounded(percent ? quotient.mul(HUNDRED) : quotient, decimals));
}
