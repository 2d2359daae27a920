import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quotientBy, roundedQuotient, sumOf } from '../../../domain/survey/exact.ts';

const whole = fc.oneof(
  fc.integer({ min: -2_000, max: 2_000 }),
  fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
  fc.maxSafeInteger(),
);
const notZero = whole.filter((number) => number !== 0);

test('a quotient of plain numbers is the one of bigints, however large they are', () => {
  const product = fc.tuple(whole, whole);
  const below = fc.tuple(notZero, notZero);
  fc.assert(
    fc.property(product, below, fc.integer({ min: 0, max: 6 }), (above, under, decimals) => {
      const expected = roundedQuotient(
        BigInt(above[0]) * BigInt(above[1]),
        BigInt(under[0]) * BigInt(under[1]),
        decimals,
      );
      const quotient = quotientBy({ above: above[1], below: under[1] }, decimals);
      expect(quotient(above[0], under[0])).toBe(expected);
      expect(quotient(BigInt(above[0]), under[0])).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('a sum is exact, and a plain number as long as one is', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 6 }), (numbers) => {
      const sum = numbers.reduce<number | bigint>(sumOf, 0);
      expect(BigInt(sum)).toBe(numbers.reduce((all, one) => all + BigInt(one), 0n));
      expect(numbers.length > 1 || typeof sum === 'number').toBe(true);
    }),
  );
  expect(sumOf(Number.MAX_SAFE_INTEGER, 1)).toBe(2n ** 53n);
});

test.each([
  [[1, 1], [2, 1], 0, 1],
  [[-1, 1], [2, 1], 0, -1],
  [[2, 100], [3, 1], 1, 66.7],
  [[-1, 1], [1_000, 1], 2, 0],
  [[4_503_599_627_370_495, 1], [2, 1], 0, 2_251_799_813_685_248],
] as const)('%j over %j with %i decimals is %d: halves go away from zero', (above, below, decimals, expected) => {
  expect(quotientBy({ above: above[1], below: below[1] }, decimals)(above[0], below[0])).toBe(expected);
});
