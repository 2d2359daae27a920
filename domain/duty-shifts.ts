import { covers, inOrder, touches, union, within, without, type Span } from './business-time-spans.ts';
import { dutyHoursBetween } from './business-time.ts';
import { turnsOf, type Turn } from './duty-rotation.ts';
import type { Duty, DutyPerson, Layer, Override, Roster, Shift, ShiftSource } from './duty.ts';
import { DAY, type Instant } from './instant.ts';

interface Piece extends Turn {
  readonly source: ShiftSource;
}

/**
 * The shifts that touch `[from, to)`, whole (a shift may begin before and end after): layer by layer, in order, without overlap
 * inside a layer. A turn ends at its hand-over, also when the same person goes on.
 */
export const shifts = (roster: Roster, from: Instant, to: Instant): Shift[] =>
  roster.layers.flatMap((layer) => shiftsOfLayer(roster, layer, { from, to }));

export function shiftsOfLayer(roster: Roster, layer: Layer, window: Span): Shift[] {
  if (window.to <= window.from) return [];
  const people = new Map(roster.people.map((person) => [person.key, person]));
  return piecesOf(roster, layer, window)
    .filter((piece) => touches(piece, window))
    .flatMap((piece) => asShift(piece, layer, people.get(piece.person)));
}

const asShift = ({ from, to, source }: Piece, { name }: Layer, person: DutyPerson | undefined): Shift[] =>
  person === undefined ? [] : [{ layer: name, person, from, to, source }];

/** Who is on duty, in the order of the layers; empty when nobody is. At a hand-over it is the one who comes. */
export const onDuty = (roster: Roster, instant: Instant): Duty[] =>
  shifts(roster, instant, instant + 1).map(({ from, to, ...shift }) => ({ ...shift, since: from, until: to }));

/**
 * When nobody is on duty although somebody must be (`coverage`), cut at both ends, in order.
 * @param layer only this one counts; default: anybody, in whatever layer
 */
export function gaps(roster: Roster, from: Instant, to: Instant, layer?: string): Span[] {
  if (to <= from) return [];
  const required =
    roster.coverage === null ? [{ from, to }] : dutyHoursBetween({ from, to }, roster.territory, roster.coverage);
  return without(required, union(shifts(roster, from, to).filter((one) => layer === undefined || one.layer === layer)));
}

/** How far ahead a hand-over is looked for: a rotation of holidays has one within a year. */
const FURTHEST = 400 * DAY;
const STRIDE = 14 * DAY;

/** At `at` those of `leaving` hand over to those of `coming`; either may be empty. */
export interface HandOver {
  readonly at: Instant;
  readonly leaving: readonly Shift[];
  readonly coming: readonly Shift[];
}

/**
 * The next instant after `instant` at which the persons on duty change, in any layer. A hand-over to oneself is none. Null when
 * there is none within 400 days.
 */
export function nextHandOver(roster: Roster, instant: Instant): HandOver | null {
  for (let from = instant; from < instant + FURTHEST; from += STRIDE) {
    const [first] = handOvers(roster, from, from + STRIDE);
    if (first !== undefined) return first;
  }
  return null;
}

/** All of them after `from` and until `to`, in order. */
export function handOvers(roster: Roster, from: Instant, to: Instant): HandOver[] {
  const planned = shifts(roster, from - 1, to + 1);
  const bounds = new Set(planned.flatMap((shift) => [shift.from, shift.to]));
  const instants = [...bounds].filter((one) => from < one && one <= to).toSorted((a, b) => a - b);
  return instants.flatMap((at) => {
    const before = planned.filter((shift) => covers(shift, at - 1));
    const after = planned.filter((shift) => covers(shift, at));
    const leaving = before.filter((one) => !after.some((other) => isSameDuty(one, other)));
    const coming = after.filter((one) => !before.some((other) => isSameDuty(one, other)));
    return leaving.length + coming.length > 0 ? [{ at, leaving, coming }] : [];
  });
}

const isSameDuty = (one: Shift, other: Shift): boolean =>
  one.layer === other.layer && one.person.key === other.person.key;

function piecesOf(roster: Roster, layer: Layer, window: Span): Piece[] {
  // What hides a part of a turn overlaps that turn, so it begins or ends no further away than the longest turn (and an hour for
  // the change of the clock).
  const reach = Math.max(0, ...layer.rotations.map(({ every }) => every)) + DAY;
  const wide = { from: window.from - reach, to: window.to + reach };
  let pieces: Piece[] = [];
  for (const rotation of layer.rotations) {
    const turns = turnsOf(rotation, roster.territory, wide).map((turn) => ({ ...turn, source: 'rotation' as const }));
    pieces = inOrder([...pieces, ...without(turns, pieces)]);
  }
  return roster.overrides.filter((one) => one.layer === null || one.layer === layer.name).reduce(overridden, pieces);
}

function overridden(pieces: readonly Piece[], override: Override): Piece[] {
  const { replaces, person } = override;
  const touched: readonly Span[] =
    replaces === null
      ? [override]
      : within(
          pieces.filter((piece) => piece.person === replaces),
          [override],
        );
  const placed = touched.flatMap(({ from, to }) =>
    person === null ? [] : [{ person, from, to, source: 'override' as const }],
  );
  return inOrder([...without(pieces, touched), ...placed]);
}
