import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import type { PartnerEntry } from '../../../domain/partner.ts';
import { type Database, newId, type Transaction } from '../../database.ts';
import { appendAudit, organisationSubject } from '../audit.ts';
import { toJson } from '../json.ts';

export interface PartnersBy {
  readonly organisation: string;
  readonly by: Actor;
  readonly now: number;
}

export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Merges entries into the directory of one ARS, all in one statement: a partner is one category at one address. */
export function mergePartners(
  database: Database,
  keys: KeyRing,
  entries: readonly PartnerEntry[],
  change: PartnersBy,
): Promise<ImportOutcome> {
  return database.sql.transaction().execute(async (trx) => {
    const rows = entries.map((entry) => ({ ...entry, id: newId() }));
    const { rows: written } = await sql<{ created: boolean }>`
      insert into partner (id, organisation_id, category, name, address, finess, department, phone, updated_at)
      select id, ${change.organisation}, category, name, address, finess, department, phone, ${new Date(change.now)}::timestamptz
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as entry (id uuid, category text, name text, address text, finess text, department text, phone text)
      on conflict (organisation_id, category, lower(address)) do update set name = excluded.name, finess = excluded.finess,
        department = excluded.department, phone = excluded.phone, active = true, updated_at = excluded.updated_at
      where (partner.name, partner.finess, partner.department, partner.phone, partner.active)
        is distinct from (excluded.name, excluded.finess, excluded.department, excluded.phone, true)
      returning xmax = 0 as created`.execute(trx);
    const created = written.filter((row) => row.created).length;
    const outcome = { created, updated: written.length - created, unchanged: entries.length - written.length };
    if (written.length > 0) await audit(trx, keys, change, { created, updated: outcome.updated });
    return outcome;
  });
}

/** What an import would do, without doing it. */
export async function tryMerge(
  database: Database,
  organisation: string,
  entries: readonly PartnerEntry[],
): Promise<ImportOutcome> {
  const { rows } = await sql<{ known: boolean; same: boolean }>`
    select partner.id is not null as known, (partner.name, partner.finess, partner.department, partner.phone, partner.active)
      is not distinct from (entry.name, entry.finess, entry.department, entry.phone, true) as same
    from jsonb_to_recordset(${toJson(entries)}::jsonb)
      as entry (category text, name text, address text, finess text, department text, phone text)
    left join partner on partner.organisation_id = ${organisation} and partner.category = entry.category
      and lower(partner.address) = lower(entry.address)`.execute(database.sql);
  const created = rows.filter(({ known }) => !known).length;
  const unchanged = rows.filter(({ known, same }) => known && same).length;
  return { created, updated: rows.length - created - unchanged, unchanged };
}

export interface PartnerChange {
  readonly name?: string;
  readonly address?: string;
  readonly phone?: string | null;
  readonly active?: boolean;
}

/** Corrects or deactivates one partner. `taken`: another of the same category has that address. */
export function changePartner(
  database: Database,
  keys: KeyRing,
  partner: string,
  change: PartnerChange,
  by: PartnersBy,
): Promise<'changed' | 'notFound' | 'taken'> {
  return database.sql.transaction().execute(async (trx) => {
    const found = await trx
      .selectFrom('partner')
      .select(['category', 'active'])
      .where('id', '=', partner)
      .where('organisation_id', '=', by.organisation)
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined) return 'notFound';
    if (change.address !== undefined) {
      const other = await trx
        .selectFrom('partner')
        .select('id')
        .where('organisation_id', '=', by.organisation)
        .where('category', '=', found.category)
        .where(sql<boolean>`lower(address) = lower(${change.address})`)
        .where('id', '<>', partner)
        .executeTakeFirst();
      if (other !== undefined) return 'taken';
    }
    await trx
      .updateTable('partner')
      .set({ ...change, updated_at: new Date(by.now) })
      .where('id', '=', partner)
      .execute();
    const ends = change.active === false && found.active;
    await audit(trx, keys, by, { ...(ends ? { deactivated: 1 } : { updated: 1 }), partner });
    return 'changed';
  });
}

const audit = (trx: Transaction, keys: KeyRing, change: PartnersBy, data: Readonly<Record<string, unknown>>) =>
  appendAudit(trx, keys, organisationSubject(change.organisation), [
    { at: change.now, kind: 'partnersChanged', organisation: change.organisation, actor: change.by, data },
  ]);
