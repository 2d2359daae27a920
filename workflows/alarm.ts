import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../domain/instant.ts';

/**
 * One timer for everything that is due. Set to an earlier instant it is replaced; set to a later one it is left to ring
 * and be set again: an answer that puts the next step off then costs no event at all.
 */
export class Alarm {
  private ringsAt: Instant | null = null;
  private scope: CancellationScope | null = null;
  private hasRung = false;

  /** True from its ringing until it is set again. */
  get rang(): boolean {
    return this.hasRung;
  }

  set(due: Instant | null, now: Instant): void {
    this.hasRung = false;
    if (due === null || (this.ringsAt !== null && this.ringsAt <= due)) return;
    this.scope?.cancel();
    this.ringsAt = due;
    const scope = new CancellationScope();
    this.scope = scope;
    void scope.run(() => this.ringAfter(due - now, scope));
  }

  private async ringAfter(milliseconds: number, scope: CancellationScope): Promise<void> {
    try {
      await sleep(Math.max(1, milliseconds));
    } catch (error) {
      if (isCancellation(error)) return; // replaced by an earlier one
      throw error;
    }
    if (this.scope !== scope) return;
    this.scope = null;
    this.ringsAt = null;
    this.hasRung = true;
  }
}
