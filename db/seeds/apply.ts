import { sql } from 'kysely';
import type { Sql } from '../database.ts';
import { newId } from '../ids.ts';
import type { DemoContact } from './demo-contacts.ts';
import { ORGANISATIONS } from './organisations.ts';

/** Writes the reference organisations; run again it brings their names and territories up to date and touches no contact. */
export async function seedOrganisations(database: Sql): Promise<void> {
  const rows = ORGANISATIONS.map((one) => ({
    id: one.id,
    kind: one.kind,
    name: one.name,
    region_code: one.regionCode,
    departments: [...one.departments],
    zone: one.zone,
    zone_lead: one.zoneLead,
    time_zone: one.timeZone,
  }));
  await database
    .insertInto('organisation')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        kind: excluded.ref('excluded.kind'),
        name: excluded.ref('excluded.name'),
        region_code: excluded.ref('excluded.region_code'),
        departments: excluded.ref('excluded.departments'),
        zone: excluded.ref('excluded.zone'),
        zone_lead: excluded.ref('excluded.zone_lead'),
        time_zone: excluded.ref('excluded.time_zone'),
      })),
    )
    .execute();
}

/**
 * Gives demo contacts to each organisation that never had any. Its row in `contact_version` says that it had: a contact
 * that somebody has corrected or taken away stays so.
 */
export async function seedDemoContacts(database: Sql, contacts: readonly DemoContact[]): Promise<void> {
  const rows = contacts.map((contact) => ({ ...contact, id: newId() }));
  await sql`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as c (id uuid, organisation text, kind text, channel text, address text, name text)
    ), first_time as (
      insert into contact_version (organisation_id) select distinct organisation from wanted
      on conflict do nothing returning organisation_id
    )
    insert into contact (id, organisation_id, kind, channel, address, name, updated_at)
    select id, organisation, kind, channel, address, name, now()
    from wanted join first_time on first_time.organisation_id = wanted.organisation
    where not exists (select from contact where contact.organisation_id = wanted.organisation)`.execute(database);
}
