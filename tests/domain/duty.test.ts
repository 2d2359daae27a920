import { expect, test } from '@jest/globals';
import { onDuty, gaps, nextHandOver, shifts } from '../../domain/duty-shifts.ts';
import { overlaps } from '../../domain/duty-overlaps.ts';
import type { Roster } from '../../domain/duty.ts';
import { territoryOfDepartment } from '../../domain/business-time.ts';
import { DAY, HOUR, toRfc3339 } from '../../domain/instant.ts';
import { NIGHTS, at, override, roster, rotation } from './duty-arrange.ts';

const who = (one: Roster, time: string): string[] => onDuty(one, at(time)).map(({ person }) => person.key);
const told = (one: Roster, from: string, to: string): string[] =>
  shifts(one, at(from), at(to)).map(
    (shift) =>
      `${shift.layer} ${shift.person.key} ${toRfc3339(shift.from).slice(5, 16)} ${(shift.to - shift.from) / HOUR}`,
  );

test('a daily rotation hands over at its local hour, the one who comes being on duty at that instant', () => {
  const daily = roster([rotation()]);
  expect(who(daily, '2026-01-05T08:29:59.999+01:00')).toEqual([]);
  expect(who(daily, '2026-01-05T08:30:00+01:00')).toEqual(['anne']);
  expect(who(daily, '2026-01-06T08:29:59.999+01:00')).toEqual(['anne']);
  expect(who(daily, '2026-01-06T08:30:00+01:00')).toEqual(['bruno']);
  expect(who(daily, '2026-07-06T08:30:00+02:00')).toEqual(['anne']);
  expect(onDuty(daily, at('2026-01-06T12:00:00+01:00'))).toMatchObject([
    { layer: 'first', source: 'rotation', since: at('2026-01-06T07:30:00Z'), until: at('2026-01-07T07:30:00Z') },
  ]);
});

test.each([
  [
    'spring',
    '2026-03-28T12:00:00Z',
    '2026-03-29T12:00:00Z',
    ['first anne 03-28T07:30 23', 'first bruno 03-29T06:30 24'],
  ],
  [
    'autumn',
    '2026-10-24T12:00:00Z',
    '2026-10-25T12:00:00Z',
    ['first anne 10-24T06:30 25', 'first bruno 10-25T07:30 24'],
  ],
])('the turn of the night of %s is an hour shorter or longer', (_name, from, to, expected) => {
  expect(told(roster([rotation()]), from, to)).toEqual(expected);
});

test('turns of twelve hours keep both local hours when the clock changes', () => {
  const turns = told(roster([rotation({ every: 12 * HOUR })]), '2026-10-24T12:00:00Z', '2026-10-25T20:00:00Z');
  expect(turns).toEqual([
    'first anne 10-24T06:30 12',
    'first bruno 10-24T18:30 13',
    'first anne 10-25T07:30 12',
    'first bruno 10-25T19:30 12',
  ]);
});

test('turns of an hour: spring leaves one out, autumn has one of two hours, the order of persons goes on', () => {
  const hourly = rotation({ every: HOUR, handOver: '00:00', people: ['anne', 'bruno', 'claire'] });
  expect(told(roster([hourly]), '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z').map((line) => line.slice(6))).toEqual([
    'bruno 03-29T00:00 1',
    'anne 03-29T01:00 1',
  ]);
  expect(told(roster([hourly]), '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z').map((line) => line.slice(6))).toEqual([
    'claire 10-25T00:00 2',
  ]);
});

test('without a change of clock overseas a turn is 24 hours long in every night of the year', () => {
  const guadeloupe = roster([rotation()], { territory: territoryOfDepartment('D971') });
  const year = shifts(guadeloupe, at('2026-02-01T12:30:00Z'), at('2027-02-01T12:30:00Z'));
  expect(new Set(year.map(({ from, to }) => to - from))).toEqual(new Set([DAY]));
  expect(year).toHaveLength(365);
  expect(who(guadeloupe, '2026-01-05T12:29:00Z')).toEqual([]);
  expect(who(guadeloupe, '2026-01-05T12:30:00Z')).toEqual(['anne']);
});

test('a weekly rotation hands over on its day, over the end of the year as well; its first turn is the shorter one', () => {
  const weekly = roster([rotation({ every: 7 * DAY, weekday: 'friday', handOver: '17:00', startsOn: '2026-12-21' })]);
  expect(told(weekly, '2026-12-01T00:00:00Z', '2027-01-08T00:00:00Z')).toEqual([
    'first anne 12-21T16:00 96',
    'first bruno 12-25T16:00 168',
    'first anne 01-01T16:00 168',
  ]);
});

