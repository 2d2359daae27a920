import type { Actor } from '../actor.ts';
import type { LocalDate, LocalTime, Weekday } from '../business-time-local.ts';
import type { Instant } from '../instant.ts';
import type { OrganisationId } from '../instruction.ts';
import type { ReuseAsked, SurveyAudience } from './survey-draft.ts';
import type { SurveyRefusalCode } from './survey-step.ts';
import type { Threshold } from './threshold.ts';

/** What becomes of an opening that falls on a public holiday of the nation. */
export const HOLIDAY_POLICIES = ['open', 'nextWorkingDay', 'skip'] as const;
export type HolidayPolicy = (typeof HOLIDAY_POLICIES)[number];

export const SERIES_STATUSES = ['running', 'paused', 'ended'] as const;
export type SeriesStatus = (typeof SERIES_STATUSES)[number];
export const SERIES_STATUS_WORDS: Readonly<Record<SeriesStatus, string>> = {
  running: 'en cours',
  paused: 'en pause',
  ended: 'terminée',
};

/** On which days, and when on the walls of Paris. All seven days: every day. */
export interface Recurrence {
  readonly days: readonly Weekday[];
  readonly at: LocalTime;
}

/** A moment told from another: an ISO 8601 duration after it, or so many days later at an hour on the walls of Paris. */
export type RelativeMoment = { readonly after: string } | { readonly days: number; readonly at: LocalTime };

/** A series as its author writes it, form, exercise and crisis apart. */
export interface SeriesDocument {
  /** May hold `{semaine}`, `{annee}` and `{date}` of the opening. */
  readonly title: string;
  readonly audience: SurveyAudience;
  readonly recurrence: Recurrence;
  /** From the opening. */
  readonly closesAt: RelativeMoment;
  /** ISO 8601 durations before the closing. */
  readonly remindBefore: readonly string[];
  /** From the closing; null: none. */
  readonly validateUntil: RelativeMoment | null;
  readonly acceptUntil: RelativeMoment | null;
  readonly onHoliday: HolidayPolicy;
  /** First and last day of Paris; null: no end on that side. */
  readonly from: LocalDate | null;
  readonly until: LocalDate | null;
  /** Why it opens although those whom it asks are asked much already; absent: nobody had to say. */
  readonly loadReason?: string;
  /** Of each of its surveys; absent: none. */
  readonly thresholds?: readonly Threshold[];
  /** Of each of its surveys: recent answers are offered to be taken over; absent: none. */
  readonly reuse?: ReuseAsked;
}

export interface SeriesDraft {
  readonly author: OrganisationId;
  readonly formId: string;
  readonly exercise: boolean;
  readonly crisisId: string | null;
  readonly document: SeriesDocument;
}

export interface SurveySeries extends SeriesDraft {
  readonly id: string;
  readonly status: SeriesStatus;
}

/** What asks for an opening: an instant of the Schedule, or a person (`key`: the same one twice opens once). */
export type SeriesAsk =
  | { readonly kind: 'due'; readonly at: Instant }
  | { readonly kind: 'trigger'; readonly at: Instant; readonly key: string; readonly by: Actor };

/** `pending`: its survey is written and being opened. */
export const OPENING_OUTCOMES = ['pending', 'opened', 'skipped', 'refused'] as const;
export type OpeningOutcome = (typeof OPENING_OUTCOMES)[number];

/**
 * Why there was no survey. Skipped as the series has it: `holiday`, `sameOpening` (another one opens then), `paused`, `ended`,
 * `notDue` (no instant of the series any more). Refused, and told: `missed` (its closing has passed), or what the opening of the
 * survey said.
 */
export const SKIP_REASONS = ['holiday', 'sameOpening', 'paused', 'ended', 'notDue'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
export type OpeningReason = SkipReason | 'missed' | SurveyRefusalCode;

/** What became of one ask. */
export interface SeriesStep {
  /** Null: there is no such series. */
  readonly outcome: OpeningOutcome | null;
  readonly survey: string | null;
  readonly reason: OpeningReason | null;
  /** French, for a person. */
  readonly detail: string | null;
  /** Mailings with something still to be sent. */
  readonly mailings: readonly string[];
}

/** The Schedule of a series as its row wants it. */
export interface SeriesPlan {
  readonly id: string;
  readonly version: number;
  readonly status: SeriesStatus;
  /** Why and by whom it stands as it does; shown in the Temporal UI. */
  readonly note: string;
  readonly recurrence: Recurrence;
  readonly from: LocalDate | null;
  readonly until: LocalDate | null;
}
