import { log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { DispatchActivities, DispatchResult } from '../activities/contract.ts';
import { DISPATCH } from './activity-profiles.ts';
import { isActivityTrouble } from './recording.ts';

/** `coordination` → `dispatch`, `coordination-x` → `dispatch-x`: the two queues of one pair of workers. */
export const dispatchQueue = (): string => workflowInfo().taskQueue.replace(/^coordination/, 'dispatch');

/** Has the planned deliveries of one instruction sent: at most one activity in flight, asked again if more was planned meanwhile. */
export class Dispatcher {
  private busy = false;
  private wanted = false;
  private readonly instruction: string;
  private readonly onResult: (result: DispatchResult) => void;

  constructor(instruction: string, onResult: (result: DispatchResult) => void) {
    this.instruction = instruction;
    this.onResult = onResult;
  }

  get isIdle(): boolean {
    return !this.busy;
  }

  ask(): void {
    this.wanted = true;
    if (!this.busy) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    const { dispatchInstruction } = proxyActivities<DispatchActivities>({ ...DISPATCH, taskQueue: dispatchQueue() });
    while (this.wanted) {
      this.wanted = false;
      try {
        this.onResult(await dispatchInstruction(this.instruction, Date.now()));
      } catch (error) {
        if (!isActivityTrouble(error)) throw error;
        // Given up for good by the activity itself: tried again later like any delivery that could not leave.
        log.error('Sending was given up', { error });
        this.onResult({ reports: [], waiting: 1 });
      }
    }
    this.busy = false;
  }
}
