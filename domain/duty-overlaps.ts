import { crossings, type Crossing, type Span } from './business-time-spans.ts';
import { turnsOf } from './duty-rotation.ts';
import { shiftsOfLayer } from './duty-shifts.ts';
import type { Layer, Override, Roster } from './duty.ts';
import type { Instant } from './instant.ts';
import { pointerTo } from './input.ts';

/**
 * More than one answer to «who is on duty?», cut at the ends of the period asked for.
 * - `rotations`: two rotations of one layer; the one named first holds
 * - `overrides`: two overrides of the same thing; the one named last holds
 * - `person`: the same person in two layers: nobody stands behind
 */
export interface Overlap extends Span {
  readonly kind: 'rotations' | 'overrides' | 'person';
  /** RFC 6901, in the roster's document: the layer or the override that yields; `/layers` for a person. */
  readonly pointer: string;
  /** Names; two for a person, none for overrides of whatever layer. */
  readonly layers: readonly string[];
  /** Keys of those concerned, who holds first; null: nobody. */
  readonly people: readonly (string | null)[];
}

/** All overlaps between two instants: layer by layer, then overrides, then persons; each kind in order of time. */
export function overlaps(roster: Roster, from: Instant, to: Instant): Overlap[] {
  if (to <= from) return [];
  const window = { from, to };
  return [
    ...roster.layers.flatMap((layer, index) => joined(ofRotations(roster, layer, index, window))),
    ...ofOverrides(roster.overrides, window),
    ...pairs(roster.layers).flatMap(([one, other]) => joined(ofPerson(roster, [one, other], window))),
  ];
}

function ofRotations(roster: Roster, layer: Layer, index: number, window: Span): Overlap[] {
  const planned = layer.rotations.map((rotation, at) => ({ at, turns: turnsOf(rotation, roster.territory, window) }));
  return pairs(planned).flatMap(([holding, yielding]) =>
    cut(crossings(holding.turns, yielding.turns), window)
      .filter(({ one, other }) => one.person !== other.person)
      .map(({ one, other, from, to }) => ({
        from,
        to,
        kind: 'rotations',
        pointer: pointerTo('layers', index, 'rotations', yielding.at),
        layers: [layer.name],
        people: [one.person, other.person],
      })),
  );
}

function ofOverrides(overrides: readonly Override[], window: Span): Overlap[] {
  const found = pairs(overrides.map((override, index) => ({ override, index }))).flatMap(([early, late]): Overlap[] => {
    const [one, other] = [early.override, late.override];
    if (!concernTheSame(one, other)) return [];
    return cut(crossings([other], [one]), window).map(({ from, to }) => ({
      from,
      to,
      kind: 'overrides',
      pointer: pointerTo('overrides', early.index),
      layers: [other.layer ?? one.layer].filter((name) => name !== null),
      people: [other.person, one.person],
    }));
  });
  return found.toSorted((a, b) => a.from - b.from);
}

const concernTheSame = (one: Override, other: Override): boolean =>
  one.replaces === other.replaces && (one.layer === other.layer || one.layer === null || other.layer === null);

function ofPerson(roster: Roster, [one, other]: readonly [Layer, Layer], window: Span): Overlap[] {
  const met = crossings(shiftsOfLayer(roster, one, window), shiftsOfLayer(roster, other, window));
  return cut(met, window)
    .filter((crossing) => crossing.one.person.key === crossing.other.person.key)
    .map((crossing) => ({
      from: crossing.from,
      to: crossing.to,
      kind: 'person',
      pointer: '/layers',
      layers: [one.name, other.name],
      people: [crossing.one.person.key],
    }));
}

const pairs = <T>(list: readonly T[]): (readonly [T, T])[] =>
  list.flatMap((one, index) => list.slice(index + 1).map((other) => [one, other] as const));

const cut = <A, B>(found: readonly Crossing<A, B>[], { from, to }: Span): Crossing<A, B>[] =>
  found
    .map((one) => ({ ...one, from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.from < one.to);

/** Overlaps in order, where one goes on as the next: the same persons night after night are still two, a hand-over is not. */
function joined(found: readonly Overlap[]): Overlap[] {
  const result: Overlap[] = [];
  const latest = new Map<string, number>();
  for (const one of found.toSorted((a, b) => a.from - b.from)) {
    const key = [one.pointer, ...one.people].join('\n');
    const index = latest.get(key) ?? -1;
    const before = result[index];
    if (before?.to === one.from) result[index] = { ...before, to: one.to };
    else latest.set(key, result.push(one) - 1);
  }
  return result;
}
