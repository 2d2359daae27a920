import { instantOfWall, isLocalDate, isLocalTime, wallAt, wallOf } from '../business-time-local.ts';
import { parseDuration } from '../duration.ts';
import { DAY, type Instant } from '../instant.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { PARIS } from '../wording.ts';

/** The calendar of a campaign as its author writes it. */
export interface AskedCalendar {
  /** RFC 3339, or what the walls of Paris show (`2026-12-01T08:00`); null: when it is opened. */
  readonly opensAt: string | null;
  /** As `opensAt`, or an ISO 8601 duration after the opening. */
  readonly closesAt: string;
  /** ISO 8601 durations before the closing. The shortest of several is the last call. */
  readonly remindBefore: readonly string[];
  /** As `closesAt`, durations counted from the closing; null: none. */
  readonly validateUntil: string | null;
  readonly acceptUntil: string | null;
}

/** The same in instants, once the campaign is opened. */
export interface CampaignCalendar {
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  /** ISO 8601 durations: they follow the closing when it moves. */
  readonly remindBefore: readonly string[];
  readonly validateUntil: Instant | null;
  readonly acceptUntil: Instant | null;
}

const WALL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})$/;

/** The instant that a text names by itself: RFC 3339, or date and hour on the walls of Paris; null for anything else. */
export function namedInstant(text: string): Instant | null {
  const [, date = '', time = ''] = WALL.exec(text) ?? [];
  if (isLocalDate(date) && isLocalTime(time)) return instantOfWall(wallOf(date, time), PARIS);
  return parseRfc3339(text);
}

/**
 * A duration after (`1`) or before (`-1`) an instant; null when it is none. Whole days and weeks (`P1D`) keep the hour on the
 * walls of Paris across a clock change; anything with hours (`PT24H`) is exact.
 */
export function shiftBy(from: Instant, duration: string, sign: 1 | -1): Instant | null {
  const length = parseDuration(duration);
  if (length === null) return null;
  if (duration.includes('T') || length % DAY !== 0) return from + sign * length;
  return instantOfWall(wallAt(from, PARIS) + sign * length, PARIS);
}

/** The instant that a text means, durations counted from `from`; null when it means none. */
export const meantInstant = (text: string, from: Instant): Instant | null =>
  namedInstant(text) ?? shiftBy(from, text, 1);

/**
 * The calendar in instants, for a campaign opened at `now`: an opening that is past is now.
 * @throws RangeError when a text means no instant (`calendarErrors` has refused it before)
 */
export function resolveCalendar(asked: AskedCalendar, now: Instant): CampaignCalendar {
  const opensAt = Math.max(now, asked.opensAt === null ? now : meant(asked.opensAt, now));
  const closesAt = meant(asked.closesAt, opensAt);
  return {
    opensAt,
    closesAt,
    remindBefore: asked.remindBefore,
    validateUntil: asked.validateUntil === null ? null : meant(asked.validateUntil, closesAt),
    acceptUntil: asked.acceptUntil === null ? null : meant(asked.acceptUntil, closesAt),
  };
}

function meant(text: string, from: Instant): Instant {
  const found = meantInstant(text, from);
  if (found === null) throw new RangeError('a moment is RFC 3339, a wall of Paris or a duration');
  return found;
}

export interface Reminder {
  readonly at: Instant;
  readonly lastCall: boolean;
}

/** The reminders of a calendar, earliest first; each instant once. The last of several is the last call. */
export function remindersOf({ closesAt, remindBefore }: CampaignCalendar): readonly Reminder[] {
  const instants = remindBefore.flatMap((before) => shiftBy(closesAt, before, -1) ?? []);
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  return sorted.map((at, index) => ({ at, lastCall: sorted.length > 1 && index === sorted.length - 1 }));
}

/**
 * The calendar with another closing: what is after it moves by the same difference on the walls of Paris, whatever clock change lies
 * between; reminders follow it by themselves.
 */
export function moveClosing(calendar: CampaignCalendar, closesAt: Instant): CampaignCalendar {
  const difference = wallAt(closesAt, PARIS) - wallAt(calendar.closesAt, PARIS);
  const moved = (instant: Instant | null): Instant | null =>
    instant === null ? null : instantOfWall(wallAt(instant, PARIS) + difference, PARIS);
  return {
    ...calendar,
    closesAt,
    validateUntil: moved(calendar.validateUntil),
    acceptUntil: moved(calendar.acceptUntil),
  };
}

/**
 * When reminders were to leave that never will once the closing moves at `now`: by the new one they would be past, or before the
 * opening. Earliest first.
 */
export function overtakenReminders(
  before: CampaignCalendar,
  after: CampaignCalendar,
  now: Instant,
): readonly Instant[] {
  const from = Math.max(now, after.opensAt);
  const planned = before.remindBefore.flatMap((length) => {
    const [was, is] = [shiftBy(before.closesAt, length, -1), shiftBy(after.closesAt, length, -1)];
    return was !== null && is !== null && was > from && is <= from ? [was] : [];
  });
  return [...new Set(planned)].sort((a, b) => a - b);
}
