import { ActivityFailure, log, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
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
      return result.outcome === 'recorded' ? result : patient.recordPatiently(changes, process);
    },
    () => patient.recordPatiently(changes, process),
  );
}

async function quickThenPatient<T>(first: () => Promise<T>, then: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('The database does not answer: recording goes on with patience', { error });
    return then();
  }
}
