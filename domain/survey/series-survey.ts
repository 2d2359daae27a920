import { DateTime } from 'luxon';
import { addDays, instantAt, localDateOf } from '../business-time-local.ts';
import { type Instant, MINUTE, toRfc3339 } from '../instant.ts';
import { dayInWords, inWords, PARIS } from '../wording.ts';
import { type AskedCalendar, shiftBy } from './campaign-calendar.ts';
import { isDue, openingOf } from './series-openings.ts';
import type { OpeningReason, RelativeMoment, SeriesAsk, SeriesDocument, SeriesDraft, SurveySeries } from './series.ts';
import type { SurveyDraft } from './survey-draft.ts';

/** What a title may hold of its opening. */
const PLACES: Readonly<Record<string, (opensAt: Instant) => string>> = {
  semaine: (opensAt) => String(inParis(opensAt).weekNumber),
  annee: (opensAt) => String(inParis(opensAt).weekYear),
  date: dayInWords,
};
export const TITLE_PLACES = Object.keys(PLACES).map((name) => `{${name}}`);

const inParis = (instant: Instant): DateTime => DateTime.fromMillis(instant, { zone: PARIS });

/** `BACH – semaine {semaine}` → `BACH – semaine 48`. Weeks and their years are those of ISO 8601. */
export const titleOf = (pattern: string, opensAt: Instant): string =>
  pattern.replace(/\{(\w+)\}/g, (whole, name: string) => PLACES[name]?.(opensAt) ?? whole);

/** @throws RangeError when a moment means no instant (`seriesErrors` has refused it before) */
export function momentAfter(moment: RelativeMoment, from: Instant): Instant {
  const found =
    'after' in moment
      ? shiftBy(from, moment.after, 1)
      : instantAt(addDays(localDateOf(from, PARIS), moment.days), moment.at, PARIS);
  if (found === null) throw new RangeError('a moment of a series is a duration, or days and an hour');
  return found;
}

/**
 * The survey of one opening, its calendar in instants. They follow from when it was to open, not from when it does: a survey
 * that opens late after an outage closes at its hour all the same, and reminders that are past by then are left out.
 * @param now absent: whatever the hour, nothing is left out
 */
export function surveyOf(series: SeriesDraft, opensAt: Instant, now?: Instant): SurveyDraft {
  const { document, ...whose } = series;
  const { formId, author, exercise, crisisId } = whose;
  const title = titleOf(document.title, opensAt);
  const calendar = calendarOf(document, opensAt, now);
  const { audience, thresholds = [], reuse } = document;
  const offered = reuse === undefined ? {} : { reuse };
  return { formId, title, author, audience, calendar, exercise, crisisId, thresholds, ...offered };
}

function calendarOf(document: SeriesDocument, opensAt: Instant, now = -Infinity): AskedCalendar {
  const closesAt = momentAfter(document.closesAt, opensAt);
  const afterwards = (moment: RelativeMoment | null): string | null =>
    moment === null ? null : toRfc3339(momentAfter(moment, closesAt));
  // Whoever opens it may have a clock that is behind: what lies before the opening is left out all the same.
  const from = now === -Infinity ? now : Math.max(now, opensAt) + MINUTE;
  return {
    opensAt: toRfc3339(opensAt),
    closesAt: toRfc3339(closesAt),
    remindBefore: document.remindBefore.filter((before) => (shiftBy(closesAt, before, -1) ?? 0) > from),
    validateUntil: afterwards(document.validateUntil),
    acceptUntil: afterwards(document.acceptUntil),
  };
}

export type OpeningDecision =
  | { readonly opensAt: Instant; readonly reason: null; readonly detail: null }
  | { readonly opensAt: Instant | null; readonly reason: OpeningReason; readonly detail: string };

/** What a series makes of an ask at `now`: an opening, or why there is none. A person may open one while it is paused. */
export function decideOpening(series: SurveySeries, ask: SeriesAsk, now: Instant): OpeningDecision {
  const none = (reason: OpeningReason, detail: string, opensAt: Instant | null = null): OpeningDecision => ({
    opensAt,
    reason,
    detail,
  });
  const { document, status } = series;
  if (status === 'ended') return none('ended', 'Cette série est terminée.');
  if (ask.kind === 'due' && status === 'paused') return none('paused', 'Cette série est en pause.');
  if (ask.kind === 'due' && !isDue(document, ask.at))
    return none('notDue', `Cette série ne prévoit pas (ou plus) d’ouverture le ${inWords(ask.at)}.`);
  const { opensAt, holiday } = ask.kind === 'due' ? openingOf(document, ask.at) : { opensAt: ask.at, holiday: null };
  if (opensAt === null) return none('holiday', `Jour férié (${holiday ?? ''})\u00a0: cette série n’y ouvre rien.`);
  const closesAt = momentAfter(document.closesAt, opensAt);
  if (closesAt > Math.max(now, opensAt)) return { opensAt, reason: null, detail: null };
  const words = `Ouverte le ${inWords(opensAt)}, cette enquête devrait être close le ${inWords(closesAt)}`;
  return none('missed', `${words}\u00a0: ce terme est passé.`, opensAt);
}
