import type { Instant } from '../instant.ts';
import type { Figures } from './figures.ts';
import type { SurveyCounts } from './rates.ts';

/** From each respondent to the nation. */
export const RESULT_LEVELS = ['site', 'department', 'ars', 'zone', 'nation'] as const;
export type ResultLevel = (typeof RESULT_LEVELS)[number];
/** Levels that are made of their parts. */
export type TerritoryLevel = Exclude<ResultLevel, 'site'>;

/** `closing`: what was submitted before the first closing was committed; `corrected`: what is submitted now. Both for ever. */
export const RESULT_STATES = ['closing', 'corrected'] as const;
export type ResultState = (typeof RESULT_STATES)[number];

export interface TerritoryResult extends SurveyCounts {
  /** `SITE-…`, `D69`, `ARS-84`, `ZONE-OUEST`, `NATION`; of a respondent on a list its id. */
  readonly territory: string;
  /** Of a respondent; null: the territory says it. */
  readonly name: string | null;
  readonly figures: Figures;
  /** Of a survey that offers reuse: by question, how many of its answers were taken over from earlier ones. */
  readonly reused?: Readonly<Record<string, ReusedCount>>;
}

/** What is in a figure, but not of today. */
export interface ReusedCount {
  readonly answers: number;
  /** When the oldest of them was given. */
  readonly oldest: Instant;
}

/** Results drawn one by one, anew each time that they are gone through: nobody holds the figures of thousands of sites at once. */
export const drawnFrom = <From>(
  all: Iterable<From>,
  draw: (one: From) => TerritoryResult,
): Iterable<TerritoryResult> => ({
  *[Symbol.iterator]() {
    for (const one of all) yield draw(one);
  },
});
