import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import type { Sql, Transaction } from '../database.ts';
import { Broken } from './audit-broken.ts';
import { ROOTS, type AuditRoot } from './audit-roots.ts';
import { verifyRoots, type KeptRoot } from './audit-root-verification.ts';
import { isChainStart, isIntact, isSealed, type SealedEntry } from './audit-chain.ts';

export type AuditVerification =
  | {
      readonly intact: true;
      readonly chains: number;
      readonly entries: number;
      readonly roots: number;
      readonly lastRoot: AuditRoot | null;
    }
  /** `position` null: the chain as a whole. */
  | { readonly intact: false; readonly subject: string; readonly position: number | null; readonly reason: string };

interface Row extends Omit<SealedEntry, 'at' | 'recordedAt'> {
  readonly at: Date;
  readonly recordedAt: Date;
  readonly headPosition: number | null;
  readonly headHmac: string | null;
  readonly headSeal: string | null;
}

interface Chain {
  readonly subject: string;
  readonly position: number;
  readonly hmac: string;
  readonly head: { readonly position: number; readonly hmac: string; readonly seal: string };
}

const ROWS_AT_ONCE = 500;

/**
 * Reads every chain from its start to its head, in a snapshot, a few hundred rows in memory at a time. Finds entries
 * altered, removed, inserted or put in another order; tails that were cut; chains that lost their head or all their
 * entries; released instructions without a chain; and, by the roots, chains gone together with their head.
 * @param kept a root that was kept outside
 */
export async function verifyAudit(
  database: Sql,
  keys: KeyRing,
  kept: KeptRoot | null = null,
): Promise<AuditVerification> {
  try {
    return await database
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => verifyAll(trx, keys, kept));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { intact: false, subject: error.subject, position: error.position, reason: error.message };
  }
}

async function verifyAll(trx: Transaction, keys: KeyRing, kept: KeptRoot | null): Promise<AuditVerification> {
  let chain: Chain | undefined;
  let chains = 0;
  let entries = 0;
  for await (const row of allEntries(trx)) {
    if (chain?.subject !== row.subject) {
      if (chain !== undefined) verifyEnd(chain);
      chain = openChain(row, keys);
      chains += 1;
    }
    chain = verifyEntry(row, chain, keys);
    entries += 1;
  }
  if (chain !== undefined) verifyEnd(chain);
  await verifyCount(trx);
  const { roots, last } = await verifyRoots(trx, keys, kept);
  return { intact: true, chains, entries, roots, lastRoot: last };
}

const allEntries = (trx: Transaction): AsyncIterable<Row> =>
  trx
    .selectFrom('audit_entry as entry')
    .leftJoin('audit_head as head', 'head.subject', 'entry.subject')
    .select(['entry.subject', 'entry.position', 'entry.at', 'entry.recorded_at as recordedAt', 'entry.kind'])
    .select(['entry.organisation_id as organisation', 'entry.actor_sub as actorSub', 'entry.data', 'entry.previous'])
    .select(['entry.actor_organisation as actorOrganisation', 'entry.hmac'])
    .select(['head.position as headPosition', 'head.hmac as headHmac', 'head.seal as headSeal'])
    .orderBy('entry.subject')
    .orderBy('entry.position')
    .stream(ROWS_AT_ONCE);

function openChain(row: Row, keys: KeyRing): Chain {
  const { subject, headPosition, headHmac, headSeal } = row;
  if (headPosition === null || headHmac === null || headSeal === null) {
    throw new Broken(subject, null, 'its head is missing');
  }
  if (row.position === 1 && !isChainStart(keys, subject, row.previous)) {
    throw new Broken(subject, 1, 'it does not start the chain of its subject');
  }
  const head = { position: headPosition, hmac: headHmac, seal: headSeal };
  if (!isSealed(keys, subject, head, headSeal)) throw new Broken(subject, null, 'its head is not the one sealed');
  return { subject, position: 0, hmac: row.previous, head };
}

function verifyEntry(row: Row, chain: Chain, keys: KeyRing): Chain {
  const { headPosition: _p, headHmac: _h, headSeal: _s, ...columns } = row;
  const entry = { ...columns, at: row.at.getTime(), recordedAt: row.recordedAt.getTime() };
  if (row.position !== chain.position + 1) throw new Broken(row.subject, chain.position + 1, 'the entry is missing');
  if (!isIntact(keys, entry)) throw new Broken(row.subject, row.position, 'the entry is not as it was signed');
  if (row.previous !== chain.hmac) throw new Broken(row.subject, row.position, 'it does not follow the entry before');
  return { ...chain, position: row.position, hmac: row.hmac };
}

function verifyEnd(chain: Chain): void {
  if (chain.position === chain.head.position && chain.hmac === chain.head.hmac) return;
  throw new Broken(chain.subject, chain.position + 1, 'the chain does not end where its head says');
}

/** Chains without any entry left, and instructions without a chain. */
async function verifyCount(trx: Transaction): Promise<void> {
  const { rows } = await sql<{ subject: string }>`
    select subject from audit_head where subject <> ${ROOTS}
      and not exists (select from audit_entry where audit_entry.subject = audit_head.subject)
    union all
    select 'instruction/' || id from instruction
    where released_at is not null and not exists (select from audit_head where subject = 'instruction/' || instruction.id)
    order by subject limit 1`.execute(trx);
  const [lost] = rows;
  if (lost !== undefined) throw new Broken(lost.subject, null, 'all its entries are missing');
}
