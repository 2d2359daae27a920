import { LimitedThread } from '../limited-thread.ts';
import { MAIL_LIMITS } from './limits.ts';
import type { ParseJob } from './parse.worker.ts';
import type { ParseOutcome } from './received-mail.ts';

export type { ParseOutcome, QuarantineReason, ReceivedAttachment, ReceivedMail } from './received-mail.ts';

export interface MailParserOptions {
  /** Name of our relay in `Authentication-Results`; without it no verdict is believed. */
  readonly authservId?: string;
}

export interface ParseTimes {
  readonly timeMs: number;
  /** Of the second try of a mail under `MAIL_LIMITS.smallBytes`. */
  readonly secondTryMs: number;
}

export interface MailParser {
  /**
   * Reads one raw mail. Never rejects because of the mail: what can't be read within the limits is `quarantined`.
   * @param times for how long a thread may work on it; default one second, and five more for a small mail
   */
  parse(raw: Uint8Array, times?: ParseTimes): Promise<ParseOutcome>;
  /** Ends the thread; mails still waiting are quarantined as unreadable. */
  close(): Promise<void>;
}

/**
 * One parsing thread, kept for the next mail (a small one takes well under a millisecond of it, a new thread 50), and
 * replaced after one that it did not finish in time.
 */
export function createMailParser(options: MailParserOptions = {}): MailParser {
  return new ThreadedParser(options.authservId);
}

class ThreadedParser implements MailParser {
  readonly #authservId: string | undefined;
  readonly #thread = new LimitedThread<ParseJob, ParseOutcome>({
    script: new URL('./parse.worker.ts', import.meta.url),
    heapMb: MAIL_LIMITS.heapMb,
    unfinished: (why) => ({ outcome: 'quarantined', reason: why === 'failed' ? 'unreadable' : why }),
  });

  constructor(authservId: string | undefined) {
    this.#authservId = authservId;
  }

  async parse(raw: Uint8Array, { timeMs, secondTryMs }: ParseTimes = MAIL_LIMITS): Promise<ParseOutcome> {
    if (raw.byteLength > MAIL_LIMITS.rawBytes) return { outcome: 'quarantined', reason: 'size' };
    return this.#thread.ask({
      message: () => {
        const copy = new Uint8Array(raw);
        return { message: { raw: copy, authservId: this.#authservId }, transfer: [copy.buffer] };
      },
      triesMs: raw.byteLength < MAIL_LIMITS.smallBytes ? [timeMs, secondTryMs] : [timeMs],
    });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
