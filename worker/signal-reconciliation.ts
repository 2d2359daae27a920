import type { Client } from '@temporalio/client';
import {
  overwriteSignal,
  recordedSignal,
  signalFingerprint,
  signalsInProgress,
  type SignalStore,
} from '../db/stores/process/early-signals.ts';
import type { EarlySignal } from '../domain/early-signal.ts';
import type { EarlySignalGateway } from '../gateway/early-signal-gateway.ts';
import { isRunning } from '../gateway/engine-runs.ts';
import { EARLY_SIGNAL_WORKFLOW, earlySignalWorkflowId } from '../workflows/contract.ts';
import { openWorkflowIds, waitsToRecord } from './running-workflows.ts';

export interface SignalReconciler {
  readonly store: SignalStore;
  readonly client: Client;
  readonly gateway: EarlySignalGateway;
}

/** How an early signal differs, as an instruction does (`reconciliation.ts`). `state`: what its workflow holds. */
export type SignalDifference =
  | { readonly kind: 'turn'; readonly id: string; readonly database: number; readonly state: EarlySignal }
  | { readonly kind: 'noWorkflow'; readonly id: string; readonly database: number }
  | { readonly kind: 'noRow'; readonly id: string };

/** Every difference between stored signals and their workflows. Asks the worker: one must be running. */
export async function signalDifferences(reconciler: SignalReconciler): Promise<SignalDifference[]> {
  const { store, client } = reconciler;
  const ids = new Set([
    ...(await signalsInProgress(store.sql)),
    ...(await openWorkflowIds(client, EARLY_SIGNAL_WORKFLOW)),
  ]);
  const found: SignalDifference[] = [];
  for (const id of ids) {
    // A turn may have been under way between the two readings: only what stays different is.
    const difference = (await differenceOf(reconciler, id)) && (await differenceOf(reconciler, id));
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

/** Takes a difference away. @returns false where only a person can */
export async function mendSignal(reconciler: SignalReconciler, difference: SignalDifference): Promise<boolean> {
  const { store, client, gateway } = reconciler;
  if (difference.kind === 'noRow') return false;
  if (difference.kind === 'noWorkflow') {
    await gateway.follow(difference.id);
    return true;
  }
  const { id, state } = difference;
  // One that waits to record its turn goes on from the turn before.
  const waits = await waitsToRecord(client, earlySignalWorkflowId(id), 'recordSignal');
  await overwriteSignal(store, state, waits ? state.seq - 1 : state.seq);
  return true;
}

async function differenceOf(
  { store, client, gateway }: SignalReconciler,
  id: string,
): Promise<SignalDifference | undefined> {
  const row = await recordedSignal(store.sql, id);
  if (!(await isRunning(client, earlySignalWorkflowId(id)))) {
    if (row === undefined || row.status === 'closed' || row.status === 'withdrawn') return undefined;
    return { kind: 'noWorkflow', id, database: row.seq };
  }
  const state = await gateway.process(id);
  if (state === null) return undefined; // it has just begun
  if (row === undefined) return { kind: 'noRow', id };
  const same = row.seq === state.seq && row.fingerprint === signalFingerprint(state);
  return same ? undefined : { kind: 'turn', id, database: row.seq, state };
}
