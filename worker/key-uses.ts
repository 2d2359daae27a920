import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import type { KeyRing, RingKey } from '../config/keys.ts';
import { hashToken, linkToken, replyLocalPart } from '../config/tokens.ts';
import type { Sql } from '../db/database.ts';
import { LISTENING } from '../domain/instruction-process.ts';
import { DUTY_WATCH_WORKFLOW, INSTRUCTION_WORKFLOW } from '../workflows/contract.ts';

/** What one key of the ring is still needed for; dropped before, each of these is lost. */
export interface KeyUses {
  readonly keyId: string;
  /** The newest key writes: it is never dropped. */
  readonly newest: boolean;
  /** Open workflows with a payload sealed by it in the history: they would stop. */
  readonly workflows: number;
  /** Deliveries of instructions in progress whose link or reply address it made: their answers would find no home. */
  readonly deliveries: number;
  /** Audit entries that it signed: they could no longer be verified. */
  readonly auditEntries: number;
}

/** Counts the uses of every key of the ring. Reads the history of each open workflow: minutes, not seconds, for thousands. */
export async function keyUses(ring: KeyRing, database: Sql, client: Client): Promise<KeyUses[]> {
  const [workflows, deliveries, audit] = await Promise.all([
    workflowsByKey(client),
    deliveriesByKey(ring, database),
    auditByKey(database),
  ]);
  return ring.map(({ id }, index) => ({
    keyId: id,
    newest: index === 0,
    workflows: workflows.get(id) ?? 0,
    deliveries: deliveries.get(id) ?? 0,
    auditEntries: audit.get(id) ?? 0,
  }));
}

async function workflowsByKey(client: Client): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const query = `WorkflowType in ('${INSTRUCTION_WORKFLOW}', '${DUTY_WATCH_WORKFLOW}') and ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const keyId of keyIdsIn(history)) counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
  }
  return counts;
}

/** The ids in the headers of all sealed payloads, wherever they stand in the history. */
function keyIdsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return found;
  const metadata = (value as { metadata?: Record<string, unknown> | null }).metadata;
  const keyId = metadata?.['encryption-key-id'];
  if (keyId instanceof Uint8Array) found.add(Buffer.from(keyId).toString());
  for (const inner of Object.values(value)) keyIdsIn(inner, found);
  return found;
}

async function deliveriesByKey(ring: KeyRing, database: Sql): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('delivery')
    .innerJoin('instruction', 'instruction.id', 'delivery.instruction_id')
    .select(['delivery.id', 'link_hash as linkHash', 'reply_hash as replyHash'])
    .where((where) =>
      where.or([
        where('instruction.status', '=', 'open'),
        where('instruction.closed_at', '>', new Date(Date.now() - LISTENING)),
      ]),
    )
    .where((where) => where.or([where('link_hash', 'is not', null), where('reply_hash', 'is not', null)]))
    .execute();
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const key of ring.filter((one) => madeBy(one, row))) counts.set(key.id, (counts.get(key.id) ?? 0) + 1);
  }
  return counts;
}

const madeBy = (
  key: RingKey,
  { id, linkHash, replyHash }: { id: string; linkHash: string | null; replyHash: string | null },
): boolean => hashToken(linkToken(key, id)) === linkHash || hashToken(replyLocalPart(key, id)) === replyHash;

async function auditByKey(database: Sql): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('audit_entry')
    .select([sql<string>`split_part(hmac, ':', 1)`.as('keyId'), sql<number>`count(*)::int`.as('entries')])
    .groupBy(sql`1`)
    .execute();
  return new Map(rows.map(({ keyId, entries }) => [keyId, entries]));
}
