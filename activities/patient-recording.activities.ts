import { ApplicationFailure } from '@temporalio/common';
import type { PatientRecordingActivities, RecordingActivities } from './contract.ts';

type Recording = Pick<RecordingActivities, 'recordTurn' | 'recordWhole'>;

/** The recording that does not give up: every obstacle is a failure that Temporal shows and tries again. */
export function createPatientRecordingActivities(recording: Recording): PatientRecordingActivities {
  return {
    async recordPatiently(changes, process) {
      const turn = await recording.recordTurn(changes);
      const result = turn.outcome === 'taken' ? await recording.recordWhole(changes, process) : turn;
      if (result.outcome === 'recorded') return result;
      throw ApplicationFailure.create({
        type: `Database-${result.outcome}`,
        message:
          result.outcome === 'ahead'
            ? `The database has later turns of ${changes.instruction} than turn ${changes.seq}: run npm run reconcile`
            : `Turn ${changes.seq} of ${changes.instruction} is taken by another: run npm run reconcile`,
      });
    },
  };
}
