import {
  addDays,
  instantAt,
  localDateOf,
  weekdayOf,
  WEEKDAYS,
  type LocalDate,
  type LocalTime,
  type Weekday,
} from './business-time-local.ts';
import { lengthOf, union, within, type Span } from './business-time-spans.ts';
import { calendarOf, calendarOfDepartment, holidayName, type Calendar } from './holidays.ts';
import { DAY, type Instant, type Millis } from './instant.ts';
import type { Organisation } from './organisation.ts';
import { PARIS } from './wording.ts';

/** The clock and the calendar that people of a territory live by. */
export interface CivilTerritory {
  /** IANA name. */
  readonly timeZone: string;
  readonly calendar: Calendar;
}

/** The nation's own. */
export const NATION: CivilTerritory = { timeZone: PARIS, calendar: 'FR' };

/** A day by its name; a public holiday is `holiday` and no longer a Monday or a Sunday. */
export const DAY_NAMES = [...WEEKDAYS, 'holiday'] as const;
export type DayName = Weekday | 'holiday';

/**
 * Hours that begin on each of these days, in local time. `to` at or before `from` is on the following day, whatever day that is:
 * 08:30 to 08:30 is a whole day, 18:30 to 08:30 a night.
 */
export interface DailyHours {
  readonly days: readonly DayName[];
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** How far ahead a next opening is looked for: whoever keeps holidays only has one within a year. */
const FURTHEST: Millis = 400 * DAY;
const STRIDE: Millis = 20 * DAY;

const OVERSEAS: Readonly<Record<string, string>> = {
  D971: 'America/Guadeloupe',
  D972: 'America/Martinique',
  D973: 'America/Cayenne',
  D974: 'Indian/Reunion',
  D975: 'America/Miquelon',
  D976: 'Indian/Mayotte',
  // Saint-Barthélemy and Saint-Martin keep the hour of Guadeloupe, whose ARS serves them.
  D977: 'America/Guadeloupe',
  D978: 'America/Guadeloupe',
};

/** Clock and calendar of an organisation: its own zone, and the calendar that all its departments share. */
export const territoryOf = ({
  timeZone,
  departments,
}: Pick<Organisation, 'timeZone' | 'departments'>): CivilTerritory => ({
  timeZone,
  calendar: calendarOf(departments),
});

/** Clock and calendar of a department (`D67`, `D971`). */
export const territoryOfDepartment = (department: string): CivilTerritory => ({
  timeZone: OVERSEAS[department] ?? PARIS,
  calendar: calendarOfDepartment(department),
});

/** Whether a local day is a public holiday there. */
export const isHoliday = (date: LocalDate, { calendar }: Pick<CivilTerritory, 'calendar'>): boolean =>
  holidayName(date, calendar) !== null;

export const dayNameOf = (date: LocalDate, territory: Pick<CivilTerritory, 'calendar'>): DayName =>
  isHoliday(date, territory) ? 'holiday' : weekdayOf(date);

/** Monday to Friday, public holidays excepted. */
export const isWorkingDay = (date: LocalDate, territory: Pick<CivilTerritory, 'calendar'>): boolean =>
  !['saturday', 'sunday', 'holiday'].includes(dayNameOf(date, territory));

/** The first working day after a day (never the day itself). */
export function nextWorkingDay(date: LocalDate, territory: Pick<CivilTerritory, 'calendar'>): LocalDate {
  const next = addDays(date, 1);
  return isWorkingDay(next, territory) ? next : nextWorkingDay(next, territory);
}

/** The hours that fall between two instants, cut at both, as few spans in order. */
export function dutyHoursBetween(
  { from, to }: Span,
  territory: CivilTerritory,
  hours: readonly DailyHours[],
): readonly Span[] {
  if (to <= from) return [];
  const { timeZone } = territory;
  const last = localDateOf(to, timeZone);
  const spans: Span[] = [];
  // A span that began the day before may still run.
  for (let date = addDays(localDateOf(from, timeZone), -1); date <= last; date = addDays(date, 1)) {
    const name = dayNameOf(date, territory);
    for (const one of hours.filter(({ days }) => days.includes(name))) {
      const end = one.to <= one.from ? addDays(date, 1) : date;
      spans.push({ from: instantAt(date, one.from, timeZone), to: instantAt(end, one.to, timeZone) });
    }
  }
  return within(union(spans), [{ from, to }]);
}

export const isDutyHours = (instant: Instant, territory: CivilTerritory, hours: readonly DailyHours[]): boolean =>
  dutyHoursBetween({ from: instant, to: instant + 1 }, territory, hours).length > 0;

/** Time within the hours between two instants. */
export const dutyTimeBetween = (span: Span, territory: CivilTerritory, hours: readonly DailyHours[]): Millis =>
  lengthOf(dutyHoursBetween(span, territory, hours));

/** The instant itself within the hours, else their next beginning; null when there is none within 400 days. */
export const nextDutyInstant = (
  instant: Instant,
  territory: CivilTerritory,
  hours: readonly DailyHours[],
): Instant | null => addDutyTime(instant, 0, territory, hours);

/**
 * The instant when so much time of the hours has passed since `instant`; with 0, the first instant within them. Null when that is
 * not within 400 days.
 */
export function addDutyTime(
  instant: Instant,
  millis: Millis,
  territory: CivilTerritory,
  hours: readonly DailyHours[],
): Instant | null {
  let left = millis;
  for (let from = instant; from < instant + FURTHEST; from += STRIDE) {
    for (const span of dutyHoursBetween({ from, to: from + STRIDE }, territory, hours)) {
      const length = span.to - span.from;
      if (left < length || (left === length && left > 0)) return span.from + left;
      left -= length;
    }
  }
  return null;
}
