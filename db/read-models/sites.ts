import { type RawBuilder, sql } from 'kysely';
import type { SiteFields, SiteScope } from '../../domain/site.ts';
import type { Sql } from '../database.ts';
import { searchText } from '../search-text.ts';
import { timeOf } from './cursor.ts';
import type { ContactView } from './organisations.ts';

export interface SiteView extends SiteFields {
  readonly id: string;
  readonly finess: string;
  readonly version: number;
  /** Null: open. */
  readonly closedAt: string | null;
}

export interface SiteVersion extends SiteFields {
  readonly version: number;
  readonly from: string;
  /** Null: the last one. */
  readonly to: string | null;
  readonly changedBy: string;
  readonly closedAt: string | null;
}

export interface SiteDetail extends SiteView {
  readonly timeZone: string;
  readonly contactsVersion: number;
  readonly contacts: ContactView[];
  /** Oldest first. */
  readonly history: SiteVersion[];
}

export interface SiteFilter {
  /** `ARS-84`, `D69` or `ZONE-SUD_EST`. */
  readonly territory?: string;
  readonly category?: string;
  readonly status?: 'public' | 'private' | 'unknown';
  readonly entityKind?: 'EJ' | 'ET';
  readonly state?: 'open' | 'closed' | 'all';
  /** Every word of it, in any order, in the name, the city or the FINESS. */
  readonly search?: string;
}

type Row = Omit<SiteView, 'closedAt'> & { readonly closed_at: Date | null };

const FIELDS = sql`s.entity_kind as "entityKind", s.name, s.category, s.status, s.department, s.ars_id as ars, s.zone,
  s.postcode, s.city, s.latitude, s.longitude, s.phone, s.version, s.closed_at`;

/** Sites of the scope by id, after `after`; as they were known at `time` (and of whom they were then), or as they are. */
export async function listSites(
  db: Sql,
  scope: SiteScope,
  filter: SiteFilter & { readonly time: number | null },
  page: { readonly limit: number; readonly after: string | null },
): Promise<SiteView[]> {
  const source = filter.time === null ? sql`site s` : versionsAt(filter.time);
  const conditions = [siteInScope(scope), ...conditionsOf(filter)];
  if (page.after !== null) conditions.push(sql`s.id > ${page.after}`);
  const { rows } = await sql<Row>`
    select s.id, s.finess, ${FIELDS} from ${source}
    where ${sql.join(conditions, sql` and `)} order by s.id limit ${page.limit}`.execute(db);
  return rows.map(toView);
}

/** The version of each site that was the last one at an instant. */
const versionsAt = (time: number): RawBuilder<unknown> => {
  const at = new Date(time);
  return sql`(
    select v.*, v.site_id as id, site.finess from site_version v join site on site.id = v.site_id
    where v.from_at <= ${at} and (v.to_at is null or v.to_at > ${at})) s`;
};

function siteInScope(scope: SiteScope): RawBuilder<unknown> {
  if (scope === 'all') return sql`true`;
  return 'site' in scope ? sql`s.id = ${scope.site}` : sql`s.ars_id = any(${[...scope.agencies]}::text[])`;
}

function conditionsOf({ territory, category, status, entityKind, state = 'open', search }: SiteFilter) {
  const conditions: RawBuilder<unknown>[] = [];
  if (territory !== undefined) conditions.push(sql`${sql.ref(territoryColumn(territory))} = ${territory}`);
  if (category !== undefined) conditions.push(sql`s.category = ${category}`);
  if (status !== undefined) conditions.push(sql`coalesce(s.status, 'unknown') = ${status}`);
  if (entityKind !== undefined) conditions.push(sql`s.entity_kind = ${entityKind}`);
  if (state !== 'all') conditions.push(state === 'open' ? sql`s.closed_at is null` : sql`s.closed_at is not null`);
  // Letters and digits only: no sign of LIKE is among them.
  const words = search === undefined ? [] : searchText([search]).split(' ');
  if (words.length > 0) conditions.push(sql`s.search like all(${words.map((word) => `%${word}%`)}::text[])`);
  return conditions;
}

function territoryColumn(territory: string): string {
  if (territory.startsWith('ZONE-')) return 's.zone';
  return territory.startsWith('ARS-') ? 's.ars_id' : 's.department';
}

