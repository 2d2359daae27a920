import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { KeyRing } from '../../../config/keys.ts';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Sql } from '../../database.ts';
import { appendAudit } from '../audit.ts';

/** One run of a workflow that has ended. */
export interface ClosedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAt: Instant;
  readonly closedAt: Instant;
}

/** A run with its history: `temporal.api.history.v1.History`, as the engine writes it. */
export interface RunHistory extends ClosedRun {
  readonly events: number;
  readonly content: Uint8Array;
}

export interface ArchivedRun extends RunHistory {
  /** Of the content when it was archived. */
  readonly sha256: string;
  /** The content still is what was archived, and the audit says so. */
  readonly intact: boolean;
}

const historySubject = (workflowId: string): string => `history/${workflowId}`;
export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Those of the runs that are not archived yet, in their order. */
export async function notArchived(database: Sql, runs: readonly ClosedRun[]): Promise<ClosedRun[]> {
  if (runs.length === 0) return [];
  const rows = await database
    .selectFrom('workflow_history')
    .select('run_id')
    .where(
      'run_id',
      'in',
      runs.map(({ runId }) => runId),
    )
    .execute();
  const there = new Set(rows.map(({ run_id }) => run_id));
  return runs.filter(({ runId }) => !there.has(runId));
}

/** Keeps one history and its hash, the hash in the audit as well: one transaction. Archived before: nothing happens. */
export async function archiveHistory(database: Sql, keys: KeyRing, run: RunHistory): Promise<void> {
  const sha256 = sha256Of(run.content);
  const content = await promisify(gzip)(run.content);
  await database.transaction().execute(async (trx) => {
    const kept = await trx
      .insertInto('workflow_history')
      .values({
        run_id: run.runId,
        workflow_id: run.workflowId,
        workflow_type: run.type,
        status: run.status,
        started_at: new Date(run.startedAt),
        closed_at: new Date(run.closedAt),
        events: run.events,
        content,
        sha256,
        archived_at: new Date(),
      })
      .onConflict((conflict) => conflict.column('run_id').doNothing())
      .returning('run_id')
      .executeTakeFirst();
    if (kept === undefined) return;
    const data = { runId: run.runId, status: run.status, events: run.events, sha256 };
    const fact = { at: run.closedAt, kind: 'historyArchived', organisation: null, actor: MACHINE, data } as const;
    await appendAudit(trx, keys, historySubject(run.workflowId), [fact]);
  });
}

/** Every archived run of a workflow, oldest first, checked against its hash and the audit's. */
export async function archivedHistories(database: Sql, workflowId: string): Promise<ArchivedRun[]> {
  const rows = await database
    .selectFrom('workflow_history')
    .selectAll()
    .where('workflow_id', '=', workflowId)
    .orderBy('started_at')
    .orderBy('archived_at')
    .execute();
  const audited = await database
    .selectFrom('audit_entry')
    .select('data')
    .where('subject', '=', historySubject(workflowId))
    .execute();
  const told = new Set(audited.map(({ data }) => `${String(data['runId'])} ${String(data['sha256'])}`));
  return Promise.all(
    rows.map(async (row) => {
      const content = await unpacked(row.content);
      const intact = sha256Of(content) === row.sha256 && told.has(`${row.run_id} ${row.sha256}`);
      return {
        ...{ workflowId, runId: row.run_id, type: row.workflow_type, status: row.status, events: row.events },
        ...{ startedAt: row.started_at.getTime(), closedAt: row.closed_at.getTime() },
        ...{ content, sha256: row.sha256, intact },
      };
    }),
  );
}

/** Bytes that are no gzip any more count as altered, not as an error. */
async function unpacked(content: Buffer): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(content);
  } catch {
    return content;
  }
}
