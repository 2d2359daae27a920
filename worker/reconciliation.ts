import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { Sql } from '../db/database.ts';
import {
  listedTasks,
  recordAnyway,
  recordedInstruction,
  recordedInstructions,
} from '../db/stores/process/reconcile.ts';
import { recordedSupersession, storedProcess } from '../db/stores/process/stored-process.ts';
import type { Recorder } from '../db/stores/process/write-changes.ts';
import type { Changes, TaskChange } from '../domain/changes.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { LISTENING } from '../domain/instruction-process.ts';
import { openTasksOf } from '../domain/open-tasks.ts';
import type { InstructionProcess } from '../domain/process.ts';
import type { Supersession } from '../domain/relation.ts';
import { wholeTurn } from '../domain/turn-record.ts';
import { isRunning } from '../gateway/engine-runs.ts';
import type { InstructionGateway } from '../gateway/instruction-gateway.ts';
import type { RelayGateway } from '../gateway/relay-gateway.ts';
import { INSTRUCTION_WORKFLOW, instructionWorkflowId } from '../workflows/contract.ts';
import { relayDifferences, type RelayDifference } from './relay-reconciliation.ts';
import { openWorkflowIds, waitsToRecord } from './running-workflows.ts';

export interface Reconciler {
  readonly recorder: Recorder;
  readonly client: Client;
  readonly gateway: InstructionGateway;
  readonly relays: RelayGateway;
}

/**
 * How an instruction differs. `turn`: workflow and database stand at different turns, or at different ones of the same
 * number (recorded again from the workflow). `noWorkflow`: nobody follows it any more (followed again from the database).
 * `noRow`: the database has never heard of it (a person decides). `untold`: its workflow has not heard of the message that has
 * overtaken it (told again).
 */
export type InstructionDifference =
  | { readonly kind: 'turn'; readonly id: string; readonly database: number; readonly process: InstructionProcess }
  | { readonly kind: 'noWorkflow'; readonly id: string; readonly process: InstructionProcess }
  | { readonly kind: 'noRow'; readonly id: string; readonly process: InstructionProcess }
  | { readonly kind: 'untold'; readonly id: string; readonly process: InstructionProcess; readonly by: Supersession };

export type Difference = InstructionDifference | RelayDifference;

/** Every difference between what the database records and what the workflows hold. Asks the worker: one must be running. */
export async function differences(reconciler: Reconciler): Promise<Difference[]> {
  const ids = new Set([
    ...(await releasedIds(reconciler)),
    ...(await openWorkflowIds(reconciler.client, INSTRUCTION_WORKFLOW)),
  ]);
  const found: Difference[] = [];
  for (const id of ids) {
    const first = await differencesOf(reconciler, id);
    // A turn may have been under way between the two readings: only what stays different is.
    if (first.length > 0) found.push(...(await differencesOf(reconciler, id)));
  }
  return [...found, ...(await relayDifferences(reconciler.recorder.sql, reconciler.client))];
}

/** Takes a difference away. Those of one instruction in their order. @returns false where only a person can */
export async function mend(reconciler: Reconciler, difference: Difference): Promise<boolean> {
  const { gateway, relays } = reconciler;
  switch (difference.kind) {
    case 'noRow':
    case 'noRelayRow':
      return false;
    case 'noWorkflow':
      await gateway.resume(difference.process);
      return true;
    case 'untold':
      await gateway.supersede(difference.id, difference.by);
      return true;
    case 'noRelay': {
      const { relay, instruction, organisation } = difference.left;
      await relays.resume({ relay, instruction, organisation });
      return true;
    }
    case 'turn':
      return recordAgain(reconciler, difference);
  }
}

async function recordAgain(
  { client, recorder }: Reconciler,
  { id, process }: Pick<InstructionDifference, 'id' | 'process'>,
): Promise<boolean> {
  // A workflow that waits to record its turn still has the facts and deliveries of it to write: it goes on from the turn before.
  const waits = await waitsToRecord(client, instructionWorkflowId(id), 'recordPatiently');
  const whole = wholeOf(process, waits ? process.seq - 1 : process.seq);
  const tasks = await tasksToSettle(recorder.sql, process);
  const result = await recordAnyway(recorder, { ...whole, tasks }, process);
  return result.outcome === 'recorded';
}

/** The tasks that are owed, and the end of those on the list that are not. */
async function tasksToSettle(sql: Sql, process: InstructionProcess): Promise<TaskChange[]> {
  const owed = openTasksOf(process);
  const key = ({ kind, organisation, step }: Omit<TaskChange, 'open'>): string => `${kind} ${organisation} ${step}`;
  const wanted = new Set(owed.map(key));
  const listed = await listedTasks(sql, process.instruction);
  return [...owed, ...listed.filter((one) => !wanted.has(key(one))).map((one) => ({ ...one, open: false }))];
}

async function differencesOf(reconciler: Reconciler, id: string): Promise<InstructionDifference[]> {
  const { recorder, client, gateway } = reconciler;
  const stored = await storedProcess(recorder.sql, id);
  if (await isRunning(client, instructionWorkflowId(id))) {
    const process = await gateway.process(id);
    if (process === null) return []; // its release is under way
    const row = await recordedInstruction(recorder.sql, id);
    if (row === undefined) return [{ kind: 'noRow', id, process }];
    const same = row.seq === process.seq && (row.fingerprint === fingerprintOf(process) || sayTheSame(stored, process));
    return [
      ...(same ? [] : [{ kind: 'turn', id, database: row.seq, process } as const]),
      ...(await untold(reconciler, process)),
    ];
  }
  if (stored === undefined) return [];
  const over = stored.closedAt !== null && stored.closedAt + LISTENING <= Date.now();
  return over ? [] : [{ kind: 'noWorkflow', id, process: stored }, ...(await untold(reconciler, stored))];
}

/** The message that refers may have ended long ago: nobody else would tell. */
async function untold({ recorder }: Reconciler, process: InstructionProcess): Promise<InstructionDifference[]> {
  if (process.supersededBy !== undefined || process.endedAt !== undefined) return [];
  const by = await recordedSupersession(recorder.sql, process.instruction);
  return by === null ? [] : [{ kind: 'untold', id: process.instruction, process, by }];
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
