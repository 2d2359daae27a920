import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wallAt } from '../../domain/business-time-local.ts';
import { crossings, inOrder, lengthOf, touches, union, within } from '../../domain/business-time-spans.ts';
import { dutyHoursBetween, NATION } from '../../domain/business-time.ts';
import { overlaps } from '../../domain/duty-overlaps.ts';
import { gaps, nextHandOver, onDuty, shifts } from '../../domain/duty-shifts.ts';
import type { Roster } from '../../domain/duty.ts';
import { DAY, HOUR, MINUTE, type Instant } from '../../domain/instant.ts';
import { instants, override, roster, rosters, rotation } from './duty-arrange.ts';

const RUNS = { numRuns: 60 };

const names = (one: Roster, instant: Instant): string[] =>
  onDuty(one, instant).map(({ layer, person }) => `${layer} ${person.key}`);

test('at any instant who is on duty is who the shifts say, until when they say', () => {
  fc.assert(
    fc.property(rosters, instants, fc.nat(4 * 24 * 60), (one, from, minute) => {
      const instant = from + minute * MINUTE;
      const planned = shifts(one, from, from + 4 * DAY + 1).filter(
        (shift) => shift.from <= instant && instant < shift.to,
      );
      const expected = planned.map(({ from: since, to: until, ...shift }) => ({ ...shift, since, until }));
      expect(onDuty(one, instant)).toEqual(expected);
    }),
    RUNS,
  );
});

test('a window of any width shows the same shifts, whole', () => {
  fc.assert(
    fc.property(rosters, instants, fc.integer({ min: 1, max: 72 }), (one, from, hours) => {
      const window = { from, to: from + hours * HOUR };
      const wide = shifts(one, from - 4 * DAY, from + 6 * DAY).filter((shift) => touches(shift, window));
      expect(shifts(one, window.from, window.to)).toEqual(wide);
    }),
    RUNS,
  );
});

test('the shifts of a layer follow each other without overlap, none empty', () => {
  fc.assert(
    fc.property(rosters, instants, (one, from) => {
      const planned = shifts(one, from, from + 5 * DAY);
      for (const { name } of one.layers) {
        const own = planned.filter(({ layer }) => layer === name);
        expect(inOrder(own)).toEqual(own);
        expect(
          own.every((shift, index) => shift.from < shift.to && shift.to <= (own[index + 1]?.from ?? Infinity)),
        ).toBe(true);
      }
    }),
    RUNS,
  );
});

test('gaps and shifts together are the time that must be covered, and never meet', () => {
  fc.assert(
    fc.property(rosters, instants, (one, from) => {
      const window = { from, to: from + 5 * DAY };
      const required = one.coverage === null ? [window] : dutyHoursBetween(window, one.territory, one.coverage);
      const holes = gaps(one, window.from, window.to);
      const covered = within(required, union(shifts(one, window.from, window.to)));
      expect(union([...holes, ...covered])).toEqual(union(required));
      expect(lengthOf(holes) + lengthOf(covered)).toBe(lengthOf(required));
      expect(holes.every((hole) => onDuty(one, hole.from).length === 0 && onDuty(one, hole.to - 1).length === 0)).toBe(
        true,
      );
    }),
    RUNS,
  );
});

test('the last override of a time wins: its person, or nobody, from its first instant to its last', () => {
  fc.assert(
    fc.property(
      rosters,
      instants,
      fc.constantFrom(null, 'anne', 'claire'),
      fc.integer({ min: 1, max: 60 }),
      (one, from, person, hours) => {
        const to = from + hours * HOUR;
        const last = { ...override('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'), from, to, person };
        const swapped = { ...one, overrides: [...one.overrides, last] };
        for (const instant of [from, from + Math.floor((hours * HOUR) / 2), to - 1]) {
          const first = onDuty(swapped, instant).filter(({ layer }) => layer === 'first');
          expect(first.map((duty) => [duty.person.key, duty.source, duty.until])).toEqual(
            person === null ? [] : [[person, 'override', to]],
          );
        }
        // Nothing else moves: not the other layer, not the time around it.
        expect(names(swapped, to)).toEqual(names(one, to));
        expect(names(swapped, from - 1)).toEqual(names(one, from - 1));
        expect(names(swapped, from).filter((name) => name.startsWith('second'))).toEqual(
          names(one, from).filter((name) => name.startsWith('second')),
        );
      },
    ),
    RUNS,
  );
});

test('who is on duty stays the same until the next hand-over, and changes there', () => {
  fc.assert(
    fc.property(rosters, instants, fc.nat(99), (one, instant, share) => {
      const next = nextHandOver(one, instant);
      const [now, until] = [names(one, instant), next?.at ?? instant + 20 * DAY];
      expect(until).toBeGreaterThan(instant);
      const between = instant + Math.floor(((until - instant) * share) / 100);
      expect([names(one, between), names(one, until - 1)]).toEqual([now, now]);
      if (next === null) return;
      const change = (list: typeof next.leaving): string[] => list.map(({ layer, person }) => `${layer} ${person.key}`);
      expect(names(one, until).toSorted()).toEqual(
        [...now.filter((name) => !change(next.leaving).includes(name)), ...change(next.coming)].toSorted(),
      );
      expect(names(one, until)).not.toEqual(now);
    }),
    { numRuns: 60 },
  );
});

test('an overlap of persons is there exactly when somebody is on duty in two layers', () => {
  fc.assert(
    fc.property(rosters, instants, fc.nat(4 * 24 * 60), (one, from, minute) => {
      const instant = from + minute * MINUTE;
      const keys = onDuty(one, instant).map(({ person }) => person.key);
      const found = overlaps(one, from, from + 4 * DAY + 1).filter(
        (overlap) => overlap.kind === 'person' && overlap.from <= instant && instant < overlap.to,
      );
      expect(found.map(({ people }) => people[0])).toEqual(new Set(keys).size < keys.length ? [keys[0]] : []);
    }),
    RUNS,
  );
});

test('a rotation without end hands over at its local hour on each day of four years, in the order of its persons', () => {
  const [from, to] = [Date.parse('2026-01-05T12:00:00Z'), Date.parse('2030-01-05T12:00:00Z')];
  const turns = shifts(roster([rotation({ people: ['anne', 'bruno', 'claire'] })]), from, to);
  expect(turns).toHaveLength(1462);
  expect(turns.every((turn) => wallAt(turn.from, NATION.timeZone) % DAY === 8.5 * HOUR)).toBe(true);
  expect(turns.every((turn, index) => turn.person.key === ['anne', 'bruno', 'claire'][index % 3])).toBe(true);
  expect(turns.every((turn, index) => index === 0 || turn.from === turns[index - 1]!.to)).toBe(true);
  const odd = turns.filter((turn) => turn.to - turn.from !== DAY).map((turn) => (turn.to - turn.from) / HOUR);
  expect(odd).toEqual([23, 25, 23, 25, 23, 25, 23, 25]);
  expect(crossings(turns, turns)).toHaveLength(turns.length);
});
