import { sql } from 'kysely';
import { type SiteFields, siteId } from '../../../domain/site.ts';
import type { Transaction } from '../../database.ts';
import { searchText } from '../../search-text.ts';
import { toJson } from '../json.ts';

export interface WrittenSite extends SiteFields {
  readonly finess: string;
}

/** An entry as SQL reads it out of JSON, under the names of `SiteFields`. */
export const ENTRY_COLUMNS = sql`finess text, "entityKind" text, name text, category text, status text, department text,
  ars text, zone text, postcode text, city text, latitude double precision, longitude double precision, phone text, search text`;

const COLUMNS = sql`entity_kind, name, category, status, department, ars_id, zone, postcode, city, latitude, longitude,
  phone, closed_at, search`;

export interface SiteWriting {
  readonly at: Date;
  /** `sub` of who did it. */
  readonly by: string;
}

/** Writes sites as they are from now on, open, each as a new version. The caller holds the register's lock. */
export async function writeSites(trx: Transaction, sites: readonly WrittenSite[], change: SiteWriting): Promise<void> {
  if (sites.length === 0) return;
  const rows = toJson(sites.map((site) => ({ ...site, search: searchText([site.name, site.city, site.finess]) })));
  // One statement, so that thousands of rows are read out of JSON once; references are checked at its end.
  await sql`
    with entry as materialized (select * from jsonb_to_recordset(${rows}::jsonb) as entry (${ENTRY_COLUMNS})),
    named as (
      insert into organisation (id, kind, name, region_code, departments, zone, time_zone)
      select 'SITE-' || entry.finess, 'site', entry.name, agency.region_code, array[entry.department], entry.zone, agency.time_zone
      from entry join organisation agency on agency.id = entry.ars
      on conflict (id) do update set name = excluded.name, region_code = excluded.region_code,
        departments = excluded.departments, zone = excluded.zone, time_zone = excluded.time_zone
    )
    insert into site (id, finess, version, ${COLUMNS})
    select 'SITE-' || finess, finess, 1, "entityKind", name, category, status, department, ars, zone, postcode, city,
      latitude, longitude, phone, null::timestamptz, search
    from entry
    on conflict (id) do update set (version, ${COLUMNS}) = (select site.version + 1, excluded.entity_kind, excluded.name,
      excluded.category, excluded.status, excluded.department, excluded.ars_id, excluded.zone, excluded.postcode,
      excluded.city, excluded.latitude, excluded.longitude, excluded.phone, excluded.closed_at, excluded.search)`.execute(
    trx,
  );
  await keepVersions(
    trx,
    sites.map(({ finess }) => siteId(finess)),
    change,
  );
}

/** They are closed from now on; nothing of them goes. */
export async function closeSites(trx: Transaction, ids: readonly string[], change: SiteWriting): Promise<void> {
  if (ids.length === 0) return;
  await sql`update site set closed_at = ${change.at}, version = version + 1 where id = any(${[...ids]}::text[])`.execute(
    trx,
  );
  await keepVersions(trx, ids, change);
}

async function keepVersions(trx: Transaction, ids: readonly string[], { at, by }: SiteWriting): Promise<void> {
  await sql`
    update site_version set to_at = ${at} where to_at is null and site_id = any(${[...ids]}::text[])`.execute(trx);
  await sql`
    insert into site_version (site_id, version, from_at, changed_by, ${COLUMNS})
    select id, version, ${at}::timestamptz, ${by}, ${COLUMNS} from site where id = any(${[...ids]}::text[])`.execute(
    trx,
  );
}
