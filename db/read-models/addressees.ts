import { sql } from 'kysely';
import type { Terms } from '../../domain/instruction.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { inScope } from './scope.ts';

/** A recipient as other systems know it: its territory by the codes of the State. */
export interface Addressee {
  readonly organisation: string;
  readonly name: string;
  /** INSEE; null for a national body. */
  readonly region: string | null;
  /** `D971`, `D2A`. */
  readonly departments: readonly string[];
}

/** What a message announced when it was released; null for a draft. Later extensions are not in it. */
export async function announcedTerms(db: Sql, instruction: string): Promise<Terms | null> {
  const row = await db.selectFrom('instruction').select('terms').where('id', '=', instruction).executeTakeFirst();
  return row?.terms ?? null;
}

/** Of a released message, within the scope. */
export async function addresseesOf(db: Sql, scope: Scope, instruction: string): Promise<Addressee[]> {
  const { rows } = await sql<Addressee>`
    select o.id as organisation, o.name, o.region_code as region, o.departments
    from instruction_recipient r join organisation o on o.id = r.organisation_id
    where r.instruction_id = ${instruction}::uuid and ${inScope(scope, 'r.organisation_id')} order by o.id`.execute(db);
  return rows;
}
