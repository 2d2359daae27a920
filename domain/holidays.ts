import { easter } from 'date-easter';
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

/** A day that returns every year: a month and a day (`05-08`), or so many days from Easter Sunday. */
interface Rule {
  readonly on: string | number;
  readonly name: string;
}

/** Code du travail L3133-1. */
const COMMON: readonly Rule[] = [
  { on: '01-01', name: 'Nouvel An' },
  { on: 1, name: 'Lundi de Pâques' },
  { on: '05-01', name: 'Fête du travail' },
  { on: '05-08', name: 'Fête de la Victoire 1945' },
  { on: 39, name: 'Ascension' },
  { on: 50, name: 'Lundi de Pentecôte' },
  { on: '07-14', name: 'Fête Nationale de la France' },
  { on: '08-15', name: 'Assomption' },
  { on: '11-01', name: 'Toussaint' },
  { on: '11-11', name: 'Armistice 1918' },
  { on: '12-25', name: 'Noël' },
];
const GOOD_FRIDAY: Rule = { on: -2, name: 'Vendredi saint' };
/** Code du travail L3134-13: Moselle and Alsace. */
const LOCAL_LAW: readonly Rule[] = [GOOD_FRIDAY, { on: '12-26', name: 'Lendemain de Noël' }];
/** Code du travail L3422-2: the day of each territory. */
const abolition = (on: string): Rule => ({ on, name: 'Abolition de l’esclavage' });

const OWN: Readonly<Record<Calendar, (year: number) => readonly Rule[]>> = {
  FR: () => [],
  57: () => LOCAL_LAW,
  67: () => LOCAL_LAW,
  68: () => LOCAL_LAW,
  GP: () => [GOOD_FRIDAY, abolition('05-27')],
  MQ: () => [GOOD_FRIDAY, abolition('05-22')],
  GF: () => [abolition('06-10')],
  RE: () => [abolition('12-20')],
  PM: () => [],
  YT: () => [abolition('04-27')],
  BL: () => [abolition('10-09')],
  // Since law 2017-256 and the circular of 4 May 2018; until then with Guadeloupe.
  MF: (year) => [abolition(year < 2018 ? '05-27' : '05-28')],
};

/**
 * The public holidays of a year by today's law, in order, with their names; two that fall on one day bear both. Good Friday is
 * taken as kept everywhere in Moselle and Alsace; that of Guadeloupe and Martinique, which the code does not name, is kept by
 * custom and closes the offices: for a duty desk a closed office is what counts. A test holds the table against `date-holidays`.
 */
export function holidaysOf(year: number, calendar: Calendar): ReadonlyMap<LocalDate, string> {
  const key = `${calendar} ${year}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const days = Map.groupBy([...COMMON, ...OWN[calendar](year)], ({ on }) => dayOf(year, on));
  const found = new Map(
    [...days]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, rules]) => [day, rules.map(({ name }) => name).join(', ')] as const),
  );
  // A bad caller's years must not fill the memory: a desk lives in a few of them.
  if (KNOWN.size >= 500) KNOWN.clear();
  KNOWN.set(key, found);
  return found;
}

/** Results only (the same for ever for the same key). */
const KNOWN = new Map<string, ReadonlyMap<LocalDate, string>>();

function dayOf(year: number, on: Rule['on']): LocalDate {
  if (typeof on === 'string') return `${String(year).padStart(4, '0')}-${on}`;
  const { month, day } = easter(year);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day + on);
  return date.toISOString().slice(0, 10);
}
