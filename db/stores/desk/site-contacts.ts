import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Channel } from '../../../domain/instruction.ts';
import { type Database, newId, type Sql, type Transaction } from '../../database.ts';
import { appendToChains, organisationSubject } from '../audit.ts';
import { closeReportsOfGone } from '../bounced-reports.ts';
import { toJson } from '../json.ts';
import type { NewContact } from './contacts.ts';

/** The alert entry point of a site by one channel: the first of its kind there. */
export interface SiteContactEntry {
  /** SITE-<FINESS> */
  readonly site: string;
  readonly channel: Channel;
  readonly address: string;
  /** Empty: the name that is known stays. */
  readonly name: string;
}

export interface SiteContactDifference {
  readonly site: string;
  readonly name: string;
  readonly channel: Channel;
  readonly from: string | null;
  readonly to: string;
}

const ENTRY = sql`entry (site text, channel text, address text, name text)`;

/** What the entries change, in the order of the sites; a name is that of the mail address, as the export tells it. */
export async function compareSiteContacts(
  db: Sql,
  entries: readonly SiteContactEntry[],
): Promise<SiteContactDifference[]> {
  const { rows } = await sql<SiteContactDifference>`
    select entry.site, o.name, entry.channel, c.address as "from", entry.address as "to"
    from jsonb_to_recordset(${toJson(entries)}::jsonb) as ${ENTRY} join organisation o on o.id = entry.site
    left join contact c on c.organisation_id = entry.site and c.kind = 'alertBox' and c.channel = entry.channel and c.position = 0
    where c.address is distinct from entry.address or (entry.channel = 'mail' and entry.name <> '' and c.name <> entry.name)
    order by entry.site, entry.channel`.execute(db);
  return rows;
}

/** Writes them, all or nothing, each site under a new version of its contacts and with its line in the audit. */
export function importSiteContacts(
  database: Database,
  keys: KeyRing,
  entries: readonly SiteContactEntry[],
  { by, now }: { readonly by: Actor; readonly now: number },
): Promise<SiteContactDifference[]> {
  return database.sql.transaction().execute(async (trx) => {
    await lockVersions(trx, [...new Set(entries.map(({ site }) => site))].sort());
    const differences = await compareSiteContacts(trx, entries);
    const sites = [...new Set(differences.map(({ site }) => site))];
    if (sites.length === 0) return [];
    const rows = entries.map((entry) => ({ ...entry, id: newId() }));
    await sql`
      insert into contact as c (id, organisation_id, kind, channel, address, name, position, updated_at)
      select id, site, 'alertBox', channel, address, name, 0, ${new Date(now)}::timestamptz
      from jsonb_to_recordset(${toJson(rows)}::jsonb) as entry (id uuid, site text, channel text, address text, name text)
      where site = any(${sites}::text[])
      on conflict (organisation_id, kind, channel, position) do update set address = excluded.address,
        name = coalesce(nullif(excluded.name, ''), c.name), updated_at = excluded.updated_at`.execute(trx);
    await closeReportsOfGone(trx, sites, { by, now });
    await appendToChains(trx, keys, await facts(trx, sites, { by, now }));
    return differences;
  });
}

/** One writer of a site's contacts at a time, whoever replaces them all included. */
async function lockVersions(trx: Transaction, sites: readonly string[]): Promise<void> {
  await sql`
    insert into contact_version (organisation_id, version) select id, 1 from unnest(${[...sites]}::text[]) id order by id
    on conflict (organisation_id) do update set version = contact_version.version`.execute(trx);
}

async function facts(
  trx: Transaction,
  sites: readonly string[],
  { by, now }: { readonly by: Actor; readonly now: number },
): Promise<Map<string, Fact[]>> {
  const { rows } = await sql<{ site: string; version: number; contacts: NewContact[] }>`
    with raised as (
      update contact_version set version = version + 1 where organisation_id = any(${[...sites]}::text[])
      returning organisation_id as site, version
    )
    select raised.site, raised.version, (
      select jsonb_agg(jsonb_build_object('kind', c.kind, 'channel', c.channel, 'address', c.address, 'name', c.name)
        order by c.kind, c.channel, c.position) from contact c where c.organisation_id = raised.site) as contacts
    from raised`.execute(trx);
  return new Map(
    rows.map(({ site, version, contacts }) => [
      organisationSubject(site),
      [{ at: now, kind: 'contactsChanged', organisation: site, actor: by, data: { version, contacts } }],
    ]),
  );
}
