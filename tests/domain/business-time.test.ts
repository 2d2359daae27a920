import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  instantAt,
  isLocalDate,
  isLocalTime,
  localDateOf,
  wallAt,
  weekdayOf,
} from '../../domain/business-time-local.ts';
import { crossings, lengthOf, union, within, without, type Span } from '../../domain/business-time-spans.ts';
import {
  addDutyTime,
  DAY_NAMES,
  dutyHoursBetween,
  dutyTimeBetween,
  isDutyHours,
  isHoliday,
  isWorkingDay,
  NATION,
  nextDutyInstant,
  nextWorkingDay,
  territoryOf,
  territoryOfDepartment,
  type DailyHours,
} from '../../domain/business-time.ts';
import Holidays from 'date-holidays';
import { CALENDARS, calendarOf, holidayName, holidaysOf, type Calendar } from '../../domain/holidays.ts';
import { HOUR, MINUTE, toRfc3339 } from '../../domain/instant.ts';
import { PARIS } from '../../domain/wording.ts';

const at = (text: string): number => Date.parse(text);
const paris = (date: string, time: string): string => toRfc3339(instantAt(date, time, PARIS)).slice(0, 16);
const OVERSEAS = ['D971', 'D972', 'D973', 'D974', 'D976', 'D977', 'D978'];
const WEEK = DAY_NAMES.slice(0, 5);
const OFFICE: readonly DailyHours[] = [{ days: WEEK, from: '08:30', to: '18:30' }];
const OUTSIDE: readonly DailyHours[] = [
  { days: WEEK, from: '18:30', to: '08:30' },
  { days: ['saturday', 'sunday', 'holiday'], from: '08:30', to: '08:30' },
];

test.each([
  ['before the change of spring', '2026-03-29', '01:59', '2026-03-29T00:59'],
  ['in the hour that spring leaves out: the instant of the change', '2026-03-29', '02:30', '2026-03-29T01:00'],
  ['after the change of spring', '2026-03-29', '03:00', '2026-03-29T01:00'],
  ['in the hour that autumn has twice: its first coming', '2026-10-25', '02:30', '2026-10-25T00:30'],
  ['after the change of autumn', '2026-10-25', '03:00', '2026-10-25T02:00'],
  ['at the start of a year', '2027-01-01', '00:00', '2026-12-31T23:00'],
])('an hour of Paris %s', (_name, date, time, expected) => {
  expect(paris(date, time)).toBe(expected);
});

test('the hours of overseas territories stay the same the whole year', () => {
  const shifts: Readonly<Record<string, number>> = {
    D971: -4,
    D972: -4,
    D973: -3,
    D974: 4,
    D976: 3,
    D977: -4,
    D978: -4,
  };
  for (const department of OVERSEAS) {
    const { timeZone } = territoryOfDepartment(department);
    for (const date of ['2026-01-15', '2026-03-29', '2026-07-15', '2026-10-25']) {
      expect(instantAt(date, '08:30', timeZone)).toBe(at(`${date}T08:30:00Z`) - (shifts[department] ?? 0) * HOUR);
    }
  }
});

test('what is later on the wall is never earlier in time, and comes back as it was where the wall showed it', () => {
  const zones = [PARIS, 'America/Guadeloupe', 'Indian/Reunion', 'America/Miquelon'];
  const around = fc.oneof(
    ...['2026-03-29', '2026-10-25', '2026-12-31', '2026-03-08'].map((day) => fc.constant(at(day))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), around, fc.nat(2 * 1440), fc.nat(120), (zone, day, minute, more) => {
      const [first, second] = [minute, minute + more].map((one) => {
        const wall = new Date(day + one * MINUTE).toISOString();
        return { wall: day + one * MINUTE, instant: instantAt(wall.slice(0, 10), wall.slice(11, 16), zone) };
      });
      expect(second!.instant).toBeGreaterThanOrEqual(first!.instant);
      // Shown as asked, or left out by the change: then the wall shows the end of what was left out.
      const shown = wallAt(first!.instant, zone);
      expect(shown === first!.wall || (shown > first!.wall && shown - first!.wall <= HOUR)).toBe(true);
      expect(localDateOf(first!.instant, zone)).toBe(new Date(shown).toISOString().slice(0, 10));
    }),
    { numRuns: 300 },
  );
});

