import { instantOfWall, wallAt, wallOf, weekdayOf, WEEKDAYS, type Wall } from './business-time-local.ts';
import { touches, within, type Span } from './business-time-spans.ts';
import { dutyHoursBetween, type CivilTerritory } from './business-time.ts';
import { DAY } from './instant.ts';
import type { Rotation } from './duty.ts';

/** One turn of a rotation, or the part of it within the rotation's hours; `person` is a key. */
export interface Turn extends Span {
  readonly person: string;
}

/** The turns that touch a window, whole, in order. Empty before `startsOn` and after `endsOn`. */
export function turnsOf(rotation: Rotation, territory: CivilTerritory, window: Span): Turn[] {
  const turns = wholeTurns(rotation, territory.timeZone, window);
  const { hours } = rotation;
  const [first, last] = [turns[0], turns.at(-1)];
  if (hours === null || first === undefined || last === undefined) return turns;
  const open = dutyHoursBetween({ from: first.from, to: last.to }, territory, hours);
  return within(turns, open).filter((turn) => touches(turn, window));
}

/** Turns are laid out on the wall, where days have 24 hours, and only then become instants. */
function wholeTurns(rotation: Rotation, timeZone: string, window: Span): Turn[] {
  const { every, handOver, startsOn, endsOn, people } = rotation;
  const start = wallOf(startsOn, handOver);
  const end = endsOn === null ? Infinity : wallOf(endsOn, handOver);
  const base = start - daysInto(rotation) * DAY;
  const turnAt = (wall: Wall): number => Math.floor((wall - base) / every);
  // The change of the clock moves a wall by an hour at most: one turn more on either side is enough.
  const first = Math.max(0, turnAt(wallAt(window.from, timeZone)) - 1);
  const last = turnAt(Math.min(wallAt(window.to, timeZone), end)) + 1;
  const turns: Turn[] = [];
  for (let index = first; index <= last; index += 1) {
    const from = Math.max(base + index * every, start);
    const to = Math.min(base + (index + 1) * every, end);
    const person = people[index % people.length];
    if (from >= to || person === undefined) continue;
    const turn = { person, from: instantOfWall(from, timeZone), to: instantOfWall(to, timeZone) };
    // A turn of the hour that spring leaves out has no time at all.
    if (turn.from < turn.to && touches(turn, window)) turns.push(turn);
  }
  return turns;
}

/** Days from the hand-over day on or before `startsOn` to it. */
const daysInto = ({ weekday, startsOn }: Rotation): number =>
  weekday === null ? 0 : (WEEKDAYS.indexOf(weekdayOf(startsOn)) - WEEKDAYS.indexOf(weekday) + 7) % 7;
