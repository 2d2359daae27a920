import { type RawBuilder, sql } from 'kysely';
import type { OrganisationId } from '../domain/instruction.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { SiteAudience } from '../domain/survey/site-audience.ts';
import type { ListedRespondent, SurveyAudience } from '../domain/survey/survey-draft.ts';
import type { Sql } from './database.ts';
import { toJson } from './stores/json.ts';

/** One whom a survey asks. */
export interface AskedRespondent {
  /** The organisation; of a list, the address in lower case. */
  readonly key: string;
  /** Null: of the author's own list. */
  readonly organisation: string | null;
  readonly name: string;
  /** Where its invitation goes; null: nobody knows. */
  readonly address: string | null;
  /** The ARS that it counts for; `CORRUSS`: none. */
  readonly territory: string;
  /** `D69`, of a site. */
  readonly department: string | null;
}

export interface SurveyReach {
  readonly respondents: number;
  readonly withoutAddress: number;
  /** A mail to them did not arrive. */
  readonly toCorrect: number;
}

export const NOBODY: SurveyReach = { respondents: 0, withoutAddress: 0, toCorrect: 0 };

export interface Asking {
  readonly audience: SurveyAudience;
  readonly author: OrganisationId;
}

/** Whom a survey asks as the register stands now: one statement, whatever their number. */
export async function askedBy(db: Sql, asking: Asking): Promise<readonly AskedRespondent[]> {
  const { rows } = await sql<AskedRespondent>`${respondentsOf(asking)} order by key`.execute(db);
  return rows;
}

export async function reachOf(db: Sql, asking: Asking): Promise<SurveyReach> {
  const { rows } = await sql<SurveyReach>`
    select count(*)::int as respondents, (count(*) filter (where address is null))::int as "withoutAddress", 0 as "toCorrect"
    from (${respondentsOf(asking)}) asked`.execute(db);
  return rows[0] ?? NOBODY;
}

/** Whom a survey asks, as a query: the fields of `AskedRespondent`. */
export function respondentsOf({ audience, author }: Asking): RawBuilder<unknown> {
  if ('respondents' in audience) return ofList(audience.respondents, author);
  return 'sites' in audience ? ofSites(audience.sites, author) : ofAgencies(audience.ars);
}

function ofList(list: readonly ListedRespondent[], author: OrganisationId): RawBuilder<unknown> {
  const rows = list.map(({ name, email }) => ({ key: email.toLowerCase(), name: name.trim(), address: email }));
  return sql`
    select key, null::text as organisation, name, address, ${author}::text as territory, null::text as department
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as listed (key text, name text, address text)`;
}

/** The first mail address of the alert entry point of organisation `o`. */
const BOX = sql`
  left join lateral (
    select c.address from contact c where c.organisation_id = o.id and c.kind = 'alertBox' and c.channel = 'mail'
    order by c.position limit 1
  ) box on true`;

function ofAgencies(ars: 'all' | readonly OrganisationId[]): RawBuilder<unknown> {
  const among = ars === 'all' ? sql`true` : sql`o.id = any(${[...ars]}::text[])`;
  return sql`
    select o.id as key, o.id as organisation, o.name, box.address, o.id as territory, null::text as department
    from organisation o ${BOX} where o.kind = 'ars' and ${among}`;
}

/** An agency never asks beyond its region, wherever a site has moved since it wrote the survey. */
function ofSites({ territories, categories }: SiteAudience, author: OrganisationId): RawBuilder<unknown> {
  const among = [sql`o.closed_at is null`, sql`o.entity_kind = 'ET'`];
  if (author !== CORRUSS) among.push(sql`o.ars_id = ${author}`);
  if (categories !== undefined) among.push(sql`o.category = any(${[...categories]}::text[])`);
  if (territories !== undefined) {
    const named = sql`${[...territories]}::text[]`;
    among.push(sql`(o.ars_id = any(${named}) or o.zone = any(${named}) or o.department = any(${named}))`);
  }
  return sql`
    select o.id as key, o.id as organisation, o.name, box.address, o.ars_id as territory, o.department
    from site o ${BOX} where ${sql.join(among, sql` and `)}`;
}
