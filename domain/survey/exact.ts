import Fraction from 'fraction.js';
import { LARGEST, SIGNIFICANT_DIGITS } from './limits.ts';

/** An exact number: 0.1 + 0.2 is 0.3, and a third three times is one. */
export type Exact = Fraction;

/** @param number of at most 15 significant digits, as forms and answers hold them */
export const exact = (number: number): Exact => exactText(String(number));
/** @param text digits with an optional sign and decimal point. Whole numbers, nearly all there are, are spared the reading of text. */
export const exactText = (text: string): Exact => new Fraction(text.includes('.') ? text : BigInt(text));
/**
 * A quotient rounded half away from zero, without a fraction between: three thousand answers have many.
 * @param below not zero
 */
export function roundedQuotient(above: bigint, below: bigint, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  const size = (one: bigint): bigint => (one < 0n ? -one : one);
  const [over, under] = [size(above), size(below)];
  const whole = (2n * over * scale + under) / (2n * under);
  return Number(above < 0n === below < 0n ? whole : -whole) / Number(scale) + 0;
}

/** A whole number: a plain one where that is exact, which is many times faster. */
export type Whole = number | bigint;

export function sumOf(a: Whole, b: Whole): Whole {
  const sum = typeof a === 'number' && typeof b === 'number' ? a + b : null;
  return sum !== null && Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b);
}

/** Below it every division of two whole numbers, rounded down, is exact. */
const EXACTLY_DIVIDED = 2 ** 52;

/**
 * The same of whole numbers that are multiplied first, each by its own: by plain numbers wherever these are exact, which are many
 * times faster.
 * @returns of what stands above and below; neither below nor what it is multiplied by is zero
 */
export function quotientBy(
  { above, below }: { readonly above: number; readonly below: number },
  decimals: number,
): (over: Whole, under: Whole) => number {
  const scale = 10 ** decimals;
  const exactly = (over: Whole, under: Whole): number =>
    roundedQuotient(BigInt(over) * BigInt(above), BigInt(under) * BigInt(below), decimals);
  return (over, under) => {
    if (typeof over === 'bigint' || typeof under === 'bigint') return exactly(over, under);
    const twice = 2 * Math.abs(over * above) * scale;
    const size = Math.abs(under * below);
    if (twice + size > EXACTLY_DIVIDED || 2 * size > EXACTLY_DIVIDED) return exactly(over, under);
    const whole = Math.floor((twice + size) / (2 * size));
    return (over * above < 0 === under * below < 0 ? whole : -whole) / scale + 0;
  };
}

export const ZERO: Exact = new Fraction(0);
export const HUNDRED: Exact = new Fraction(100);

/** True when no field of so many decimals could hold the value, once rounded. */
export const isTooLarge = (value: Exact, decimals: number): boolean => value.abs().gt(largestOf(decimals));

/** The largest value of so many decimals: 15 significant digits, and never more than `LARGEST`. */
export const largestOf = (decimals: number): Exact => LARGEST_OF[decimals] ?? largest(decimals);

function largest(decimals: number): Exact {
  const digits = new Fraction(10n ** BigInt(SIGNIFICANT_DIGITS) - 1n, 10n ** BigInt(decimals));
  return digits.gt(LARGEST) ? new Fraction(LARGEST) : digits;
}

/** Of as many decimals as a field may have: every number of every answer is held against it. */
const LARGEST_OF = Array.from({ length: 7 }, (_, decimals) => largest(decimals));

/** Rounded half away from zero, as people round. */
export function rounded(value: Exact, decimals: number): Exact {
  const scale = 10n ** BigInt(decimals);
  const twice = 2n * value.n * scale;
  const up = (twice + value.d) / (2n * value.d);
  return new Fraction(value.s < 0n ? -up : up, scale);
}

/** True when a value has no more than so many decimals. */
export const hasDecimals = (value: Exact, decimals: number): boolean => 10n ** BigInt(decimals) % value.d === 0n;

/** The number for JSON; exact for every value of at most 15 significant digits. */
export const toNumber = (value: Exact): number => value.valueOf() + 0;

/** `1 234,5`: for a person, with at most six decimals. */
export function inFrenchDigits(value: Exact): string {
  const short = rounded(value, 6);
  const [whole = '0', part] = short.toString(6).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202F').replace('-', '−');
  return part === undefined ? grouped : `${grouped},${part}`;
}
