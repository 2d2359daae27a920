import Holidays from 'date-holidays';
import type { LocalDate } from './business-time-local.ts';

/**
 * The calendars of public holidays of the State's territories: the common one, the three departments of local law, those
 * overseas. Names are those of ISO 3166-2, a department of local law by its number.
 */
export const CALENDARS = ['FR', '57', '67', '68', 'GP', 'MQ', 'GF', 'RE', 'PM', 'YT', 'BL', 'MF'] as const;
export type Calendar = (typeof CALENDARS)[number];

/** Calendars that differ from the common one, by the department that keeps them. */
const KEPT_BY: Readonly<Record<string, Calendar>> = {
  D57: '57',
  D67: '67',
  D68: '68',
  D971: 'GP',
  D972: 'MQ',
  D973: 'GF',
  D974: 'RE',
  D975: 'PM',
  D976: 'YT',
  D977: 'BL',
  D978: 'MF',
};

/** The calendar of one department (`D67`). */
export const calendarOfDepartment = (department: string): Calendar => KEPT_BY[department] ?? 'FR';

/**
 * The calendar of an organisation: that of all its departments, the common one where they differ. (ARS Grand Est has its seat in
 * Nancy, outside the local law of three of its ten departments.)
 */
export function calendarOf(departments: readonly string[]): Calendar {
  const [first = 'FR', ...others] = new Set(departments.map(calendarOfDepartment));
  return others.length === 0 ? first : 'FR';
}

/** The French name of the public holiday that a day is, or null. */
export const holidayName = (date: LocalDate, calendar: Calendar): string | null =>
  holidaysOf(Number(date.slice(0, 4)), calendar).get(date) ?? null;

/**
 * The public holidays of a year, in order, with their names. Source: Code du travail L3133-1, L3134-13 (Moselle and Alsace, Good
 * Friday taken as kept everywhere), L3422-2 (overseas). Good Friday of Guadeloupe and Martinique, which the code does not name, is
 * kept by custom and closes the offices: for a duty desk a closed office is what counts.
 */
export function holidaysOf(year: number, calendar: Calendar): ReadonlyMap<LocalDate, string> {
  const key = `${calendar} ${year}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const found = new Map<LocalDate, string>();
  for (const { date, name } of tableOf(calendar)
    .getHolidays(year, 'fr')
    .filter(({ type }) => type === 'public')) {
    const day = corrected(date.slice(0, 10), calendar);
    const before = found.get(day);
    // 1 May 2008 was Ascension Day as well.
    found.set(day, before === undefined ? name.trim() : `${before}, ${name.trim()}`);
  }
  // A bad caller's years must not fill the memory: a desk lives in a few of them.
  if (KNOWN.size >= 500) KNOWN.clear();
  KNOWN.set(key, found);
  return found;
}

/** Results only (the same for ever for the same key): computing a year costs some milliseconds. */
const KNOWN = new Map<string, ReadonlyMap<LocalDate, string>>();

const tableOf = (calendar: Calendar): Holidays => (calendar === 'FR' ? new Holidays('FR') : tableBelow(calendar));

/** Saint-Pierre-et-Miquelon is not among the parts of `FR` there, only by itself. */
const tableBelow = (calendar: Calendar): Holidays =>
  calendar === 'PM' ? new Holidays('PM') : new Holidays('FR', calendar);

/** Saint-Martin has kept 28 May since 2018 (law 2017-256, circular of 4 May 2018); the package still has 27 May. */
const corrected = (date: LocalDate, calendar: Calendar): LocalDate =>
  calendar === 'MF' && date.endsWith('-05-27') && date >= '2018' ? date.replace(/27$/, '28') : date;