test('a rotation that has ended leaves its place to the next one', () => {
  const two = roster([rotation({ endsOn: '2026-01-07' }), rotation({ startsOn: '2026-01-07', people: ['claire'] })]);
  expect(told(two, '2026-01-06T12:00:00Z', '2026-01-07T12:00:00Z').map((line) => line.slice(6))).toEqual([
    'bruno 01-06T07:30 24',
    'claire 01-07T07:30 24',
  ]);
  expect(overlaps(two, at('2026-01-01T00:00:00Z'), at('2026-02-01T00:00:00Z'))).toEqual([]);
});

test('a rotation of nights, week ends and holidays is on duty only then', () => {
  const nights = roster([rotation({ every: 7 * DAY, hours: NIGHTS, people: ['anne'] })]);
  expect(who(nights, '2026-11-24T12:00:00+01:00')).toEqual([]);
  expect(who(nights, '2026-11-24T18:30:00+01:00')).toEqual(['anne']);
  expect(who(nights, '2026-11-28T12:00:00+01:00')).toEqual(['anne']);
  // Wednesday 11 November is a holiday everywhere, 22 May in Martinique only.
  expect(who(nights, '2026-11-11T12:00:00+01:00')).toEqual(['anne']);
  const martinique = { ...nights, territory: territoryOfDepartment('D972') };
  expect([who(nights, '2026-05-22T12:00:00+02:00'), who(martinique, '2026-05-22T12:00:00-04:00')]).toEqual([
    [],
    ['anne'],
  ]);
  const [night] = onDuty(nights, at('2026-11-24T23:00:00+01:00'));
  expect(night?.until).toBe(at('2026-11-25T08:30:00+01:00'));
});

test('layers stand side by side, in their order', () => {
  const layers = [
    { name: 'first', rotations: [rotation()] },
    { name: 'second', rotations: [rotation({ people: ['claire'], hours: NIGHTS })] },
  ];
  const both = roster([], { layers });
  expect(who(both, '2026-11-28T12:00:00Z')).toEqual(['bruno', 'claire']);
  expect(who(both, '2026-11-27T12:00:00Z')).toEqual(['anne']);
});

test('a swap wins over the rotation, and ends the turn that it cuts', () => {
  const swap = override('2026-01-06T12:00:00Z', '2026-01-06T14:00:00Z', { person: 'claire' });
  const swapped = roster([rotation()], { overrides: [swap] });
  expect(told(swapped, '2026-01-06T08:00:00Z', '2026-01-06T20:00:00Z')).toEqual([
    'first bruno 01-06T07:30 4.5',
    'first claire 01-06T12:00 2',
    'first bruno 01-06T14:00 17.5',
  ]);
  expect(onDuty(swapped, at('2026-01-06T13:00:00Z'))).toMatchObject([{ source: 'override', until: swap.to }]);
});

test('an override puts somebody where the rotations have nobody', () => {
  const before = override('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', { person: 'claire' });
  expect(who(roster([rotation()], { overrides: [before] }), '2026-01-01T12:00:00Z')).toEqual(['claire']);
});

test('an absence without a replacement is a gap', () => {
  const away = override('2026-01-06T12:00:00Z', '2026-01-07T12:00:00Z');
  const hole = roster([rotation()], { overrides: [away] });
  expect(who(hole, '2026-01-06T12:00:00Z')).toEqual([]);
  expect(gaps(hole, at('2026-01-06T00:00:00Z'), at('2026-01-08T00:00:00Z'))).toEqual([
    { from: away.from, to: away.to },
  ]);
});

test('to replace a person touches only the shifts of that person, in every layer unless one is named', () => {
  const layers = [
    { name: 'first', rotations: [rotation()] },
    { name: 'second', rotations: [rotation({ people: ['bruno', 'anne'] })] },
  ];
  const away = override('2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z', {
    layer: null,
    replaces: 'anne',
    person: 'claire',
  });
  const replaced = roster([], { layers, overrides: [away] });
  expect(who(replaced, '2026-01-07T12:00:00Z')).toEqual(['claire', 'bruno']);
  expect(who(replaced, '2026-01-08T12:00:00Z')).toEqual(['bruno', 'claire']);
  expect(who(replaced, '2026-01-13T12:00:00Z')).toEqual(['anne', 'bruno']);
  expect(who({ ...replaced, overrides: [{ ...away, layer: 'second' }] }, '2026-01-07T12:00:00Z')).toEqual([
    'anne',
    'bruno',
  ]);
});

