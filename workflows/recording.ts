import {
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  TemporalFailure,
} from '@temporalio/workflow';
import type {
  PatientRecordingActivities,
  Recorded,
  RecordingActivities,
  ReleaseRequest,
  ReleaseResult,
} from '../activities/contract.ts';
import type { Changes } from '../domain/changes.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { PATIENT_RECORDING, QUICK_RECORDING } from './activity-profiles.ts';

const quick = proxyLocalActivities<RecordingActivities>(QUICK_RECORDING);
const patient = proxyActivities<RecordingActivities & PatientRecordingActivities>(PATIENT_RECORDING);

/** Number, recipients, first deliveries: committed or refused when this resolves. */
export function release(request: ReleaseRequest): Promise<ReleaseResult> {
  const now = Date.now();
  return quickThenPatient(
    () => quick.releaseInstruction(request, now),
    () => patient.releaseInstruction(request, now),
  );
}

/** Resolves once the turn is in the database, whatever that takes. `process` is the state after it. */
export function record(changes: Changes, process: InstructionProcess): Promise<Recorded> {
  return quickThenPatient(
    async () => {
      const result = await quick.recordTurn(changes);
      return result.outcome === 'recorded' ? result : await untilDone(() => patient.recordPatiently(changes, process));
    },
    () => patient.recordPatiently(changes, process),
  );
}

/** Once more as an ordinary activity, and for ever, when the local one has failed. */
export async function quickThenPatient<T>(first: () => Promise<T>, then: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (!isActivityTrouble(error)) throw error;
    log.warn('The database does not answer: recording goes on with patience', { error });
    return untilDone(then);
  }
}

/** An activity that gives up for good would fail its workflow, and the instruction with it: it is asked again instead. */
async function untilDone<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isActivityTrouble(error)) throw error;
      log.error('Recording was given up, and is tried again', { error });
      await sleep('30 s');
    }
  }
}

/** A failure of an activity; a local one comes bare, not wrapped in an `ActivityFailure`. */
export const isActivityTrouble = (error: unknown): boolean =>
  error instanceof TemporalFailure && !isCancellation(error);
