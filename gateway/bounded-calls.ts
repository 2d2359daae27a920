import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { CALL_TIMEOUT_MS, UPDATE_TIMEOUT_MS, type TemporalGateway } from './connection.ts';
import { engineError, isTimeout, metTheEndOfARun, NoSuchWorkflow } from './engine-errors.ts';

const SHORT_PAUSE_MS = 20;

/** Calls that end in time, with errors of ours. */
export function boundedCalls(client: TemporalGateway['client']) {
  const bounded = async <T>(ms: number, workflowId: string, changes: boolean, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, call);
    } catch (error) {
      throw engineError(error, workflowId, changes);
    }
  };
  return {
    within: <T>(workflowId: string, changes: boolean, call: () => Promise<T>) =>
      bounded(CALL_TIMEOUT_MS, workflowId, changes, call),
    /** Asks until an answer comes or the time of an Update is over; each time by the same update id, so it is done once. */
    update: <T>(workflowId: string, ask: () => Promise<T>, again: (error: unknown) => boolean): Promise<T> =>
      bounded(UPDATE_TIMEOUT_MS, workflowId, true, async () => {
        const end = Date.now() + UPDATE_TIMEOUT_MS;
        for (;;) {
          try {
            return await client.withDeadline(Math.min(end, Date.now() + UPDATE_TIMEOUT_MS / 2), ask);
          } catch (error) {
            if (!again(error) || Date.now() + SHORT_PAUSE_MS >= end) throw error;
          }
          await pause(SHORT_PAUSE_MS);
        }
      }),
  };
}

/** An Update that meets a continue-as-new hangs in the server until its deadline, or fails with its workflow task. */
export const mayFollow = (error: unknown): boolean => isTimeout(error) || metTheEndOfARun(error);

/** A workflow that has ended takes no Update: the next start does. */
export const isEnded = (error: unknown): boolean =>
  engineError(error, '', true) instanceof NoSuchWorkflow || error instanceof WorkflowUpdateFailedError;
