import { sql } from 'kysely';
import type { DeliveryPurpose } from '../../../domain/events.ts';
import type { Nature } from '../../../domain/instruction.ts';
import type { Sql } from '../../database.ts';

/** A delivery that a mail may answer. */
export interface AnsweredDelivery {
  readonly id: string;
  readonly instruction: string;
  readonly organisation: string;
  readonly addressee: string;
  /** Lower case. */
  readonly address: string;
  readonly purpose: DeliveryPurpose;
  readonly step: number;
  readonly round: number;
}

const answered = (database: Sql) =>
  database
    .selectFrom('delivery')
    .select(['id', 'instruction_id as instruction', 'organisation_id as organisation', 'addressee', 'purpose'])
    .select(['step', 'round', sql<string>`lower(address)`.as('address')]);

/** @param hashes of local parts, lower-cased before */
export async function deliveriesByReplyHash(database: Sql, hashes: readonly string[]): Promise<AnsweredDelivery[]> {
  if (hashes.length === 0) return [];
  return answered(database)
    .where('reply_hash', 'in', [...hashes])
    .orderBy('id')
    .execute();
}

/** In the order of the ids. */
export async function deliveriesById(database: Sql, ids: readonly string[]): Promise<AnsweredDelivery[]> {
  if (ids.length === 0) return [];
  const rows = await answered(database)
    .where('id', 'in', [...ids])
    .execute();
  return rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** Recipients of an instruction, by its id or its number, of whom this address is a contact. */
export async function recipientsOf(
  database: Sql,
  instruction: { readonly ids: readonly string[] } | { readonly number: string },
  address: string,
): Promise<{ readonly instruction: string; readonly organisation: string }[]> {
  const named =
    'number' in instruction
      ? sql<boolean>`i.number = ${instruction.number}`
      : sql<boolean>`i.id = any(${[...instruction.ids]}::uuid[])`;
  const { rows } = await sql<{ instruction: string; organisation: string }>`
    select distinct r.instruction_id as instruction, r.organisation_id as organisation
    from instruction i join instruction_recipient r on r.instruction_id = i.id
    join contact c on c.organisation_id = r.organisation_id and c.channel = 'mail' and lower(c.address) = ${address}
    where ${named}`.execute(database);
  return rows;
}

/** As which contacts an address stands for an organisation; empty when it is none of its. */
export async function seatsOf(database: Sql, organisation: string, address: string): Promise<string[]> {
  const rows = await database
    .selectFrom('contact')
    .select('kind')
    .where('organisation_id', '=', organisation)
    .where('channel', '=', 'mail')
    .where(sql<boolean>`lower(address) = ${address}`)
    .execute();
  return rows.map(({ kind }) => kind);
}

/** @returns undefined for an instruction that is not there */
export async function natureOf(database: Sql, instruction: string): Promise<Nature | undefined> {
  const row = await database
    .selectFrom('instruction')
    .select('nature')
    .where('id', '=', instruction)
    .executeTakeFirst();
  return row?.nature;
}

export async function timeZoneOf(database: Sql, organisation: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('organisation')
    .select('time_zone')
    .where('id', '=', organisation)
    .executeTakeFirst();
  return row?.time_zone;
}
