import { aggregatesOf, type AggregateRule } from './aggregate.ts';
import { numberAt, type AnswerValues } from './answer.ts';
import { decimalsOf, isNumberQuestion, questionsOf, type Form } from './form.ts';
import { cellPath } from './scope.ts';

/** One whole number of an answer that the figures of its form are drawn from. */
export type FigureCell =
  /** Scaled by its decimals: 12,5 with two of them is 1250. */
  | { readonly kind: 'number'; readonly path: string; readonly decimals: number }
  /** 1 where it was chosen. */
  | { readonly kind: 'choice'; readonly question: string; readonly choice: string }
  /** `2026-11-24` is 20261124. */
  | { readonly kind: 'day'; readonly question: string }
  /** 1 where something was answered. */
  | { readonly kind: 'said'; readonly question: string };

/**
 * The cells of a form, each once, always in the same order: a published form never changes, so the place of a cell is the same
 * for every answer to it.
 */
export function figureCells(form: Form): readonly FigureCell[] {
  const decimals = decimalsByPath(form);
  const cells = aggregatesOf(form).flatMap((rule) => cellsOf(rule, decimals));
  return [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()];
}

/** What tells one cell from another. */
export function cellKey(cell: FigureCell): string {
  if (cell.kind === 'number') return cell.path;
  return cell.kind === 'choice' ? `${cell.question}=${cell.choice}` : `${cell.kind} ${cell.question}`;
}

function cellsOf(rule: AggregateRule, decimals: ReadonlyMap<string, number>): readonly FigureCell[] {
  if (rule.kind === 'countByChoice')
    return rule.choices.map((choice) => ({ kind: 'choice', question: rule.question, choice }));
  if ('question' in rule) return [{ kind: rule.kind === 'answered' ? 'said' : 'day', question: rule.question }];
  return pathsOf(rule).map((path) => ({ kind: 'number', path, decimals: decimals.get(path) ?? 0 }));
}

function pathsOf(rule: Extract<AggregateRule, { of: readonly string[] } | { numerator: string }>): readonly string[] {
  if (rule.kind === 'ratio') return [rule.numerator, rule.denominator];
  return rule.kind === 'mean' ? [...rule.of, ...(rule.weights ?? [])] : rule.of;
}

function decimalsByPath(form: Form): ReadonlyMap<string, number> {
  const pairs = questionsOf(form).flatMap((question): readonly (readonly [string, number])[] => {
    if (isNumberQuestion(question) || question.type === 'computed') return [[question.code, decimalsOf(question)]];
    if (question.type !== 'table') return [];
    const { code, rows, columns } = question;
    return rows.flatMap((row) =>
      columns.map((column) => [cellPath(code, row.code, column.code), decimalsOf(column)] as const),
    );
  });
  return new Map(pairs);
}

/** The cells of one answer, in the order of its form's; null: nothing stands there, which is no zero. */
export const figuresOf = (cells: readonly FigureCell[], values: AnswerValues): readonly (number | null)[] =>
  cells.map((cell) => figureIn(cell, values));

function figureIn(cell: FigureCell, values: AnswerValues): number | null {
  if (cell.kind === 'number') {
    const number = numberAt(values, cell.path);
    // Exact: a number of at most 15 digits, and no more decimals than its field has.
    return number === null ? null : Math.round(number * 10 ** cell.decimals);
  }
  const value = Object.hasOwn(values, cell.question) ? values[cell.question] : undefined;
  if (cell.kind === 'choice') return [value].flat().includes(cell.choice) ? 1 : null;
  if (typeof value !== 'string') return null;
  return cell.kind === 'said' ? 1 : Number(value.replaceAll('-', ''));
}
