import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import { SITE_FIELDS, type SiteEntry, type SiteFields } from '../../../domain/site.ts';
import type { Database, Sql } from '../../database.ts';
import { appendAudit, SITES_SUBJECT } from '../audit.ts';
import { toJson } from '../json.ts';
import { closeSites, ENTRY_COLUMNS, writeSites } from './site-writing.ts';

export interface SiteImport {
  readonly entries: readonly SiteEntry[];
  /** The FINESS of every line of the file: when it is complete, the sites that it does not name are closed. Null: it is a part. */
  readonly complete: readonly string[] | null;
}

export interface FieldDifference {
  readonly field: keyof SiteFields;
  readonly from: string | number | null;
  readonly to: string | number | null;
}

/** What a file changes of one site. `fields`: what differs from what was known; of a new site nothing was. */
export interface SiteDifference {
  readonly finess: string;
  readonly name: string;
  readonly change: 'added' | 'changed' | 'reopened' | 'closed';
  readonly fields: readonly FieldDifference[];
}

export interface ImportBy {
  readonly by: Actor;
  readonly now: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** How many sites its author knows that it closes. */
  readonly closing: number;
}

/** `closes`: how many sites the file would close, and nobody has said so; nothing was written. */
export type SitesImported = { readonly differences: readonly SiteDifference[] } | { readonly closes: number };

/** What a file would change, in the order of its lines, closures last. */
export async function compareSites(db: Sql, file: SiteImport): Promise<SiteDifference[]> {
  const found = [...(await compareEntries(db, file.entries)), ...(await goneFrom(db, file.complete))];
  return found.map(({ difference }) => difference);
}

/**
 * Makes the register say what the file says, all or nothing, and tells what that changed. A file imported again changes
 * nothing and leaves no trace. One import at a time: another waits, reads of the register do not. A complete file that closes
 * another number of sites than its author has said changes nothing: a small file taken for the whole register closes a country.
 */
export function importSites(
  database: Database,
  keys: KeyRing,
  file: SiteImport,
  { by, now, sha256, closing }: ImportBy,
): Promise<SitesImported> {
  return database.sql.transaction().execute(async (trx) => {
    await sql`lock table site in share row exclusive mode`.execute(trx);
    const compared = await compareEntries(trx, file.entries);
    const gone = await goneFrom(trx, file.complete);
    if (gone.length > 0 && gone.length !== closing) return { closes: gone.length };
    const differences = [...compared, ...gone].map(({ difference }) => difference);
    if (differences.length === 0) return { differences };
    const change = { at: await instantAfterAll(trx, now), by: by.sub };
    await writeSites(
      trx,
      compared.map(({ site }) => site),
      change,
    );
    await closeSites(
      trx,
      gone.map(({ id }) => id),
      change,
    );
    const counted = { ...countChanges(differences), complete: file.complete !== null, sha256 };
    const at = change.at.getTime();
    await appendAudit(trx, keys, SITES_SUBJECT, [
      { at, kind: 'sitesImported', organisation: null, actor: by, data: counted },
    ]);
    return { differences };
  });
}

export function countChanges(differences: readonly SiteDifference[]) {
  const of = (change: SiteDifference['change']) => differences.filter((one) => one.change === change).length;
  return { added: of('added'), changed: of('changed'), reopened: of('reopened'), closed: of('closed') };
}

interface Compared {
  readonly difference: SiteDifference;
  readonly site: SiteFields & { readonly finess: string };
}

/** The entries that differ from what is known. */
async function compareEntries(db: Sql, entries: readonly SiteEntry[]): Promise<Compared[]> {
  const { rows } = await sql<{ finess: string; closed: boolean; known: SiteFields | null }>`
    select entry.finess, known.closed_at is not null as closed,
      case when known.id is not null then jsonb_build_object('entityKind', known.entity_kind, 'name', known.name,
        'category', known.category, 'status', known.status, 'department', known.department, 'ars', known.ars_id,
        'zone', known.zone, 'postcode', known.postcode, 'city', known.city, 'latitude', known.latitude,
        'longitude', known.longitude, 'phone', known.phone) end as known
    from jsonb_to_recordset(${toJson(entries)}::jsonb) as entry (${ENTRY_COLUMNS})
    left join site known on known.finess = entry.finess
    where known.id is null or known.closed_at is not null
      or (known.entity_kind, known.name, known.category, known.status, known.department, known.ars_id, known.zone,
        known.postcode, known.city, known.latitude, known.longitude, known.phone)
      is distinct from (coalesce(entry."entityKind", known.entity_kind), entry.name, entry.category, entry.status,
        entry.department, entry.ars, entry.zone, entry.postcode, entry.city, entry.latitude, entry.longitude, entry.phone)`.execute(
    db,
  );
  const found = new Map(rows.map((row) => [row.finess, row] as const));
  return entries.flatMap((entry) => {
    const row = found.get(entry.finess);
    return row === undefined ? [] : [compared(entry, row.known, row.closed)];
  });
}

function compared(entry: SiteEntry, known: SiteFields | null, closed: boolean): Compared {
  const site = { ...entry, entityKind: entry.entityKind ?? known?.entityKind ?? ('ET' as const) };
  const { finess, name } = entry;
  if (known === null) return { site, difference: { finess, name, change: 'added', fields: [] } };
  const fields = SITE_FIELDS.filter((field) => site[field] !== known[field]).map((field) => ({
    field,
    from: known[field],
    to: site[field],
  }));
  return { site, difference: { finess, name, change: closed ? 'reopened' : 'changed', fields } };
}

/** Open sites that a complete file does not name. */
async function goneFrom(
  db: Sql,
  complete: readonly string[] | null,
): Promise<{ readonly id: string; readonly difference: SiteDifference }[]> {
  if (complete === null) return [];
  const { rows } = await sql<{ id: string; finess: string; name: string }>`
    select id, finess, name from site
    where closed_at is null and not exists (select from unnest(${[...complete]}::text[]) named where named = site.finess)
    order by id`.execute(db);
  return rows.map(({ id, ...site }) => ({ id, difference: { ...site, change: 'closed', fields: [] } }));
}

/** An import that waited for another comes after it, whatever its clock said when it came. */
async function instantAfterAll(db: Sql, now: number): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`
    select greatest(${new Date(now)}::timestamptz, max(from_at)) as at from site_version`.execute(db);
  return rows[0]?.at ?? new Date(now);
}
