import { ZERO, type Exact } from './exact.ts';
import type { NumberExpression } from './expression.ts';
import type { RangeOf } from './interval.ts';

/** `constant + Σ factor × name`: what every name does to it is known, `a − a` is 0. */
export interface Linear {
  readonly constant: Exact;
  readonly factors: ReadonlyMap<string, Exact>;
}

const constant = (value: Exact): Linear => ({ constant: value, factors: new Map() });

/** @returns null when the expression is not linear */
export function linearOf(expression: NumberExpression): Linear | null {
  switch (expression.kind) {
    case 'number':
      return constant(expression.value);
    case 'reference':
      return { constant: ZERO, factors: new Map([[expression.path, ZERO.add(1)]]) };
    case 'negation': {
      const of = linearOf(expression.of);
      return of && scaled(of, ZERO.sub(1));
    }
    case 'arithmetic': {
      const [left, right] = [linearOf(expression.left), linearOf(expression.right)];
      return left && right && combined(expression.operator, left, right);
    }
  }
}

function combined(operator: '+' | '-' | '*' | '/', left: Linear, right: Linear): Linear | null {
  if (operator === '+') return added(left, right);
  if (operator === '-') return added(left, scaled(right, ZERO.sub(1)));
  if (operator === '*') {
    if (left.factors.size === 0) return scaled(right, left.constant);
    return right.factors.size === 0 ? scaled(left, right.constant) : null;
  }
  return right.factors.size === 0 && right.constant.n !== 0n ? scaled(left, right.constant.inverse()) : null;
}

const scaled = ({ constant, factors }: Linear, by: Exact): Linear => ({
  constant: constant.mul(by),
  factors: new Map([...factors].map(([path, factor]) => [path, factor.mul(by)])),
});

function added(left: Linear, right: Linear): Linear {
  const factors = new Map(left.factors);
  for (const [path, factor] of right.factors) factors.set(path, factor.add(factors.get(path) ?? ZERO));
  return { constant: left.constant.add(right.constant), factors };
}

export interface Extreme {
  readonly value: Exact;
  /** The values of the names that give it; those that change nothing are at their lower limit. */
  readonly at: ReadonlyMap<string, Exact>;
}

/** The least or the greatest value over the limits of the names, and where it is taken; null when a limit is missing. */
export function extreme({ constant, factors }: Linear, side: 'least' | 'greatest', of: RangeOf): Extreme | null {
  let value = constant;
  const at = new Map<string, Exact>();
  for (const [path, factor] of factors) {
    const range = of(path);
    const wantsHigh = factor.s > 0n === (side === 'greatest') && factor.n !== 0n;
    const chosen = (wantsHigh ? range?.high : range?.low) ?? null;
    if (chosen === null) return null;
    at.set(path, chosen);
    value = value.add(factor.mul(chosen));
  }
  return { value, at };
}