test('dates and times of no calendar and no clock are refused', () => {
  expect(['2026-02-29', '2026-13-01', '2026-1-01', '26-01-01', '2026-01-01T00:00', ''].filter(isLocalDate)).toEqual([]);
  expect(['2028-02-29', '2026-12-31'].every(isLocalDate)).toBe(true);
  expect(['24:00', '8:30', '08:60', '08:30:00', '08h30', ''].filter(isLocalTime)).toEqual([]);
  expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29']);
  expect(['2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual(['monday', 'sunday']);
});

const COMMON = '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25'.split(' ');

test.each<[Calendar, string[]]>([
  ['FR', []],
  ['57', ['04-03', '12-26']],
  ['67', ['04-03', '12-26']],
  ['68', ['04-03', '12-26']],
  ['GP', ['04-03', '05-27']],
  ['MQ', ['04-03', '05-22']],
  ['GF', ['06-10']],
  ['RE', ['12-20']],
  ['PM', []],
  ['YT', ['04-27']],
  ['BL', ['10-09']],
  ['MF', ['05-28']],
])('the public holidays of %s in 2026', (calendar, own) => {
  const expected = [...COMMON, ...own].toSorted().map((day) => `2026-${day}`);
  expect([...holidaysOf(2026, calendar).keys()].toSorted()).toEqual(expected);
});

test('holidays bear their French names; two on one day bear both; Saint-Martin kept 27 May before 2018', () => {
  expect(holidayName('2026-04-03', '67')).toBe('Vendredi saint');
  expect(holidayName('2026-04-03', 'FR')).toBeNull();
  expect(holidayName('2026-12-20', 'RE')).toBe('Abolition de l’esclavage');
  expect(holidayName('2008-05-01', 'FR')?.split(', ').toSorted()).toEqual(['Ascension', 'Fête du travail']);
  expect([holidayName('2017-05-27', 'MF'), holidayName('2018-05-27', 'MF')]).toEqual([
    'Abolition de l’esclavage',
    null,
  ]);
});

test('an organisation has the calendar of its departments, the common one where they differ', () => {
  const ars = (timeZone: string, ...departments: string[]) => territoryOf({ timeZone, departments });
  expect(ars('America/Guadeloupe', 'D971')).toEqual({ timeZone: 'America/Guadeloupe', calendar: 'GP' });
  expect(ars(PARIS, 'D08', 'D54', 'D57', 'D67', 'D68')).toEqual(NATION);
  expect(ars(PARIS)).toEqual(NATION);
  expect([calendarOf(['D67']), calendarOf(['D67', 'D68'])]).toEqual(['67', 'FR']);
  expect(territoryOfDepartment('D2A')).toEqual(NATION);
  expect(OVERSEAS.map((one) => territoryOfDepartment(one).calendar)).toEqual([
    'GP',
    'MQ',
    'GF',
    'RE',
    'YT',
    'BL',
    'MF',
  ]);
});

test('the next working day passes week ends and holidays of the territory', () => {
  const strasbourg = territoryOfDepartment('D67');
  expect(nextWorkingDay('2026-04-02', NATION)).toBe('2026-04-03');
  expect(nextWorkingDay('2026-04-02', strasbourg)).toBe('2026-04-07');
  expect(nextWorkingDay('2026-12-24', NATION)).toBe('2026-12-28');
  expect(nextWorkingDay('2026-12-31', NATION)).toBe('2027-01-04');
  expect(isWorkingDay('2026-12-20', NATION)).toBe(false);
  expect([isHoliday('2026-06-10', territoryOfDepartment('D973')), isHoliday('2026-06-10', NATION)]).toEqual([
    true,
    false,
  ]);
});

test('office hours are those of the territory, never on its holidays', () => {
  const guiana = territoryOfDepartment('D973');
  expect(isDutyHours(at('2026-06-09T11:29:59Z'), guiana, OFFICE)).toBe(false);
  expect(isDutyHours(at('2026-06-09T11:30:00Z'), guiana, OFFICE)).toBe(true);
  expect(isDutyHours(at('2026-06-09T21:30:00Z'), guiana, OFFICE)).toBe(false);
  expect(isDutyHours(at('2026-06-10T15:00:00Z'), guiana, OFFICE)).toBe(false);
  expect(isDutyHours(at('2026-06-10T15:00:00Z'), NATION, OFFICE)).toBe(true);
  expect(isDutyHours(at('2026-06-10T15:00:00Z'), NATION, [])).toBe(false);
});

test('duty time counts within the hours only, and finds its way over a long week end', () => {
  const thursday = at('2026-12-24T17:00:00+01:00');
  expect(toRfc3339(addDutyTime(thursday, 2 * HOUR, NATION, OFFICE) ?? 0)).toBe('2026-12-28T08:00:00.000Z');
  expect(toRfc3339(addDutyTime(thursday, 1.5 * HOUR, NATION, OFFICE) ?? 0)).toBe('2026-12-24T17:30:00.000Z');
  expect(nextDutyInstant(thursday, NATION, OFFICE)).toBe(thursday);
  expect(toRfc3339(nextDutyInstant(thursday + 2 * HOUR, NATION, OFFICE) ?? 0)).toBe('2026-12-28T07:30:00.000Z');
  expect(nextDutyInstant(thursday, NATION, [])).toBeNull();
  const holidaysOnly: DailyHours[] = [{ days: ['holiday'], from: '00:00', to: '00:00' }];
  expect(toRfc3339(nextDutyInstant(at('2026-07-20T00:00:00Z'), NATION, holidaysOnly) ?? 0)).toBe(
    '2026-08-14T22:00:00.000Z',
  );
});

test.each([
  ['spring', '2026-03-28', 13],
  ['an ordinary night', '2026-11-28', 14],
  ['autumn', '2026-10-24', 15],
])('the night of %s from 18:30 to 08:30', (_name, date, hours) => {
  const night: DailyHours[] = [{ days: ['saturday'], from: '18:30', to: '08:30' }];
  const span = { from: instantAt(date, '12:00', PARIS), to: instantAt(addDays(date, 1), '12:00', PARIS) };
  expect(dutyTimeBetween(span, NATION, night)).toBe(hours * HOUR);
});

test('office hours and all the rest make up the year, everywhere, each instant once', () => {
  const year = { from: at('2026-01-01T00:00:00Z'), to: at('2027-01-02T00:00:00Z') };
  for (const territory of [NATION, territoryOfDepartment('D68'), territoryOfDepartment('D974')]) {
    const open = dutyHoursBetween(year, territory, OFFICE);
    const shut = dutyHoursBetween(year, territory, OUTSIDE);
    expect(union([...open, ...shut])).toEqual([year]);
    expect(crossings(open, shut)).toEqual([]);
  }
});

test('a duration within the hours, added and measured again, is the same', () => {
  fc.assert(
    fc.property(fc.nat(500 * 24), fc.integer({ min: 1, max: 60 * 60 }), (hour, minutes) => {
      const from = at('2026-01-01T00:00:00Z') + hour * HOUR;
      const to = addDutyTime(from, minutes * MINUTE, NATION, OFFICE) ?? 0;
      expect(dutyTimeBetween({ from, to }, NATION, OFFICE)).toBe(minutes * MINUTE);
    }),
    { numRuns: 40 },
  );
});

test('spans cut, join and cross as sets of instants do', () => {
  const spans = fc
    .array(fc.tuple(fc.nat(40), fc.nat(8)), { maxLength: 8 })
    .map((pairs) => pairs.map(([from, length]) => ({ from, to: from + length })));
  const has = (list: readonly Span[], instant: number): boolean =>
    list.some(({ from, to }) => from <= instant && instant < to);
  fc.assert(
    fc.property(spans, spans, (some, more) => {
      const [a, b] = [union(some), union(more)];
      const instants = Array.from({ length: 50 }, (_, index) => index);
      expect(instants.map((one) => has(a, one))).toEqual(instants.map((one) => has(some, one)));
      expect(instants.map((one) => has(without(a, b), one))).toEqual(
        instants.map((one) => has(a, one) && !has(b, one)),
      );
      expect(instants.map((one) => has(within(a, b), one))).toEqual(instants.map((one) => has(a, one) && has(b, one)));
      expect(lengthOf(without(a, b)) + lengthOf(within(a, b))).toBe(lengthOf(a));
    }),
  );
});

test('the table of holidays is that of date-holidays, for a hundred years and each territory', () => {
  for (const calendar of CALENDARS) {
    // Saint-Pierre-et-Miquelon is not among the parts of `FR` there, only by itself.
    const library = ['FR', 'PM'].includes(calendar) ? new Holidays(calendar) : new Holidays('FR', calendar);
    for (let year = 2000; year < 2100; year++) {
      const theirs = library
        .getHolidays(year, 'fr')
        .filter(({ type }) => type === 'public')
        .map(({ date, name }) => `${date.slice(0, 10)} ${name.trim()}`)
        // The package still has 27 May for Saint-Martin (circular of 4 May 2018).
        .map((line) => (calendar === 'MF' && year >= 2018 ? line.replace('-05-27 Abo', '-05-28 Abo') : line));
      const ours = [...holidaysOf(year, calendar)].flatMap(([day, names]) =>
        names.split(', ').map((name) => `${day} ${name}`),
      );
      expect(ours.toSorted()).toEqual(theirs.toSorted());
    }
  }
});

test('every calendar answers for the years of the century, always with days of that year', () => {
  for (const calendar of CALENDARS) {
    for (const year of [2026, 2038, 2099]) {
      const days = holidaysOf(year, calendar);
      expect(days.has(`${year}-12-25`)).toBe(true);
      expect(days.size).toBeGreaterThanOrEqual(10);
      expect([...days.keys()].every((day) => isLocalDate(day) && day.startsWith(String(year)))).toBe(true);
    }
  }
});
