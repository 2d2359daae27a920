import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import { recordAnyway, recordedInstruction, recordedInstructions } from '../db/stores/process/reconcile.ts';
import { storedProcess } from '../db/stores/process/stored-process.ts';
import type { Recorder } from '../db/stores/process/write-changes.ts';
import type { Changes } from '../domain/changes.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { LISTENING } from '../domain/instruction-process.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { wholeTurn } from '../domain/turn-record.ts';
import type { InstructionGateway } from '../gateway/instruction-gateway.ts';
import { INSTRUCTION_WORKFLOW, instructionWorkflowId } from '../workflows/contract.ts';
import { isRunning, openWorkflowIds, waitsToRecord } from './running-workflows.ts';

export interface Reconciler {
  readonly recorder: Recorder;
  readonly client: Client;
  readonly gateway: InstructionGateway;
}

/**
 * How an instruction differs. `turn`: workflow and database stand at different turns, or at different ones of the same
 * number (recorded again from the workflow). `noWorkflow`: nobody follows it any more (followed again from the database).
 * `noRow`: the database has never heard of it (a person decides).
 */
export type Difference =
  | { readonly kind: 'turn'; readonly id: string; readonly database: number; readonly process: InstructionProcess }
  | { readonly kind: 'noWorkflow'; readonly id: string; readonly process: InstructionProcess }
  | { readonly kind: 'noRow'; readonly id: string; readonly process: InstructionProcess };

/** Every difference between what the database records and what the workflows hold. Asks the worker: one must be running. */
export async function differences(reconciler: Reconciler): Promise<Difference[]> {
  const ids = new Set([
    ...(await releasedIds(reconciler)),
    ...(await openWorkflowIds(reconciler.client, INSTRUCTION_WORKFLOW)),
  ]);
  const found: Difference[] = [];
  for (const id of ids) {
    const first = await differenceOf(reconciler, id);
    // A turn may have been under way between the two readings: only what stays different is.
    const difference = first === undefined ? undefined : await differenceOf(reconciler, id);
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

/** Takes a difference away. @returns false where only a person can */
export async function mend(reconciler: Reconciler, difference: Difference): Promise<boolean> {
  if (difference.kind === 'noRow') return false;
  if (difference.kind === 'noWorkflow') {
    await reconciler.gateway.resume(difference.process);
    return true;
  }
  const { process, id } = difference;
  // A workflow that waits to record its turn still has the facts and deliveries of it to write: it goes on from the turn before.
  const waits = await waitsToRecord(reconciler.client, instructionWorkflowId(id), 'recordPatiently');
  const result = await recordAnyway(
    reconciler.recorder,
    wholeOf(process, waits ? process.seq - 1 : process.seq),
    process,
  );
  return result.outcome === 'recorded';
}

async function differenceOf({ recorder, client, gateway }: Reconciler, id: string): Promise<Difference | undefined> {
  const stored = await storedProcess(recorder.sql, id);
  if (await isRunning(client, instructionWorkflowId(id))) {
    const process = await gateway.process(id);
    if (process === null) return undefined; // its release is under way
    const row = await recordedInstruction(recorder.sql, id);
    if (row === undefined) return { kind: 'noRow', id, process };
    const same = row.seq === process.seq && (row.fingerprint === fingerprintOf(process) || sayTheSame(stored, process));
    return same ? undefined : { kind: 'turn', id, database: row.seq, process };
  }
  if (stored === undefined) return undefined;
  const over = stored.closedAt !== null && stored.closedAt + LISTENING <= Date.now();
  return over ? undefined : { kind: 'noWorkflow', id, process: stored };
}

/** The instant of the next sending moves without a turn, hence without a record: it makes no difference. */
const sayTheSame = (stored: InstructionProcess | undefined, process: InstructionProcess): boolean =>
  stored?.status === process.status &&
  stored.closedAt === process.closedAt &&
  isDeepStrictEqual(byOrganisation(stored), byOrganisation(process));

const byOrganisation = ({ followUps }: InstructionProcess) =>
  Object.fromEntries(followUps.map((one) => [one.organisation, one]));

function wholeOf(process: InstructionProcess, seq: number): Changes {
  const { instruction, status, closedAt, followUps } = process;
  const nothing = { facts: [], replies: [], plans: [], withdrawals: [], tasks: [], turn: wholeTurn(process) };
  const fingerprint = seq === process.seq ? fingerprintOf(process) : 'reconciled';
  return { instruction, seq, at: Date.now(), status, closedAt, followUps, ...nothing, fingerprint };
}

async function releasedIds({ recorder }: Reconciler): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await recordedInstructions(recorder.sql, { after });
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    after = last.id;
  }
}
