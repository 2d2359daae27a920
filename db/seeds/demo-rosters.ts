import { sql } from 'kysely';
import { territoryOf } from '../../domain/business-time.ts';
import { rosterDocument, type RosterDocument } from '../../domain/duty-document.ts';
import type { DutyPerson, Roster, Rotation } from '../../domain/duty.ts';
import { DAY, HOUR } from '../../domain/instant.ts';
import type { Sql } from '../database.ts';
import { ORGANISATIONS, type SeedOrganisation } from './organisations.ts';

/** A Monday. */
const FIRST_DAY = '2026-01-05';

const rotation = (people: readonly DutyPerson[], changes: Partial<Rotation>): Rotation => ({
  every: 7 * DAY,
  handOver: '08:30',
  weekday: 'monday',
  startsOn: FIRST_DAY,
  endsOn: null,
  people: people.map(({ key }) => key),
  hours: null,
  ...changes,
});

/** Persons by their function: nobody real, `.example` addresses, numbers reserved for fiction (06 39 98 …). */
function arsRoster(one: SeedOrganisation): Roster {
  const code = one.regionCode ?? '';
  const person = (key: string, name: string, row: number): DutyPerson => ({
    key,
    name,
    mail: `ars${code}-${key}@ars-${code}.example`,
    phone: `+33639980${row}${code}`,
  });
  const officers = [1, 2, 3, 4].map((n) => person(`cadre-${n}`, `Cadre d’astreinte ${n} – ${one.name}`, n));
  const directors = [1, 2, 3].map((n) => person(`direction-${n}`, `Direction d’astreinte ${n} – ${one.name}`, n + 4));
  return {
    organisation: one.id,
    territory: territoryOf(one),
    coverage: null,
    people: [...officers, ...directors],
    layers: [
      { name: 'Premier niveau', rotations: [rotation(officers, {})] },
      { name: 'Direction', rotations: [rotation(directors, {})] },
    ],
    overrides: [],
  };
}

/** Day and night at the desk, around the clock. */
function deskRoster(one: SeedOrganisation): Roster {
  const people = [1, 2, 3, 4, 5].map((n) => ({
    key: `officier-${n}`,
    name: `Officier de permanence ${n} – CORRUSS`,
    mail: `officier-${n}@corruss.example`,
    phone: `+3363998090${n}`,
  }));
  const shifts = rotation(people, { every: 12 * HOUR, handOver: '08:00', weekday: null });
  return {
    organisation: one.id,
    territory: territoryOf(one),
    coverage: null,
    people,
    layers: [{ name: 'Permanence', rotations: [shifts] }],
    overrides: [],
  };
}

/** The rosters of the embedded desk, by organisation: the 18 ARS and CORRUSS. */
export const DEMO_ROSTERS: ReadonlyMap<string, RosterDocument> = new Map(
  ORGANISATIONS.flatMap((one) => {
    if (one.kind === 'ars') return [[one.id, rosterDocument(arsRoster(one))] as const];
    return one.id === 'CORRUSS' ? [[one.id, rosterDocument(deskRoster(one))] as const] : [];
  }),
);

/** Gives a roster to each organisation that never had one: what somebody has changed or taken away stays so. */
export async function seedDemoRosters(database: Sql): Promise<void> {
  const rows = [...DEMO_ROSTERS].map(([organisation, document]) => ({ organisation, document }));
  await sql`
    insert into duty_roster (organisation_id, version, document, updated_at, updated_by)
    select organisation, 1, document, now(), 'vigie'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (organisation text, document jsonb)
    on conflict do nothing`.execute(database);
}
