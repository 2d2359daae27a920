import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateNumber, evaluateTruth, type Lookup } from '../../../domain/survey/evaluate.ts';
import { exact, toNumber } from '../../../domain/survey/exact.ts';
import { parseNumber, parseTruth, pathsOf } from '../../../domain/survey/expression.ts';

const VALUES: Readonly<Record<string, number>> = { a: 12, b: 5, zero: 0, tenth: 0.1, 't.r.c': 7, 'sum(t.c)': 40 };
const lookup: Lookup = (path) => {
  const value = VALUES[path];
  return value === undefined ? { none: 'missing' } : { value: exact(value) };
};

function number(text: string): unknown {
  const parsed = parseNumber(text);
  if ('problem' in parsed) return 'refused';
  const outcome = evaluateNumber(parsed.expression, lookup);
  return 'none' in outcome ? outcome.none : toNumber(outcome.value);
}
function truth(text: string): unknown {
  const parsed = parseTruth(text);
  if ('problem' in parsed) return 'refused';
  const outcome = evaluateTruth(parsed.expression, lookup);
  return 'none' in outcome ? outcome.none : outcome.value;
}

test.each<[string, unknown]>([
  ['a + b * 2', 22],
  ['(a + b) * 2', 34],
  ['a - b - 1', 6],
  ['a / b', 2.4],
  ['-a + -(b)', -17],
  ['tenth + 0.2', 0.3],
  ['a / 3 * 3', 12],
  ['t.r.c + sum(t.c)', 47],
  ['a / zero', 'divisionByZero'],
  ['a / (b - 5)', 'divisionByZero'],
  ['a + absent', 'missing'],
  ['absent / zero', 'missing'],
  ['a <= b', 'refused'],
  ['a + (b < 2)', 'refused'],
  ['1,5', 'refused'],
  ['1e3', 'refused'],
  ['0x10', 'refused'],
  ['.5', 'refused'],
  ['', 'refused'],
  ['a b', 'refused'],
  ['a +', 'refused'],
  ['a ? b : 1', 'refused'],
  ['a[b]', 'refused'],
  ['a?.b', 'refused'],
  ['"a"', 'refused'],
  ['a = b', 'refused'],
  ['max(a)', 'refused'],
  ['sum()', 'refused'],
  ['sum(t.c) (1)', 'refused'],
  ['sum(a + b)', 'refused'],
  ['a.constructor(1)', 'refused'],
  ['this', 'refused'],
  ['a ** b', 'refused'],
  ['a % b', 'refused'],
  ['a; b', 'refused'],
])('the formula «%s» gives %j', (text, expected) => {
  expect(number(text)).toBe(expected);
});

test.each<[string, unknown]>([
  ['a <= 12', true],
  ['a < 12', false],
  ['a >= 12 and b > 4', true],
  ['a = 12', true],
  ['tenth + 0.2 = 0.3', true],
  ['a / 3 = 4', true],
  ['a < b or b < a', true],
  ['a < b and absent > 1', false],
  ['a > b or absent > 1', true],
  ['a > b and absent > 1', 'missing'],
  ['absent > 1', 'missing'],
  ['a / zero > 1', 'divisionByZero'],
  ['zero = 0 or a / zero > 1', true],
  ['a = 1 or a = 2 and b = 5', false],
  ['a + b', 'refused'],
  ['a < b < 1', 'refused'],
  ['(a < b) + 1 > 0', 'refused'],
  ['a and b', 'refused'],
  ['a == b', 'refused'],
  ['a != b', 'refused'],
  ['not a > 1', 'refused'],
  ['a > 1 AND b > 1', 'refused'],
])('the rule «%s» is %j', (text, expected) => {
  expect(truth(text)).toBe(expected);
});

test('what is too long or nested is refused or read, and never breaks', () => {
  expect(number(`a${' + a'.repeat(400)}`)).toBe('refused');
  expect(number(`${'('.repeat(400)}a${')'.repeat(400)}`)).toBe(12);
  expect(number(`${'-'.repeat(900)}a`)).toBe(12);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab.()+-*/<>= 019andorsum,[]?:"'.split('')), maxLength: 40 }),
      (text) => {
        expect(['number', 'string']).toContain(typeof number(text));
        expect(['boolean', 'string']).toContain(typeof truth(text));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the names of a formula are told once each', () => {
  const parsed = parseTruth('a + t.r.c <= a * sum(t.c) and -b > 1');
  expect('expression' in parsed && pathsOf(parsed.expression)).toEqual(['a', 't.r.c', 'sum(t.c)', 'b']);
});

/** Formulas as text, with what plain arithmetic over fractions of integers gives: [numerator, denominator], null: by zero. */
type Plain = readonly [bigint, bigint] | null;
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((n) => ({ text: String(n), plain: [BigInt(n), 1n] as Plain })),
  fc.constantFrom('a', 'b', 'zero').map((code) => ({ text: code, plain: [BigInt(VALUES[code]!), 1n] as Plain })),
);
const plainly = (operator: string, left: Plain, right: Plain): Plain => {
  if (left === null || right === null) return null;
  const [[a, b], [c, d]] = [left, right];
  if (operator === '+') return [a * d + c * b, b * d];
  if (operator === '-') return [a * d - c * b, b * d];
  if (operator === '*') return [a * c, b * d];
  return c === 0n ? null : [a * d, b * c];
};
const { formula } = fc.letrec<{ formula: { text: string; plain: Plain } }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.tuple(tie('formula'), fc.constantFrom('+', '-', '*', '/'), tie('formula')).map(([left, operator, right]) => ({
      text: `(${left.text} ${operator} ${right.text})`,
      plain: plainly(operator, left.plain, right.plain),
    })),
  ),
}));

test('formulas and comparisons give what plain arithmetic gives, exactly', () => {
  fc.assert(
    fc.property(formula, formula, (left, right) => {
      const parsed = parseNumber(left.text);
      fc.pre('expression' in parsed);
      const outcome = evaluateNumber(parsed.expression, lookup);
      if (left.plain === null) expect(outcome).toEqual({ none: 'divisionByZero' });
      else {
        const [above, below] = left.plain;
        expect('value' in outcome && outcome.value.s * outcome.value.n * below === above * outcome.value.d).toBe(true);
      }
      fc.pre(left.plain !== null && right.plain !== null && left.text.length + right.text.length < 900);
      const [[a, b], [c, d]] = [left.plain, right.plain];
      const difference = (a * d - c * b) * (b * d < 0n ? -1n : 1n);
      expect([truth(`${left.text} <= ${right.text}`), truth(`${left.text} = ${right.text}`)]).toEqual([
        difference <= 0n,
        difference === 0n,
      ]);
    }),
    { numRuns: 500 },
  );
});
