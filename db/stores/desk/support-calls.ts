import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import type { Database, Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';

export interface LateCall {
  readonly instruction: string;
  readonly organisation: string;
  /** Number of the request. */
  readonly request: number;
  readonly answeredBy: string;
  readonly outcome: string;
  readonly by: Actor;
  readonly now: number;
}

/** `notEnded`: a workflow still follows the instruction, or nobody knows; it alone may close the task. */
export type LateCallResult = 'noted' | 'given' | 'unknown' | 'notEnded';

/**
 * The outcome of a call for support whose instruction has ended: the task outlives the workflow that opened it, and what its last
 * turn has recorded is nobody's any more (ADR 0028). The task and the audit change together.
 */
export const noteLateCall = (database: Database, keys: KeyRing, call: LateCall): Promise<LateCallResult> =>
  database.sql.transaction().execute(async (trx) => {
    const { instruction, organisation, request, answeredBy, outcome, by, now } = call;
    if (!(await hasEnded(trx, instruction))) return 'notEnded';
    const closed = await tasksOf(trx, call)
      .set({ closed_at: new Date(now) })
      .where('closed_at', 'is', null)
      .returning('step')
      .executeTakeFirst();
    if (closed === undefined) return (await wasAsked(trx, call)) ? 'given' : 'unknown';
    const data = { request, answeredBy, outcome };
    const fact = { at: now, kind: 'supportGiven', organisation, actor: by, data } as const;
    await appendAudit(trx, keys, instructionSubject(instruction), [fact]);
    return 'noted';
  });

const tasksOf = (trx: Transaction, { instruction, organisation, request }: LateCall) =>
  trx
    .updateTable('task')
    .where('instruction_id', '=', instruction)
    .where('organisation_id', '=', organisation)
    .where('kind', '=', 'support')
    .where('step', '=', request);

async function hasEnded(trx: Transaction, instruction: string): Promise<boolean> {
  const row = await trx
    .selectFrom('audit_entry')
    .select('position')
    .where('subject', '=', instructionSubject(instruction))
    .where('kind', '=', 'ended')
    .executeTakeFirst();
  return row !== undefined;
}

async function wasAsked(trx: Transaction, { instruction, organisation, request }: LateCall): Promise<boolean> {
  const { rows } = await sql`
    select from task where instruction_id = ${instruction} and organisation_id = ${organisation} and kind = 'support'
      and step = ${request}`.execute(trx);
  return rows.length > 0;
}
