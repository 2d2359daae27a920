import { exact, largestOf, type Exact } from './exact.ts';
import { parseNumber, pathsOf, type NumberExpression } from './expression.ts';
import {
  decimalsOf,
  isNumberQuestion,
  type Column,
  type NumberField,
  type Question,
  type TableQuestion,
} from './form.ts';
import { rangeKept, rangeOf, rangeOfSum, type Range } from './interval.ts';

/** What a formula may name, and between which limits it lies; a computed field has none of its own. */
export type Variable =
  | { readonly kind: 'field' | 'cell'; readonly question: string; readonly low: Exact; readonly high: Exact }
  | { readonly kind: 'sum'; readonly question: string; readonly cells: readonly string[] }
  | {
      readonly kind: 'computed';
      readonly question: string;
      readonly formula: NumberExpression | null;
      readonly decimals: number;
    };
export type Scope = ReadonlyMap<string, Variable>;

export const cellPath = (table: string, row: string, column: string): string => `${table}.${row}.${column}`;
export const sumPath = (table: string, column: string): string => `sum(${table}.${column})`;

/** The limits of a number: its own, else those of its type. */
export function limitsOf(field: NumberField): { readonly low: Exact; readonly high: Exact } {
  const most = largestOf(decimalsOf(field));
  const percentage = field.type === 'percentage';
  const low = field.min === undefined ? (percentage ? exact(0) : most.neg()) : exact(field.min);
  const high = field.max === undefined ? (percentage ? exact(100) : most) : exact(field.max);
  return { low, high };
}

/** Every number of the questions of a form by its path. */
export function scopeOf(questions: readonly Question[]): Scope {
  const scope = new Map<string, Variable>();
  for (const question of questions) {
    if (isNumberQuestion(question)) {
      scope.set(question.code, { kind: 'field', question: question.code, ...limitsOf(question) });
    } else if (question.type === 'computed') {
      const parsed = parseNumber(question.formula);
      const formula = 'expression' in parsed ? parsed.expression : null;
      scope.set(question.code, { kind: 'computed', question: question.code, formula, decimals: decimalsOf(question) });
    } else if (question.type === 'table') {
      addTable(scope, question);
    }
  }
  return scope;
}

function addTable(scope: Map<string, Variable>, { code, rows, columns }: TableQuestion): void {
  for (const column of columns) {
    const cells = rows.map((row) => cellPath(code, row.code, column.code));
    for (const path of cells) scope.set(path, { kind: 'cell', question: code, ...limitsOf(column) });
    scope.set(sumPath(code, column.code), { kind: 'sum', question: code, cells });
  }
}

/** What the rules of a table name: the columns of one row. */
export const rowScope = (table: string, columns: readonly Column[]): Scope =>
  new Map(columns.map((column) => [column.code, { kind: 'cell', question: table, ...limitsOf(column) }]));

/** Ranges of every path, each worked out once. Only for a scope without cycles. */
export function rangesOf(scope: Scope): (path: string) => Range {
  const known = new Map<string, Range>();
  const find = (path: string): Range => {
    if (known.has(path)) return known.get(path) ?? null;
    const range = work(scope.get(path));
    known.set(path, range);
    return range;
  };
  const work = (variable: Variable | undefined): Range => {
    if (variable === undefined) return { low: null, high: null };
    if (variable.kind === 'sum') {
      return rangeOfSum(variable.cells.flatMap((path) => limitsAt(scope, path)));
    }
    if (variable.kind !== 'computed') return { low: variable.low, high: variable.high };
    const { formula, decimals } = variable;
    return formula === null ? { low: null, high: null } : rangeKept(rangeOf(formula, find), decimals);
  };
  return find;
}

const limitsAt = (scope: Scope, path: string) => {
  const cell = scope.get(path);
  return cell?.kind === 'cell' ? [{ low: cell.low, high: cell.high }] : [];
};

/** Computed fields, each after those that it needs; `cycles`: those that need themselves, and by which way. */
export function computedOrder(scope: Scope): {
  readonly order: readonly string[];
  readonly cycles: ReadonlyMap<string, readonly string[]>;
} {
  const [done, order, cycles] = [new Set<string>(), [] as string[], new Map<string, readonly string[]>()];
  const visit = (code: string, way: readonly string[]): void => {
    const again = way.indexOf(code);
    if (again >= 0) {
      for (const one of way.slice(again)) cycles.set(one, [...way.slice(again), code]);
      return;
    }
    const variable = scope.get(code);
    if (done.has(code) || variable?.kind !== 'computed') return;
    for (const path of variable.formula === null ? [] : pathsOf(variable.formula)) visit(path, [...way, code]);
    done.add(code);
    order.push(code);
  };
  for (const [code, variable] of scope) if (variable.kind === 'computed') visit(code, []);
  return { order, cycles };
}
