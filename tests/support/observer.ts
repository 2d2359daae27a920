import type { DispatchResult, RecordingActivities, RecordResult } from '../../activities/contract.ts';
import type { Changes } from '../../domain/changes.ts';
import type { InstructionProcess } from '../../domain/process.ts';

/** Told of everything that the workflows hand to their activities and get back. */
export interface Observer {
  turn(changes: Changes, result: RecordResult): void;
  whole(changes: Changes, process: InstructionProcess, result: RecordResult): void;
  released(process: InstructionProcess): void;
  dispatched(instruction: string, result: DispatchResult): void;
}

/** The same activities, watched. */
export function observed(recording: RecordingActivities, observer: Observer | undefined): RecordingActivities {
  if (observer === undefined) return recording;
  return {
    async releaseInstruction(request, now) {
      const result = await recording.releaseInstruction(request, now);
      if (result.released) observer.released(result.process);
      return result;
    },
    async recordTurn(changes) {
      const result = await recording.recordTurn(changes);
      observer.turn(changes, result);
      return result;
    },
    async recordWhole(changes, process) {
      const result = await recording.recordWhole(changes, process);
      observer.whole(changes, process, result);
      return result;
    },
  };
}
