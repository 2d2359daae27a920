import { isTooLarge, largestOf, rounded, ZERO, type Exact } from './exact.ts';
import type { NumberExpression } from './expression.ts';

/** All values that an expression may take lie within: never too narrow, at times too wide. Null: unbounded on that side. */
export interface Interval {
  readonly low: Exact | null;
  readonly high: Exact | null;
}
/** Null: never has a value (divided by what is always zero). */
export type Range = Interval | null;
export type RangeOf = (path: string) => Range;

const EVERYTHING: Interval = { low: null, high: null };

/** The range of a formula over the ranges of what it names (interval arithmetic: each name counts as independent). */
export function rangeOf(expression: NumberExpression, of: RangeOf): Range {
  switch (expression.kind) {
    case 'number':
      return { low: expression.value, high: expression.value };
    case 'reference':
      return of(expression.path);
    case 'negation': {
      const range = rangeOf(expression.of, of);
      return range && negated(range);
    }
    case 'arithmetic': {
      const [left, right] = [rangeOf(expression.left, of), rangeOf(expression.right, of)];
      if (left === null || right === null) return null;
      if (expression.operator === '+') return plus(left, right);
      if (expression.operator === '-') return plus(left, negated(right));
      return expression.operator === '*' ? times(left, right) : over(left, right);
    }
  }
}

const negated = ({ low, high }: Interval): Interval => ({ low: high && high.neg(), high: low && low.neg() });

const plus = (left: Interval, right: Interval): Interval => ({
  low: left.low && right.low && left.low.add(right.low),
  high: left.high && right.high && left.high.add(right.high),
});

function times(left: Interval, right: Interval): Interval {
  if (left.low === null || left.high === null || right.low === null || right.high === null) return EVERYTHING;
  const { low, high } = right;
  return hull([left.low, left.high].flatMap((one) => [one.mul(low), one.mul(high)]));
}

function over(left: Interval, { low, high }: Interval): Range {
  if (low === null || high === null) return EVERYTHING;
  if (low.n === 0n && high.n === 0n) return null;
  // A divisor as near to zero as it likes makes the quotient as large as it likes.
  if (low.compare(ZERO) <= 0 && high.compare(ZERO) >= 0) return EVERYTHING;
  return times(left, { low: high.inverse(), high: low.inverse() });
}

function hull(values: readonly Exact[]): Interval {
  const sorted = values.toSorted((a, b) => a.compare(b));
  return { low: sorted[0] ?? null, high: sorted.at(-1) ?? null };
}

/** The range of a computed field: rounded as it is, and never beyond what a field holds. Null: it never has a value. */
export function rangeKept(range: Range, decimals: number): Range {
  if (range === null) return null;
  const most = largestOf(decimals);
  const low = range.low === null ? most.neg() : rounded(range.low, decimals);
  const high = range.high === null ? most : rounded(range.high, decimals);
  if (low.gt(most) || high.lt(most.neg())) return null;
  return { low: isTooLarge(low, decimals) ? most.neg() : low, high: isTooLarge(high, decimals) ? most : high };
}

/** The range of the sum of those cells of a column that are given: one at least, perhaps all. */
export function rangeOfSum(cells: readonly { readonly low: Exact; readonly high: Exact }[]): Interval {
  const [lows, highs] = [cells.map(({ low }) => low), cells.map(({ high }) => high)];
  const below = lows.filter((low) => low.lt(0));
  const above = highs.filter((high) => high.gt(0));
  const total = (values: readonly Exact[]): Exact => values.reduce((sum, one) => sum.add(one), ZERO);
  return {
    low: below.length > 0 ? total(below) : hull(lows).low,
    high: above.length > 0 ? total(above) : hull(highs).high,
  };
}
