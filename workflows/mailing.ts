import { condition, log, patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { MailingActivities, MailingSlice } from '../activities/contract.ts';
import { DISPATCH_DELAYS } from '../domain/dispatch-delays.ts';
import { MINUTE } from '../domain/instant.ts';
import { MAILING } from './activity-profiles.ts';
import { isActivityTrouble } from './recording.ts';

/** `coordination` → `mailing`, `coordination-x` → `mailing-x`: the queues of one set of workers. */
export const mailingQueue = (): string => workflowInfo().taskQueue.replace(/^coordination/, 'mailing');

/** While no mail leaves it is tried again ever more seldom: a night without a relay costs a few dozen events. */
const DELAYS = [...DISPATCH_DELAYS, 5 * MINUTE, 15 * MINUTE];
const delayOf = (times: number): number => DELAYS[Math.min(times, DELAYS.length) - 1] ?? MINUTE;

/** Histories that were begun before have one mailing wait for whatever the one before has put off. */
const IN_TURN = 'mailings-in-turn';

/**
 * Has mailings sent slice by slice, in the order in which they were asked for. None waits for a mail of another that is put off: one
 * full mailbox holds up nobody else.
 */
export class Mailings {
  private readonly wanted: string[] = [];
  private busy = false;
  /** Mails that each still has to send, as its last slice left them. */
  private readonly left = new Map<string, number>();
  /** Slices one after the other by which nothing left, and waits since anything did. */
  private vain = 0;
  private waits = 0;
  /** Another was asked for: it does not wait until those before are tried again. */
  private asked = false;

  get isIdle(): boolean {
    return !this.busy;
  }

  ask(mailings: readonly string[]): void {
    const more = mailings.filter((mailing) => !this.wanted.includes(mailing));
    this.wanted.push(...more);
    if (more.length > 0) [this.asked, this.vain] = [true, 0];
    if (!this.busy && this.wanted.length > 0) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    for (let idle = 0; this.wanted[0] !== undefined;) {
      const slice = await this.send(this.wanted[0]);
      idle = slice.tried > 0 ? 0 : idle + 1;
      if (slice.waiting === 0) this.end(this.wanted[0]);
      else if (patched(IN_TURN)) await this.goOn(this.wanted[0], slice);
      else if (idle > 0) await sleep(delayOf(idle));
    }
    this.busy = false;
  }

  private end(mailing: string): void {
    this.wanted.shift();
    this.left.delete(mailing);
    this.vain = 0;
  }

  /** With the same while its mails leave, else with the next; once nothing leaves of any, all wait. */
  private async goOn(mailing: string, { tried, waiting, untried = 0 }: MailingSlice): Promise<void> {
    const fewer = waiting < (this.left.get(mailing) ?? Infinity);
    this.left.set(mailing, waiting);
    // One that is put off time and again is tried ever more seldom: it is no sign that others leave.
    if (tried > 0 && (fewer || untried > 0)) {
      [this.vain, this.waits] = [0, 0];
      return;
    }
    this.wanted.push(...this.wanted.splice(0, 1));
    this.vain += 1;
    if (this.vain < this.wanted.length) return;
    [this.vain, this.asked] = [0, false];
    this.waits += 1;
    await condition(() => this.asked, delayOf(this.waits));
  }

  private async send(mailing: string): Promise<MailingSlice> {
    const { sendMailing } = proxyActivities<MailingActivities>({ ...MAILING, taskQueue: mailingQueue() });
    try {
      return await sendMailing(mailing, Date.now());
    } catch (error) {
      if (!isActivityTrouble(error)) throw error;
      log.error('A mailing was given up, and is tried again', { error });
      return { tried: 0, waiting: Infinity };
    }
  }
}
