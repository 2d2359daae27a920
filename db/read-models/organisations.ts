import { sql } from 'kysely';
import type { Organisation } from '../../domain/organisation.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import type { ContactKind } from '../schema.ts';
import { inScope } from './scope.ts';

export interface ContactView {
  readonly kind: ContactKind;
  readonly channel: 'mail' | 'sms' | 'call';
  readonly address: string;
  readonly name: string;
}

export interface OrganisationDetail extends Organisation {
  readonly contactsVersion: number;
  readonly contacts: ContactView[];
}

interface Row {
  id: string;
  kind: Organisation['kind'];
  name: string;
  region_code: string | null;
  departments: string[];
  zone: string | null;
  zone_lead: boolean;
  time_zone: string;
}

/** Agencies and national organisations: an establishment is named nowhere where «all» is meant. */
const AGENCY_KINDS = ['ars', 'national'] as const;

/** Organisations of the scope by id, after `after`, without the establishments (`db/read-models/sites.ts`). */
export async function listOrganisations(
  db: Sql,
  scope: Scope,
  page: { readonly limit: number; readonly after: string | null },
): Promise<Organisation[]> {
  const { rows } = await sql<Row>`
    select * from organisation o where o.kind = any(${[...AGENCY_KINDS]}::text[]) and o.id > ${page.after ?? ''} and ${inScope(scope, 'o.id')}
    order by o.id limit ${page.limit}`.execute(db);
  return rows.map(toOrganisation);
}

/** Everybody that a draft may name: what `checkDraft` needs to know of who exists. No establishment. */
export async function directory(db: Sql): Promise<Organisation[]> {
  const rows = await db
    .selectFrom('organisation')
    .selectAll()
    .where('kind', 'in', AGENCY_KINDS)
    .orderBy('id')
    .execute();
  return rows.map(toOrganisation);
}

/** The agencies with their territories: by them an establishment finds its own. */
export const agenciesOf = async (db: Sql): Promise<Organisation[]> =>
  (await directory(db)).filter(({ kind }) => kind === 'ars');

export async function getOrganisation(db: Sql, id: string): Promise<OrganisationDetail | undefined> {
  const { rows } = await sql<Row & { version: number; contacts: ContactView[] }>`
    select o.*, coalesce(v.version, 1) as version, coalesce((
      select jsonb_agg(jsonb_build_object('kind', c.kind, 'channel', c.channel, 'address', c.address, 'name', c.name)
        order by c.kind, c.channel, c.position)
      from contact c where c.organisation_id = o.id), '[]'::jsonb) as contacts
    from organisation o left join contact_version v on v.organisation_id = o.id where o.id = ${id}`.execute(db);
  const [row] = rows;
  return row === undefined
    ? undefined
    : { ...toOrganisation(row), contactsVersion: row.version, contacts: row.contacts };
}

export interface AddressView {
  readonly organisation: string;
  readonly name: string;
  readonly timeZone: string;
  /** The alert box that the first mail goes to; null when there is none. */
  readonly address: string | null;
}

/** Where the first mail of each would go today. */
export async function alertAddresses(db: Sql, organisations: string[]): Promise<AddressView[]> {
  const { rows } = await sql<AddressView>`
    select o.id as organisation, o.name, o.time_zone as "timeZone", (
      select c.address from contact c where c.organisation_id = o.id and c.kind = 'alertBox' and c.channel = 'mail'
      order by c.position limit 1) as address
    from organisation o where o.id = any(${[...organisations]}::text[]) order by o.id`.execute(db);
  return rows;
}

const toOrganisation = (row: Row): Organisation => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  regionCode: row.region_code,
  departments: row.departments,
  zone: row.zone,
  zoneLead: row.zone_lead,
  timeZone: row.time_zone,
});
