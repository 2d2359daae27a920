import { type RawBuilder, sql } from 'kysely';
import { type Claims, hasRole, type Scope, scopeOf } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';

/** The part of the nation that an account may read (`domain/scope.ts`); only an ARS needs to ask who is in its zone. */
export async function readScope(db: Sql, claims: Claims): Promise<Scope> {
  if (!hasRole(claims, 'ars')) return scopeOf(claims, []);
  const rows = await db
    .selectFrom('organisation')
    .select(['id', 'kind', 'zone', 'zone_lead'])
    .where('kind', '=', 'ars')
    .execute();
  return scopeOf(
    claims,
    rows.map(({ zone_lead, ...row }) => ({ ...row, zoneLead: zone_lead })),
  );
}

/** SQL condition: the column names an organisation of the scope. */
export const inScope = (scope: Scope, column: string): RawBuilder<boolean> =>
  scope === 'all' ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} = any(${[...scope]}::text[])`;

/** SQL condition on `instruction i`: who reads the nation sees drafts too, an ARS only what one of its recipients got. */
export const instructionInScope = (scope: Scope): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`exists (select from instruction_recipient s where s.instruction_id = i.id and ${inScope(scope, 's.organisation_id')})`;

/** True when the instruction is there and the scope sees it. */
export async function canSeeInstruction(db: Sql, scope: Scope, id: string): Promise<boolean> {
  const { rows } = await sql`${sql.raw(PREPARED)}
    select 1 as seen from instruction i where i.id = ${id} and ${instructionInScope(scope)}`.execute(db);
  return rows.length > 0;
}
