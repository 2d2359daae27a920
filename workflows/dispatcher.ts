import { log, workflowInfo } from '@temporalio/workflow';
import { isActivityTrouble } from './recording.ts';

/** `coordination` → `dispatch`, `coordination-x` → `dispatch-x`: the two queues of one pair of workers. */
export const dispatchQueue = (): string => workflowInfo().taskQueue.replace(/^coordination/, 'dispatch');

export interface Sending<Result> {
  /** The activity that sends what is planned. */
  readonly send: () => Promise<Result>;
  /** What stands for its result when it was given up for good: tried again later like any delivery that could not leave. */
  readonly givenUp: Result;
  readonly onResult: (result: Result) => void;
}

/** Has planned mails sent: at most one activity in flight, asked again if more was planned meanwhile. */
export class Dispatcher<Result> {
  private busy = false;
  private wanted = false;
  private readonly sending: Sending<Result>;

  constructor(sending: Sending<Result>) {
    this.sending = sending;
  }

  get isIdle(): boolean {
    return !this.busy;
  }

  ask(): void {
    this.wanted = true;
    if (!this.busy) void this.run();
  }

  private async run(): Promise<void> {
    const { send, givenUp, onResult } = this.sending;
    this.busy = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        onResult(await send());
      } catch (error) {
        if (!isActivityTrouble(error)) throw error;
        log.error('Sending was given up', { error });
        onResult(givenUp);
      }
    }
    this.busy = false;
  }
}
