import type { ComparisonOperator, NumberExpression, TruthExpression } from './expression.ts';
import { isTooLarge, rounded, type Exact } from './exact.ts';

/** Why a formula has no value: never Infinity, never NaN, and what is missing is no zero. */
export type NoValue = 'missing' | 'divisionByZero' | 'tooLarge';
export type Outcome<T> = { readonly value: T } | { readonly none: NoValue };
export type Lookup = (path: string) => Outcome<Exact>;

export function evaluateNumber(expression: NumberExpression, lookup: Lookup): Outcome<Exact> {
  switch (expression.kind) {
    case 'number':
      return { value: expression.value };
    case 'reference':
      return lookup(expression.path);
    case 'negation': {
      const of = evaluateNumber(expression.of, lookup);
      return 'none' in of ? of : { value: of.value.neg() };
    }
    case 'arithmetic': {
      const left = evaluateNumber(expression.left, lookup);
      if ('none' in left) return left;
      const right = evaluateNumber(expression.right, lookup);
      return 'none' in right ? right : arithmetic(expression.operator, left.value, right.value);
    }
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/', left: Exact, right: Exact): Outcome<Exact> {
  if (operator === '/') return right.n === 0n ? { none: 'divisionByZero' } : { value: left.div(right) };
  if (operator === '*') return { value: left.mul(right) };
  return { value: operator === '+' ? left.add(right) : left.sub(right) };
}

/** Three-valued (Kleene): what is known decides where it can. */
export function evaluateTruth(expression: TruthExpression, lookup: Lookup): Outcome<boolean> {
  if (expression.kind === 'comparison') {
    const left = evaluateNumber(expression.left, lookup);
    if ('none' in left) return left;
    const right = evaluateNumber(expression.right, lookup);
    return 'none' in right ? right : { value: compares(expression.operator, left.value.compare(right.value)) };
  }
  const [left, right] = [evaluateTruth(expression.left, lookup), evaluateTruth(expression.right, lookup)];
  const decisive = expression.operator === 'or';
  if (isValue(left, decisive) || isValue(right, decisive)) return { value: decisive };
  return 'none' in left ? left : right;
}

const isValue = (outcome: Outcome<boolean>, value: boolean): boolean => 'value' in outcome && outcome.value === value;

/** @param order the sign of left − right */
export function compares(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '=':
      return order === 0;
  }
}

/** What a computed field shows is what counts: rounded, and none when no field could hold it. */
export function kept(outcome: Outcome<Exact>, decimals: number): Outcome<Exact> {
  if ('none' in outcome) return outcome;
  const value = rounded(outcome.value, decimals);
  return isTooLarge(value, decimals) ? { none: 'tooLarge' } : { value };
}