const toView = ({ closed_at, ...row }: Row): SiteView => ({ ...row, closedAt: timeOf(closed_at) });

/** One site, its contacts and every version of it. */
export async function getSite(db: Sql, id: string): Promise<SiteDetail | undefined> {
  type Detail = Row & { timeZone: string; contactsVersion: number; contacts: ContactView[] };
  const { rows } = await sql<Detail>`
    select s.id, s.finess, ${FIELDS}, o.time_zone as "timeZone", coalesce(v.version, 1) as "contactsVersion", coalesce((
      select jsonb_agg(jsonb_build_object('kind', c.kind, 'channel', c.channel, 'address', c.address, 'name', c.name)
        order by c.kind, c.channel, c.position)
      from contact c where c.organisation_id = s.id), '[]'::jsonb) as contacts
    from site s join organisation o on o.id = s.id left join contact_version v on v.organisation_id = s.id
    where s.id = ${id}`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : { ...toView(row), ...detailOf(row), history: await historyOf(db, id) };
}

const detailOf = ({ timeZone, contactsVersion, contacts }: Omit<SiteDetail, keyof SiteView | 'history'>) => ({
  timeZone,
  contactsVersion,
  contacts,
});

async function historyOf(db: Sql, id: string): Promise<SiteVersion[]> {
  type Version = Omit<SiteVersion, 'from' | 'to' | 'closedAt'> & { from_at: Date; to_at: Date | null; closed_at: Date };
  const { rows } = await sql<Version>`
    select ${FIELDS}, s.from_at, s.to_at, s.changed_by as "changedBy"
    from site_version s where s.site_id = ${id} order by s.version`.execute(db);
  return rows.map(({ from_at, to_at, closed_at, ...version }) => ({
    ...version,
    from: from_at.toISOString(),
    to: timeOf(to_at),
    closedAt: timeOf(closed_at),
  }));
}

/** The agency of a site; undefined when there is no such site. */
export async function agencyOfSite(db: Sql, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('site').select('ars_id').where('id', '=', id).executeTakeFirst();
  return row?.ars_id;
}

/** What the open sites are, as the register words it. */
export async function siteCategories(db: Sql): Promise<string[]> {
  const rows = await db
    .selectFrom('site')
    .select('category')
    .distinct()
    .where('closed_at', 'is', null)
    .orderBy('category')
    .execute();
  return rows.map(({ category }) => category);
}

/** A site and its alert entry point, as a spreadsheet shows it. */
export interface SiteContact extends SiteView {
  readonly contactName: string | null;
  readonly mail: string | null;
  readonly call: string | null;
  readonly sms: string | null;
}

/** Sites of the scope with the first address of each channel of their alert entry point, by department and name. */
export async function listSiteContacts(db: Sql, scope: SiteScope, filter: SiteFilter): Promise<SiteContact[]> {
  const { rows } = await sql<Row & Omit<SiteContact, keyof SiteView>>`
    select s.id, s.finess, ${FIELDS}, box.name as "contactName", box.mail, box.call, box.sms from site s
    left join lateral (
      select max(c.name) filter (where c.channel = 'mail') as name, max(c.address) filter (where c.channel = 'mail') as mail,
        max(c.address) filter (where c.channel = 'call') as call, max(c.address) filter (where c.channel = 'sms') as sms
      from contact c where c.organisation_id = s.id and c.kind = 'alertBox' and c.position = 0
    ) box on true
    where ${sql.join([siteInScope(scope), ...conditionsOf(filter)], sql` and `)} order by s.department, s.name, s.id`.execute(
    db,
  );
  return rows.map(({ closed_at, ...row }) => ({ ...row, closedAt: timeOf(closed_at) }));
}

export interface AgencyOfSite {
  readonly id: string;
  readonly ars: string;
}

/** The open establishments by their FINESS, with the agency of each. */
export async function agenciesOfSites(db: Sql): Promise<ReadonlyMap<string, AgencyOfSite>> {
  const { rows } = await sql<AgencyOfSite & { finess: string }>`
    select id, finess, ars_id as ars from site where closed_at is null`.execute(db);
  return new Map(rows.map(({ finess, ...site }) => [finess, site]));
}
