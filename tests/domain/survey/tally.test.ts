import { expect, test } from '@jest/globals';
import { aggregatesOf } from '../../../domain/survey/aggregate.ts';
import { addParts, type Cells, type Part, type Parts, planConsolidation } from '../../../domain/survey/consolidate.ts';
import { figureCells } from '../../../domain/survey/figure-cells.ts';
import type { Question } from '../../../domain/survey/form.ts';
import { tallyLayout, tallyOf, tallyReader } from '../../../domain/survey/tally.ts';
import { randomOf } from '../../support/random.ts';
import { formOf, rawForm } from './arrange.ts';

const PARTS: readonly Part[] = [
  { of: 'sum', cell: 0 },
  { of: 'count', cell: 0 },
  { of: 'max', cell: 1 },
  { of: 'product', cell: 0, other: 1 },
  { of: 'sumWhere', cell: 1, other: 0 },
  { of: 'min', cell: 2 },
  { of: 'sum', cell: 2 },
  { of: 'count', cell: 2 },
];
const LARGEST = 999_999_999_999_999;

/** Written out, whatever the tally does. */
const partOf = (part: Part, cells: Cells): bigint | null => {
  const [own, other] = [cells[part.cell] ?? null, 'other' in part ? (cells[part.other] ?? null) : 1];
  if (part.of === 'min' || part.of === 'max') return null;
  if (own === null || other === null) return part.of === 'count' ? 0n : null;
  if (part.of === 'count') return 1n;
  return part.of === 'product' ? BigInt(own) * BigInt(other) : BigInt(own);
};
const summed = (answers: readonly Cells[]): Parts =>
  answers
    .map((cells): Parts => PARTS.map((part) => partOf(part, cells)))
    .reduce(
      (all, one) => addParts({ parts: PARTS } as never, all, one),
      PARTS.map((part) => (part.of === 'count' ? 0n : null)),
    );

/** Plain or not, a number is the same. */
const digitsOf = (parts: Parts) => parts.map((part) => (part === null ? null : BigInt(part)));

const layout = tallyLayout(PARTS);
const reader = tallyReader(layout, PARTS);
const read = (totals: readonly (string | null)[]) => digitsOf(reader(totals));
const total = (answers: readonly Cells[]): string[] =>
  layout.digits.map((_, number) =>
    String(answers.map((cells) => BigInt(tallyOf(layout, cells)[number]!)).reduce((all, one) => all + one, 0n)),
  );

test.each([1, 2, 3, 4])('the sum of tallies says the sum of each part, exactly (seed %i)', (seed) => {
  const random = randomOf(seed);
  const sizes = [1, 1_000, LARGEST];
  for (let round = 0; round < 60; round += 1) {
    const cell = () => {
      const most = sizes[Math.floor(random() * sizes.length)]!;
      return random() < 0.2 ? null : Math.round((random() * 2 - 1) * most) + 0;
    };
    const answers = Array.from({ length: Math.floor(random() * 40) }, () => [cell(), cell(), cell()]);
    expect(read(total(answers))).toEqual(digitsOf(summed(answers)));
  }
});

test.each([
  ['the largest everywhere', LARGEST],
  ['the smallest everywhere', -LARGEST],
  ['zero, which is not missing', 0],
])('%s: no part reaches its neighbour', (_what, figure) => {
  const answers = Array.from({ length: 2_000 }, () => [figure, figure, figure]);
  expect(read(total(answers))).toEqual(digitsOf(summed(answers)));
});

test('of nobody every count is zero and every sum is missing; as of those who have answered nothing', () => {
  const nothing = PARTS.map(({ of }) => (of === 'count' ? 0n : null));
  expect(read([null])).toEqual(nothing);
  expect(read(total([[null, null, null]]))).toEqual(nothing);
});

test('tallies are kept: their digits never change', () => {
  expect(tallyOf(layout, [12, -3, null])).toEqual([
    [
      '00000001' + '000000001' + '000000000000012',
      '00000001',
      '00000001' + '000000000' + '999999999999999999999999999964',
      '00000001' + '000000000' + '999999999999997',
      '00000000' + '000000000' + '000000000000000',
      '00000000',
    ].join(''),
  ]);
});

test('a sum with other digits than those of the form is refused', () => {
  expect(() => read(['9'.repeat(300)])).toThrow('a tally of another form');
  expect(() => read([])).toThrow('a tally of another form');
});

test('a form of 300 questions with 200 choices each takes several numbers, none of more digits than PostgreSQL holds', () => {
  const choices = Array.from({ length: 200 }, (_, index) => ({ code: `c${index}`, label: 'c' }));
  const questions = Array.from({ length: 300 }, (_, index) => ({
    ...{ code: `q${index}`, label: 'q', type: 'choice', choices, aggregate: 'count' },
  })) as unknown as Question[];
  const form = formOf(rawForm(questions));
  const { parts } = planConsolidation(aggregatesOf(form), figureCells(form));
  const large = tallyLayout(parts);
  expect(large.digits.length).toBeGreaterThan(1);
  expect(Math.max(...large.digits)).toBeLessThanOrEqual(131_072);
  const cells = parts.map((_, place) => (place % 3 === 0 ? 1 : null));
  expect(digitsOf(tallyReader(large, parts)(tallyOf(large, cells)))).toEqual(
    cells.map((cell) => (cell === null ? 0n : 1n)),
  );
});
