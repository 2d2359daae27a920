import fc from 'fast-check';
import { WEEKDAYS } from '../../domain/business-time-local.ts';
import { DAY_NAMES, NATION, territoryOfDepartment, type DailyHours } from '../../domain/business-time.ts';
import type { DutyPerson, Override, Roster, Rotation } from '../../domain/duty.ts';
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';

export const at = (text: string): number => Date.parse(text);

const person = (key: string, name: string): DutyPerson => ({ key, name, mail: `${key}@ars.example`, phone: null });
export const ANNE = person('anne', 'Anne Martin');
export const BRUNO = person('bruno', 'Bruno Petit');
export const CLAIRE = person('claire', 'Claire Roy');
export const PEOPLE = [ANNE, BRUNO, CLAIRE];

export const NIGHTS: readonly DailyHours[] = [
  { days: WEEKDAYS.slice(0, 5), from: '18:30', to: '08:30' },
  { days: ['saturday', 'sunday', 'holiday'], from: '08:30', to: '08:30' },
];

export const rotation = (changes: Partial<Rotation> = {}): Rotation => ({
  every: DAY,
  handOver: '08:30',
  weekday: null,
  startsOn: '2026-01-05',
  endsOn: null,
  people: ['anne', 'bruno'],
  hours: null,
  ...changes,
});

export const override = (from: string, to: string, changes: Partial<Override> = {}): Override => ({
  layer: 'first',
  replaces: null,
  person: null,
  from: at(from),
  to: at(to),
  reason: null,
  ...changes,
});

/** A roster of one layer, `first`, unless told otherwise. */
export const roster = (rotations: readonly Rotation[], changes: Partial<Roster> = {}): Roster => ({
  organisation: 'ARS-84',
  territory: NATION,
  coverage: null,
  people: PEOPLE,
  layers: [{ name: 'first', rotations }],
  overrides: [],
  ...changes,
});

/** Starts of weeks that hold a change of the clock, the end of a year, a leap day, or nothing. */
const WEEKS = ['2026-03-26', '2026-10-22', '2026-12-28', '2028-02-27', '2026-06-08', '2026-04-01'];

export const instants = fc
  .tuple(fc.constantFrom(...WEEKS), fc.nat(7 * 24 * 4))
  .map(([day, quarters]) => at(`${day}T00:00:00Z`) + quarters * 15 * MINUTE);

const times = fc.constantFrom('00:00', '02:00', '02:30', '03:00', '08:30', '18:30', '23:45');
const hours = fc.option(
  fc.oneof<fc.Arbitrary<readonly DailyHours[]>[]>(
    fc.constant(NIGHTS),
    fc.record({ days: fc.subarray([...DAY_NAMES], { minLength: 1 }), from: times, to: times }).map((one) => [one]),
  ),
  { nil: null },
);

const rotations = fc
  .record({
    every: fc.constantFrom(1, 6, 12, 24, 36, 72, 168, 336).map((count) => count * HOUR),
    handOver: times,
    weekday: fc.constantFrom(...WEEKDAYS),
    startsOn: fc.constantFrom('2025-11-05', '2026-03-28', '2026-10-24', '2026-12-31'),
    endsOn: fc.constantFrom(null, null, '2026-10-26', '2027-01-01', '2030-01-01'),
    people: fc.array(fc.constantFrom('anne', 'bruno', 'claire'), { minLength: 1, maxLength: 3 }),
    hours,
  })
  .map((one): Rotation => ({
    ...one,
    weekday: one.every % (7 * DAY) === 0 ? one.weekday : null,
    endsOn: one.endsOn !== null && one.endsOn <= one.startsOn ? null : one.endsOn,
  }));

const overrides = fc
  .record({
    layer: fc.constantFrom('first', 'second'),
    everywhere: fc.boolean(),
    replaces: fc.constantFrom(null, 'anne', 'bruno'),
    person: fc.constantFrom(null, 'anne', 'bruno', 'claire'),
    from: instants,
    length: fc.constantFrom(1, 4, 10, 30, 24 * 9).map((count) => count * HOUR),
  })
  .map(({ everywhere, length, ...one }): Override => ({
    ...one,
    layer: everywhere && one.replaces !== null ? null : one.layer,
    to: one.from + length,
    reason: null,
  }));

/** Rosters of one or two layers, of Paris, Guadeloupe or La Réunion, with and without overrides. */
export const rosters = fc
  .record({
    territory: fc.constantFrom(NATION, NATION, territoryOfDepartment('D971'), territoryOfDepartment('D974')),
    first: fc.array(rotations, { minLength: 1, maxLength: 3 }),
    second: fc.array(rotations, { maxLength: 2 }),
    overrides: fc.array(overrides, { maxLength: 4 }),
    coverage: hours,
  })
  .map(({ territory, first, second, overrides: swaps, coverage }): Roster => ({
    organisation: 'ARS-84',
    territory,
    coverage,
    people: PEOPLE,
    layers: [
      { name: 'first', rotations: first },
      { name: 'second', rotations: second },
    ],
    overrides: swaps,
  }));
