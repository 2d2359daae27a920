import { addDays, instantAt, type LocalDate, localDateOf, weekdayOf, WEEKDAYS } from '../business-time-local.ts';
import { NATION, nextWorkingDay } from '../business-time.ts';
import { holidayName } from '../holidays.ts';
import { DAY, HOUR, type Instant, type Millis, MINUTE } from '../instant.ts';
import { PARIS } from '../wording.ts';
import type { Recurrence, SeriesDocument } from './series.ts';

/** One instant at which a series is due, and what the calendar of holidays makes of it. */
export interface PlannedOpening {
  readonly dueAt: Instant;
  /** Name of the public holiday that it falls on. */
  readonly holiday: string | null;
  /** Null: left out. */
  readonly opensAt: Instant | null;
}

type When = Pick<SeriesDocument, 'recurrence' | 'from' | 'until' | 'onHoliday'>;

/** How far ahead an opening is looked for: a day of the week comes within it, whatever the holidays. */
const FURTHEST_DAYS = 400;

/** Whether an instant is one of the series. */
export function isDue(series: When, instant: Instant): boolean {
  const date = localDateOf(instant, PARIS);
  return isDayOf(series, date) && dueOn(series.recurrence, date) === instant;
}

const dueOn = ({ at }: Recurrence, date: LocalDate): Instant => instantAt(date, at, PARIS);

const isDayOf = ({ recurrence, from, until }: When, date: LocalDate): boolean =>
  recurrence.days.includes(weekdayOf(date)) && (from === null || date >= from) && (until === null || date <= until);

/** What becomes of an instant of the series. Holidays are the nation's: a series asks all of it at once. */
export function openingOf(
  { recurrence, onHoliday }: Pick<When, 'recurrence' | 'onHoliday'>,
  dueAt: Instant,
): PlannedOpening {
  const date = localDateOf(dueAt, PARIS);
  const holiday = holidayName(date, NATION.calendar);
  if (holiday === null || onHoliday === 'open') return { dueAt, holiday, opensAt: dueAt };
  if (onHoliday === 'skip') return { dueAt, holiday, opensAt: null };
  return { dueAt, holiday, opensAt: dueOn(recurrence, nextWorkingDay(date, NATION)) };
}

/** The first instants of the series after `now`, at most `count`, each with what becomes of it. */
export function nextOpenings(series: When, now: Instant, count: number): readonly PlannedOpening[] {
  const today = localDateOf(now, PARIS);
  const found: PlannedOpening[] = [];
  const first = series.from !== null && series.from > today ? series.from : today;
  for (let day = 0; day < FURTHEST_DAYS && found.length < count; day += 1) {
    const date = addDays(first, day);
    if (series.until !== null && date > series.until) break;
    const dueAt = dueOn(series.recurrence, date);
    if (isDayOf(series, date) && dueAt > now) found.push(openingOf(series, dueAt));
  }
  return found;
}

/**
 * How late an instant may still be taken after an outage: just less than the shortest time between two, so that one opens and
 * not ten. The night of spring makes one day an hour shorter.
 */
export function catchupWindow({ days }: Pick<Recurrence, 'days'>): Millis {
  const places = WEEKDAYS.flatMap((day, index) => (days.includes(day) ? [index] : []));
  const gaps = places.map((place, index) => (places[index + 1] ?? (places[0] ?? 0) + 7) - place);
  return Math.min(7, ...gaps) * DAY - HOUR - MINUTE;
}
