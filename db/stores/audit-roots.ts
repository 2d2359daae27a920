import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Sql, Transaction } from '../database.ts';
import { chainStart, sealOf, sealOfRoot, type RootFacts } from './audit-chain.ts';

/** The chain of the roots has its head among those of the audit, and is not rooted itself. */
export const ROOTS = 'audit/roots';

/** One root: what the audit was at an instant. */
export interface AuditRoot extends RootFacts {
  readonly hmac: string;
}

export interface RootedHead {
  readonly subject: string;
  readonly position: number;
  readonly hmac: string;
}

/** What every digest starts from. */
export const NO_DIGEST = '0'.repeat(64);

/** @param heads those that moved since the root before, by subject, in bytewise order */
export function digestOf(previous: string, heads: Iterable<RootedHead>): string {
  const hash = createHash('sha256').update(`${previous}\n`);
  for (const { subject, position, hmac } of heads) hash.update(`${JSON.stringify(subject)} ${position} ${hmac}\n`);
  return hash.digest('hex');
}

/**
 * Roots all chains of the audit as they stand, one after the other: whoever comes second waits for the first.
 * @param at when it was asked for; the same again gives the same root
 */
export async function addAuditRoot(database: Sql, keys: KeyRing, at: Instant): Promise<AuditRoot> {
  return database.transaction().execute(async (trx) => {
    const end = await lockRoots(trx, keys);
    const last = await readRoot(trx, (query) => query.orderBy('position', 'desc').limit(1));
    const again = await readRoot(trx, (query) => query.where('at', '=', new Date(at)));
    if (again !== undefined) return again;
    const moved = await movedHeads(trx);
    const facts: RootFacts = {
      position: (last?.position ?? 0) + 1,
      at,
      ...(await countAudit(trx, last, moved)),
      digest: digestOf(last?.digest ?? NO_DIGEST, moved),
      previous: end.hmac,
    };
    const root = { ...facts, hmac: sealOfRoot(keys, facts) };
    await insertRoot(trx, root, moved);
    const head = { position: root.position, hmac: root.hmac };
    await trx
      .updateTable('audit_head')
      .set({ ...head, seal: sealOf(keys, ROOTS, head) })
      .where('subject', '=', ROOTS)
      .execute();
    return root;
  });
}

/** Undefined: there is none of this number. */
export const auditRoot = (database: Sql, position: number): Promise<AuditRoot | undefined> =>
  readRoot(database, (query) => query.where('position', '=', position));

async function lockRoots(trx: Transaction, keys: KeyRing) {
  const start = chainStart(keys, ROOTS);
  await trx
    .insertInto('audit_head')
    .values({ subject: ROOTS, ...start, seal: sealOf(keys, ROOTS, start) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return trx
    .selectFrom('audit_head')
    .select(['position', 'hmac'])
    .where('subject', '=', ROOTS)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

const selectRoots = (database: Sql) => database.selectFrom('audit_root').selectAll();

async function readRoot(
  database: Sql,
  which: (query: ReturnType<typeof selectRoots>) => ReturnType<typeof selectRoots>,
): Promise<AuditRoot | undefined> {
  const row = await which(selectRoots(database)).executeTakeFirst();
  return row === undefined ? undefined : { ...row, at: row.at.getTime(), entries: Number(row.entries) };
}

/** One statement, so one snapshot: heads that no root has seen as they are now. */
async function movedHeads(trx: Transaction): Promise<RootedHead[]> {
  const { rows } = await sql<RootedHead>`
    select head.subject, head.position, head.hmac from audit_head head
    left join lateral (
      select position, hmac from audit_root_head rooted where rooted.subject = head.subject order by root desc limit 1
    ) rooted on true
    where head.subject <> ${ROOTS} and head.position > 0
      and (rooted.position, rooted.hmac) is distinct from (head.position, head.hmac)
    order by head.subject collate "C"`.execute(trx);
  return rows;
}

/** How many chains and entries the roots have seen, with those that moved: what is gone is still counted. */
async function countAudit(trx: Transaction, last: AuditRoot | undefined, moved: readonly RootedHead[]) {
  const { rows } = await sql<{ subject: string; position: number }>`
    select distinct on (subject) subject, position from audit_root_head
    where subject = any(${moved.map(({ subject }) => subject)}::text[]) order by subject, root desc`.execute(trx);
  const before = rows.reduce((sum, { position }) => sum + position, 0);
  const now = moved.reduce((sum, { position }) => sum + position, 0);
  return {
    chains: (last?.chains ?? 0) + moved.length - rows.length,
    entries: (last?.entries ?? 0) + now - before,
  };
}

async function insertRoot(trx: Transaction, root: AuditRoot, moved: readonly RootedHead[]): Promise<void> {
  await trx
    .insertInto('audit_root')
    .values({ ...root, at: new Date(root.at) })
    .execute();
  await sql`
    insert into audit_root_head (root, subject, position, hmac)
    select ${root.position}::int, subject, position, hmac
    from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as head (subject text, position int, hmac text)`.execute(
    trx,
  );
}

/** Where the desk is written to; null: nowhere yet. */
export async function deskAddress(database: Sql): Promise<string | null> {
  const row = await database
    .selectFrom('contact')
    .select('address')
    .where('organisation_id', '=', CORRUSS)
    .where('kind', '=', 'desk')
    .where('channel', '=', 'mail')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  return row?.address ?? null;
}
