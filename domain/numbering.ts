import { DateTime } from 'luxon';
import type { Instant } from './instant.ts';

/** The series of MINSANTE/CORRUSS messages; exercises have their own, so that they leave no gap in the real one. */
export const SERIES = ['MINSANTE', 'MINSANTE EXERCICE'] as const;
export type Series = (typeof SERIES)[number];

export const seriesOf = (exercise: boolean): Series => (exercise ? 'MINSANTE EXERCICE' : 'MINSANTE');

/** The civil year in which the number of a release counts: that of Paris. */
export const parisYear = (instant: Instant): number => DateTime.fromMillis(instant, { zone: 'Europe/Paris' }).year;

/**
 * `MINSANTE N°2026_001`: at least three figures, more when the year needs them.
 * @throws RangeError when `n` is not a whole number from 1
 */
export function formatNumber(series: string, year: number, n: number): string {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`not a number of a series: ${n}`);
  return `${series} N°${year}_${String(n).padStart(3, '0')}`;
}

/** Where a number stands: the opposite of `formatNumber`; null for anything else. */
export function parseNumber(
  number: string,
): { readonly series: string; readonly year: number; readonly n: number } | null {
  const [, series, year, n] = /^(.+) N°(\d{4})_(\d+)$/.exec(number) ?? [];
  return series === undefined ? null : { series, year: Number(year), n: Number(n) };
}