test('of two overrides of the same time the one named last holds, and the overlap is told', () => {
  const overrides = [
    override('2026-01-06T08:00:00Z', '2026-01-06T12:00:00Z', { person: 'anne' }),
    override('2026-01-06T10:00:00Z', '2026-01-06T14:00:00Z', { person: 'claire' }),
  ];
  const doubled = roster([rotation()], { overrides });
  expect(who(doubled, '2026-01-06T11:00:00Z')).toEqual(['claire']);
  expect(overlaps(doubled, at('2026-01-01T00:00:00Z'), at('2026-02-01T00:00:00Z'))).toEqual([
    {
      kind: 'overrides',
      pointer: '/overrides/0',
      layers: ['first'],
      people: ['claire', 'anne'],
      from: at('2026-01-06T10:00:00Z'),
      to: at('2026-01-06T12:00:00Z'),
    },
  ]);
});

test('two rotations of one layer at the same time are told, the first holding; the same person in both is none', () => {
  const weekend = rotation({ people: ['claire'], hours: [{ days: ['saturday'], from: '08:30', to: '18:30' }] });
  const doubled = roster([weekend, rotation({ people: ['anne'], endsOn: '2026-01-19' })]);
  expect(who(doubled, '2026-01-10T12:00:00Z')).toEqual(['claire']);
  const found = overlaps(doubled, at('2026-01-01T00:00:00Z'), at('2026-02-01T00:00:00Z'));
  expect(
    found.map(({ from, to, pointer, people }) => [toRfc3339(from).slice(8, 16), (to - from) / HOUR, pointer, people]),
  ).toEqual([
    ['10T07:30', 10, '/layers/0/rotations/1', ['claire', 'anne']],
    ['17T07:30', 10, '/layers/0/rotations/1', ['claire', 'anne']],
  ]);
  expect(overlaps(roster([rotation({ people: ['anne'] }), weekend, rotation({ people: ['anne'] })]), 0, 1)).toEqual([]);
});

test('one person in two layers is told once for as long as it lasts', () => {
  const layers = [
    { name: 'first', rotations: [rotation({ people: ['anne'] })] },
    { name: 'second', rotations: [rotation({ every: 12 * HOUR, people: ['anne'], endsOn: '2026-01-10' })] },
  ];
  expect(overlaps(roster([], { layers }), at('2026-01-01T00:00:00Z'), at('2026-02-01T00:00:00Z'))).toEqual([
    {
      kind: 'person',
      pointer: '/layers',
      layers: ['first', 'second'],
      people: ['anne'],
      from: at('2026-01-05T07:30:00Z'),
      to: at('2026-01-10T07:30:00Z'),
    },
  ]);
});

test('a gap is one of the hours that must be covered, in any layer or in the one asked for', () => {
  const layers = [
    { name: 'first', rotations: [rotation({ hours: NIGHTS })] },
    { name: 'second', rotations: [rotation({ startsOn: '2026-01-06', people: ['claire'] })] },
  ];
  const both = roster([], { layers });
  const [from, to] = [at('2026-01-05T00:00:00Z'), at('2026-01-06T23:00:00Z')];
  const daylight = { from: at('2026-01-06T07:30:00Z'), to: at('2026-01-06T17:30:00Z') };
  expect(gaps(both, from, to)).toEqual([{ from, to: at('2026-01-05T17:30:00Z') }]);
  expect(gaps(both, from, to, 'first')).toEqual([{ from, to: at('2026-01-05T17:30:00Z') }, daylight]);
  expect(gaps({ ...both, coverage: NIGHTS }, from, to, 'first')).toEqual([{ from, to: at('2026-01-05T07:30:00Z') }]);
  expect(gaps(both, to, from)).toEqual([]);
});

test('the next hand-over is to somebody else, into a gap or out of it', () => {
  const planned = roster([rotation({ people: ['anne', 'anne', 'bruno'], endsOn: '2026-01-08' })]);
  const next = (time: string) => {
    const found = nextHandOver(planned, at(time));
    return (
      found && [
        toRfc3339(found.at).slice(0, 16),
        ...[found.leaving, found.coming].map((list) => list.map((one) => one.person.key)),
      ]
    );
  };
  expect(next('2025-01-01T00:00:00Z')).toEqual(['2026-01-05T07:30', [], ['anne']]);
  expect(next('2026-01-05T07:30:00Z')).toEqual(['2026-01-07T07:30', ['anne'], ['bruno']]);
  expect(next('2026-01-07T07:30:00Z')).toEqual(['2026-01-08T07:30', ['bruno'], []]);
  expect(next('2026-01-08T07:30:00Z')).toBeNull();
  expect(nextHandOver(roster([rotation({ people: ['anne'] })]), at('2026-02-01T00:00:00Z'))).toBeNull();
});

test('a roster without layers has nobody, always', () => {
  const empty = roster([], { layers: [] });
  expect([onDuty(empty, 0), shifts(empty, 0, DAY), gaps(empty, 0, DAY)]).toEqual([[], [], [{ from: 0, to: DAY }]]);
});
