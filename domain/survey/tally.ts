import type { Whole } from './exact.ts';
import { type Cells, type Part, partKey, type Parts } from './figure-parts.ts';

/**
 * All that one answer adds to the sums of its survey, in one whole number: each part of a form has decimal digits of its own in it,
 * so many that no sum reaches those of its neighbour. Whoever adds up these numbers has added up every part, exactly: PostgreSQL
 * takes one long sum in the time of a few short ones (docs/adr/0048-tallies.md). A form of very many parts takes several numbers.
 *
 * Tallies are kept: neither the digits of a part nor the order of parts may change for a form that was published.
 */
export interface TallyLayout {
  /** By `partKey`, in the order of their digits. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Digits of each number. */
  readonly digits: readonly number[];
  /** `extremeCells`: kept beside the numbers. */
  readonly extremes: readonly number[];
}

/** Where a part stands in which number: `COUNTED` digits of how many answers have it; those of a sum and its carry. */
interface Field {
  readonly part: Part;
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** A `numeric` of PostgreSQL has 131 072 at most. */
const MOST_DIGITS = 100_000;

/** Fewer than a hundred million answers. */
const COUNTED = 8;
/** Of two for each of them. */
const CARRY = 9;

/** Digits of what is summed: a cell has 15 at most, a product of two 30. A count has nothing else; the least and the greatest are no sums. */
const DIGITS: Readonly<Record<Part['of'], number | null>> = {
  ...{ count: 0, sum: 15, sumWhere: 15, product: 30 },
  ...{ min: null, max: null },
};

/** True for what a tally holds: all but the least and the greatest. */
export const isSummed = ({ of }: Part): boolean => DIGITS[of] !== null;

/** The cells of which the least or the greatest is told, each once, in the order of the parts of a form. */
const extremeCells = (parts: readonly Part[]): readonly number[] => [
  ...new Set(parts.flatMap((part) => (isSummed(part) ? [] : [part.cell]))),
];

/** @param parts all those of a form, in their order */
export function tallyLayout(parts: readonly Part[]): TallyLayout {
  const fields = new Map<string, Field>();
  const digits: number[] = [];
  for (const part of parts) {
    const summed = DIGITS[part.of];
    if (summed === null) continue;
    const width = COUNTED + (summed === 0 ? 0 : CARRY + summed);
    if ((digits.at(-1) ?? MOST_DIGITS) + width > MOST_DIGITS) digits.push(0);
    const [number, from] = [digits.length - 1, digits.at(-1) ?? 0];
    digits[number] = from + width;
    fields.set(partKey(part), { part, number, from, to: from + width });
  }
  return { fields, digits, extremes: extremeCells(parts) };
}

/** Of one answer, the digits of each number. */
export function tallyOf({ fields, digits }: TallyLayout, cells: Cells): readonly string[] {
  const numbers = digits.map((): string[] => []);
  for (const field of fields.values()) numbers[field.number]?.push(digitsOf(field, cells));
  return numbers.map((texts) => texts.join(''));
}

const NONE = '0'.repeat(COUNTED);
const ONE = '1'.padStart(COUNTED, '0');

function digitsOf({ part, from, to }: Field, cells: Cells): string {
  const own = raisedPart(part, cells);
  if (own === null) return '0'.repeat(to - from);
  return part.of === 'count' ? ONE : ONE + String(own).padStart(to - from - COUNTED, '0');
}

/** Of one answer, raised by what no number reaches: whatever is negative would borrow from its neighbour. Null: it has none. */
function raisedPart(part: Part, cells: Cells): number | bigint | null {
  const own = cells[part.cell] ?? null;
  if (own === null || !('other' in part)) return own === null ? null : own + 10 ** 15; // exact: below 2 × 10^15
  const other = cells[part.other] ?? null;
  if (other === null) return null;
  return part.of === 'product' ? BigInt(own) * BigInt(other) + RAISED.product : own + 10 ** 15;
}

const RAISED = { product: 10n ** 30n, sum: 10n ** 15n } as const;

/**
 * What sums of tallies say of some parts, in their order; null: nobody has it. Of what is no sum nothing is said.
 * @returns of the totals of each number (null: of nobody); throws when they are not those of the form
 */
export function tallyReader(
  { fields, digits }: TallyLayout,
  parts: readonly Part[],
): (totals: readonly (string | null)[]) => Parts {
  const places = parts.map((part) => fields.get(partKey(part)));
  return (totals) => {
    const texts = totals.map((total, number) => (total ?? '').padStart(digits[number] ?? 0, '0'));
    if (texts.length !== digits.length || texts.some((text, number) => text.length !== digits[number]))
      throw new Error('a tally of another form');
    return places.map((field) => (field === undefined ? null : partIn(field, texts[field.number] ?? '')));
  };
}

function partIn({ part, from, to }: Field, text: string): Whole | null {
  const [counted, carried] = [from + COUNTED, from + COUNTED + CARRY];
  const count = text.slice(from, counted);
  if (part.of === 'count') return Number(count);
  if (count === NONE) return null;
  const rest = text.slice(carried, to);
  const low = rest.length > 15 ? BigInt(rest) : Number(rest);
  // Each was raised once: whatever is left of the carry is that of the sum.
  const carry = text.slice(counted, carried);
  if (carry === `0${count}`) return low;
  return BigInt(Number(carry) - Number(count)) * RAISED[part.of === 'product' ? 'product' : 'sum'] + BigInt(low);
}
