import type { RosterDocument } from '../../domain/duty-document.ts';

/** A document as an ARS sends it: two persons, a week each, from Monday 8 h 30. */
export const rosterBody = (changes: Partial<Record<keyof RosterDocument, unknown>> = {}) => ({
  people: [
    { key: 'anne', name: 'Anne Martin', mail: 'anne@ars-84.example', phone: '+33639980001' },
    { key: 'bruno', name: 'Bruno Petit', mail: 'bruno@ars-84.example', phone: null },
  ],
  layers: [{ name: 'Premier niveau', rotations: [weekly(['anne', 'bruno'])] }],
  ...changes,
});

export const weekly = (people: readonly string[], changes: object = {}) => ({
  every: 'P1W',
  handOver: '08:30',
  weekday: 'monday',
  startsOn: '2026-01-05',
  people,
  ...changes,
});

/** Nobody at all from an hour before now on, for two days. */
export const absent = (now: number) => ({
  layer: 'Premier niveau',
  person: null,
  from: new Date(now - 3_600_000).toISOString(),
  to: new Date(now + 48 * 3_600_000).toISOString(),
  reason: 'Pont',
});
