import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exact, inFrenchDigits, rounded, toNumber } from '../../../domain/survey/exact.ts';
import { readNumber } from '../../../domain/survey/numbers.ts';

const read = (raw: unknown, percent = false): unknown => {
  const found = readNumber(raw, { percent });
  if ('value' in found) return toNumber(found.value);
  return 'absent' in found ? null : found.problem[0];
};

test.each<[unknown, unknown]>([
  [12, 12],
  ['12', 12],
  ['007', 7],
  ['+12', 12],
  [' 12 ', 12],
  ['1 234,5', 1234.5],
  ['1\u00A0234,5', 1234.5],
  ['1\u202F234\u202F567,25', 1234567.25],
  ['1234,5', 1234.5],
  ['1234.5', 1234.5],
  ['12.5', 12.5],
  ['1234.567', 1234.567],
  ['0.125', 0.125],
  ['1,234', 1.234],
  [1.234, 1.234],
  ['12,500000', 12.5],
  ['-3', -3],
  ['−3', -3],
  [-0, 0],
  ['-0', 0],
  [1e9, 1_000_000_000],
  [999_999_999_999, 999_999_999_999],
  [0, 0],
  ['0', 0],
  [null, null],
  [undefined, null],
  ['', null],
  [' \u00A0 ', null],
  ['1.234', 'ambiguous'],
  ['12.500', 'ambiguous'],
  ['1.234,5', 'number'],
  ['1,234.5', 'number'],
  ['12 34', 'number'],
  ['1 2345', 'number'],
  ['1e9', 'number'],
  ['NaN', 'number'],
  [Number.NaN, 'number'],
  ['Infinity', 'number'],
  [Number.POSITIVE_INFINITY, 'number'],
  ['0x10', 'number'],
  ['١٢', 'number'],
  ['１２', 'number'],
  [',5', 'number'],
  ['5,', 'number'],
  ["1'234", 'number'],
  ['--1', 'number'],
  ['douze', 'number'],
  ['12 %', 'number'],
  [true, 'type'],
  [[], 'type'],
  [{}, 'type'],
  ['9'.repeat(61), 'tooLong'],
  [1e12, 'tooLarge'],
  [1e21, 'tooLarge'],
  ['1 000 000 000 000', 'tooLarge'],
  ['999999999999,1234', 'tooLarge'],
  ['9007199254740993', 'tooLarge'],
  [1e-7, 'decimals'],
  ['0,1234567', 'decimals'],
  [0.1 + 0.2, 'decimals'],
])('%j is read as %j', (raw, expected) => {
  expect(read(raw)).toBe(expected);
});

test('a percentage may bear its sign', () => {
  expect([read('12 %', true), read('12,5\u00A0%', true), read('%', true)]).toEqual([12, 12.5, 'number']);
});

/** A number of at most 15 significant digits, as an answer may hold it. */
const held = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, places]) => Number(`${digits}e-${places}`));

test('whatever number is held, every way to write it is read as it', () => {
  fc.assert(
    fc.property(held, fc.constantFrom(' ', '\u00A0', '\u202F', ''), (number, space) => {
      const [whole = '', part = ''] = String(Math.abs(number)).split('.');
      fc.pre(!part.includes('e') && part.length <= 6);
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, space);
      const text = `${number < 0 ? '-' : ''}${grouped}${part === '' ? '' : `,${part}`}`;
      expect([read(number), read(text)]).toEqual([number + 0, number + 0]);
      expect(read(inFrenchDigits(exact(number)))).toBe(number + 0);
    }),
    { numRuns: 1_000 },
  );
});

test('no text whatever makes anything but a finite number, nothing or a named problem', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789 ,.-+e%x\u00A0\u202F١'.split('')), maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(near, fc.anything()), (raw) => {
      const found = read(raw);
      if (typeof found === 'number') {
        expect(Number.isFinite(found) && !Object.is(found, -0)).toBe(true);
        expect(read(found)).toBe(found);
      } else expect(found === null || typeof found === 'string').toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('sums are exact, and halves are rounded away from zero', () => {
  expect(toNumber(exact(0.1).add(exact(0.2)))).toBe(0.3);
  const round = (number: number, decimals: number) => toNumber(rounded(exact(number), decimals));
  expect([2.5, -2.5, 1.005, 1.004, -0.4].map((one) => round(one, 0))).toEqual([3, -3, 1, 1, 0]);
  expect([round(1.005, 2), round(-1.005, 2), round(2.675, 2)]).toEqual([1.01, -1.01, 2.68]);
});
