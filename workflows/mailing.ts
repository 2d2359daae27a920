import { log, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { MailingActivities, MailingSlice } from '../activities/contract.ts';
import { DISPATCH_DELAYS } from '../domain/dispatch-delays.ts';
import { MINUTE } from '../domain/instant.ts';
import { MAILING } from './activity-profiles.ts';
import { isActivityTrouble } from './recording.ts';

/** `coordination` → `mailing`, `coordination-x` → `mailing-x`: the queues of one set of workers. */
export const mailingQueue = (): string => workflowInfo().taskQueue.replace(/^coordination/, 'mailing');

/** While no mail leaves it is tried again ever more seldom: a night without a relay costs a few dozen events. */
const DELAYS = [...DISPATCH_DELAYS, 5 * MINUTE, 15 * MINUTE];

/** Has mailings sent slice by slice, one after the other, in the order in which they were asked for. */
export class Mailings {
  private readonly wanted: string[] = [];
  private busy = false;

  get isIdle(): boolean {
    return !this.busy;
  }

  ask(mailings: readonly string[]): void {
    for (const mailing of mailings) if (!this.wanted.includes(mailing)) this.wanted.push(mailing);
    if (!this.busy && this.wanted.length > 0) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    for (let idle = 0; this.wanted[0] !== undefined;) {
      const { tried, waiting } = await this.send(this.wanted[0]);
      idle = tried > 0 ? 0 : idle + 1;
      if (waiting === 0) this.wanted.shift();
      else if (idle > 0) await sleep(DELAYS[Math.min(idle, DELAYS.length) - 1] ?? MINUTE);
    }
    this.busy = false;
  }

  private async send(mailing: string): Promise<MailingSlice> {
    const { sendMailing } = proxyActivities<MailingActivities>({ ...MAILING, taskQueue: mailingQueue() });
    try {
      return await sendMailing(mailing, Date.now());
    } catch (error) {
      if (!isActivityTrouble(error)) throw error;
      log.error('A mailing was given up, and is tried again', { error });
      return { tried: 0, waiting: 1 };
    }
  }
}
