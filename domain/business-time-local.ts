import { IANAZone } from 'luxon';
import { DAY, MINUTE, type Instant, type Millis } from './instant.ts';

/** A day of a calendar on a wall: `2026-11-24`, in no zone. */
export type LocalDate = string;

/** An hour of a clock on a wall: `08:30`, from `00:00` to `23:59`. */
export type LocalTime = string;

/** What calendar and clock show together, as the milliseconds that UTC would have when it shows the same. */
export type Wall = number;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Whether a calendar has this day (30 February is refused). */
export function isLocalDate(text: string): boolean {
  const day = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
}

export const isLocalTime = (text: string): boolean => TIME.test(text);

export const wallOf = (date: LocalDate, time: LocalTime = '00:00'): Wall => Date.parse(`${date}T${time}:00Z`);

export const dateOfWall = (wall: Wall): LocalDate => new Date(wall).toISOString().slice(0, 10);

export const addDays = (date: LocalDate, days: number): LocalDate => dateOfWall(wallOf(date) + days * DAY);

export const weekdayOf = (date: LocalDate): Weekday =>
  WEEKDAYS[(new Date(wallOf(date)).getUTCDay() + 6) % 7] ?? 'monday';

/** What the walls of a zone show at an instant. `timeZone` is an IANA name. */
export const wallAt = (instant: Instant, timeZone: string): Wall => instant + offsetAt(instant, timeZone);

export const localDateOf = (instant: Instant, timeZone: string): LocalDate => dateOfWall(wallAt(instant, timeZone));

/** The instant of a date and a time in a zone: see `instantOfWall`. */
export const instantAt = (date: LocalDate, time: LocalTime, timeZone: string): Instant =>
  instantOfWall(wallOf(date, time), timeZone);

/**
 * The instant at which the walls of a zone show something. An hour that comes twice is its first coming; one that the night of
 * spring leaves out is the instant of the change, so that what is later on the wall is never earlier in time.
 *
 * (Luxon resolves the double hour by the offset of today: the same words would mean another instant in summer.)
 */
export function instantOfWall(wall: Wall, timeZone: string): Instant {
  // No zone is further than a day from UTC, and none changes twice in two days.
  const before = offsetAt(wall - DAY, timeZone);
  const after = offsetAt(wall + DAY, timeZone);
  if (before === after || offsetAt(wall - before, timeZone) === before) return wall - before;
  if (offsetAt(wall - after, timeZone) === after) return wall - after;
  return changeBetween(wall - after, wall - before, timeZone);
}

/** The first instant of the new offset, which holds at `late` and not yet at `early`. */
function changeBetween(early: Instant, late: Instant, timeZone: string): Instant {
  const offset = offsetAt(late, timeZone);
  let [not, yet] = [early, late];
  while (yet - not > 1) {
    const middle = Math.floor((not + yet) / 2);
    if (offsetAt(middle, timeZone) === offset) yet = middle;
    else not = middle;
  }
  return yet;
}

/** The offset of a zone, from the offsets at both ends of the day in UTC: no zone changes twice in a day. */
function offsetAt(instant: Instant, timeZone: string): Millis {
  const day = Math.floor(instant / DAY);
  const offset = offsetOfDay(day, timeZone);
  return offset === offsetOfDay(day + 1, timeZone) ? offset : readOffset(instant, timeZone);
}

/** The offset at the start of a day of UTC (days since 1970). A roster asks for the same days over and over. */
function offsetOfDay(day: number, timeZone: string): Millis {
  const zone = OFFSETS.get(timeZone) ?? new Map<number, Millis>();
  OFFSETS.set(timeZone, zone);
  const known = zone.get(day);
  if (known !== undefined) return known;
  const offset = readOffset(day * DAY, timeZone);
  // Ten years of days; a bad caller's centuries must not fill the memory.
  if (zone.size >= 3_660) zone.clear();
  zone.set(day, offset);
  return offset;
}

/** Results only (the same for ever for the same key): reading the zone's table costs a hundred times a look-up here. */
const OFFSETS = new Map<string, Map<number, Millis>>();

const readOffset = (instant: Instant, timeZone: string): Millis => IANAZone.create(timeZone).offset(instant) * MINUTE;
