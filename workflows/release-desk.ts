import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { ReleaseRefusal, ReleaseRequest, ReleaseResult } from '../activities/contract.ts';
import type { InstructionProcess } from '../domain/process.ts';
import type { ReleasedAnswer } from './contract.ts';

/**
 * Those who ask for the release, at once or one after the other: each request is tried until one succeeds, and from then
 * on everybody gets the one number. A refusal concerns only the request that earned it.
 */
export class ReleaseDesk {
  private readonly waiting = new Map<string, ReleaseRequest>();
  private readonly refusals = new Map<string, ReleaseRefusal>();
  private number: string | null;

  /** @param number given at release; null before it */
  constructor(number: string | null) {
    this.number = number;
  }

  submit(request: ReleaseRequest): string {
    const key = JSON.stringify(request);
    if (!this.refusals.has(key)) this.waiting.set(key, request);
    return key;
  }

  async ask(request: ReleaseRequest): Promise<ReleasedAnswer> {
    const key = this.submit(request);
    await condition(() => this.number !== null || this.refusals.has(key));
    if (this.number !== null) return { released: true, number: this.number };
    return this.refusals.get(key) as ReleaseRefusal;
  }

  /** Tries the requests in the order in which they came. Null: every one was refused, and nobody asks any more. */
  async firstGranted(release: (request: ReleaseRequest) => Promise<ReleaseResult>): Promise<InstructionProcess | null> {
    for (const [key, request] of this.waiting) {
      const result = await release(request);
      this.waiting.delete(key);
      if (result.released) {
        this.number = result.process.number;
        return result.process;
      }
      this.refusals.set(key, result);
      await condition(() => allHandlersFinished() || this.waiting.size > 0); // the refused one hears of it first
    }
    return null;
  }
}
