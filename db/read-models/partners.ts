import { sql } from 'kysely';
import type { PartnerEntry } from '../../domain/partner.ts';
import type { Sql } from '../database.ts';

export interface PartnerView extends PartnerEntry {
  readonly id: string;
  readonly active: boolean;
}

export interface PartnerFilter {
  readonly category?: string;
  readonly active?: boolean;
}

/** Partners of one ARS by id, after `after`. */
export async function listPartners(
  db: Sql,
  organisation: string,
  filter: PartnerFilter,
  page: { readonly limit: number; readonly after: string | null },
): Promise<PartnerView[]> {
  const conditions = [sql<boolean>`organisation_id = ${organisation}`];
  if (filter.category !== undefined) conditions.push(sql<boolean>`category = ${filter.category}`);
  if (filter.active !== undefined) conditions.push(sql<boolean>`active = ${filter.active}`);
  if (page.after !== null) conditions.push(sql<boolean>`id::text > ${page.after}`);
  const { rows } = await sql<PartnerView>`
    select id, category, name, address, finess, department, phone, active from partner
    where ${sql.join(conditions, sql` and `)} order by id::text limit ${page.limit}`.execute(db);
  return rows;
}

export async function getPartner(db: Sql, organisation: string, id: string): Promise<PartnerView | undefined> {
  const { rows } = await sql<PartnerView>`
    select id, category, name, address, finess, department, phone, active from partner
    where organisation_id = ${organisation} and id::text = ${id}`.execute(db);
  return rows[0];
}
