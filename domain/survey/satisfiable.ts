import { compares, evaluateNumber } from './evaluate.ts';
import { inFrenchDigits, type Exact } from './exact.ts';
import { pathsOf, type ComparisonOperator, type TruthExpression } from './expression.ts';
import { rangeOf, type Interval, type RangeOf } from './interval.ts';
import { extreme, linearOf, type Extreme } from './linear.ts';

type Comparison = Extract<TruthExpression, { kind: 'comparison' }>;

/**
 * Why a rule can never hold, whatever is answered within the limits of its fields: the values tried, in French. Null when it may
 * hold, as far as one can tell: it is never told of a rule that some answer meets, but a rule whose parts contradict each other in
 * a subtler way passes (ADR 0031).
 */
export function impossibility(rule: TruthExpression, of: RangeOf): string | null {
  if (rule.kind === 'comparison') return refuted(rule, of);
  const [left, right] = [impossibility(rule.left, of), impossibility(rule.right, of)];
  if (rule.operator === 'and') return left ?? right;
  return left !== null && right !== null ? `${left} ; ${right}` : null;
}

function refuted(comparison: Comparison, of: RangeOf): string | null {
  const never = pathsOf(comparison).find((path) => of(path) === null);
  if (never !== undefined) return `« ${never} » n’a jamais de valeur`;
  const { left, operator, right } = comparison;
  const [onLeft, onRight] = [rangeOf(left, of), rangeOf(right, of)];
  if (onLeft === null || onRight === null) return 'elle divise par ce qui vaut toujours zéro';
  return byTrial(comparison, of) ?? (mayCompare(operator, onLeft, onRight) ? null : apart(operator, onLeft, onRight));
}

/** Linear comparisons: the most favourable values are tried, and told. */
function byTrial(comparison: Comparison, of: RangeOf): string | null {
  const { left, operator, right } = comparison;
  const difference = linearOf({ kind: 'arithmetic', operator: '-', left, right });
  if (difference === null) return null;
  const [least, greatest] = [extreme(difference, 'least', of), extreme(difference, 'greatest', of)];
  const best = mostFavourable(operator, least, greatest);
  return best === null ? null : tried(comparison, best);
}

/** The end that comes nearest to holding, when even it does not hold. */
function mostFavourable(operator: ComparisonOperator, least: Extreme | null, greatest: Extreme | null): Extreme | null {
  const fails = (end: Extreme | null): Extreme | null =>
    end !== null && !compares(operator, end.value.compare(0)) ? end : null;
  if (operator === '<' || operator === '<=') return fails(least);
  if (operator === '>' || operator === '>=') return fails(greatest);
  if (least !== null && least.value.gt(0)) return least;
  return greatest !== null && greatest.value.lt(0) ? greatest : null;
}

function tried({ left, operator, right }: Comparison, { at }: Extreme): string {
  const side = (expression: Comparison['left']): string => {
    const outcome = evaluateNumber(expression, (path) => {
      const value = at.get(path);
      return value === undefined ? { none: 'missing' } : { value };
    });
    return 'value' in outcome ? inFrenchDigits(outcome.value) : '?';
  };
  const values = [...at].map(([path, value]) => `${path} = ${inFrenchDigits(value)}`).join(', ');
  const claim = `${side(left)} ${operator} ${side(right)} est faux`;
  return values === '' ? claim : `au plus favorable (${values}), ${claim}`;
}

function mayCompare(operator: ComparisonOperator, left: Interval, right: Interval): boolean {
  const below = orderOf(left.low, right.high);
  const above = orderOf(left.high, right.low);
  if (operator === '=') return (below === null || below <= 0) && (above === null || above >= 0);
  const order = operator === '<' || operator === '<=' ? below : above;
  return order === null || compares(operator, order);
}

const orderOf = (one: Exact | null, other: Exact | null): number | null =>
  one === null || other === null ? null : one.compare(other);

function apart(operator: ComparisonOperator, left: Interval, right: Interval): string {
  return `le membre de gauche va ${between(left)}, celui de droite ${between(right)} : « ${operator} » ne tient jamais`;
}

const between = ({ low, high }: Interval): string =>
  `de ${low === null ? '−∞' : inFrenchDigits(low)} à ${high === null ? '+∞' : inFrenchDigits(high)}`;
