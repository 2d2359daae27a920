import { Worker } from 'node:worker_threads';
import { MAIL_LIMITS } from './limits.ts';
import type { ParseJob } from './parse.worker.ts';
import type { ParseOutcome, QuarantineReason } from './received-mail.ts';

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

interface Waiting {
  readonly raw: Uint8Array;
  /** Of the tries still left. */
  readonly tries: readonly number[];
  readonly answer: (outcome: ParseOutcome) => void;
  readonly fail: (error: Error) => void;
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
  readonly #queue: Waiting[] = [];
  #thread: Worker | null = null;
  #ready = false;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(authservId: string | undefined) {
    this.#authservId = authservId;
  }

  parse(raw: Uint8Array, times: ParseTimes = MAIL_LIMITS): Promise<ParseOutcome> {
    if (raw.byteLength > MAIL_LIMITS.rawBytes) return Promise.resolve({ outcome: 'quarantined', reason: 'size' });
    if (this.#closed) return Promise.reject(new Error('The mail parser is closed.'));
    return new Promise((answer, fail) => {
      const small = raw.byteLength < MAIL_LIMITS.smallBytes;
      this.#queue.push({ raw, tries: small ? [times.timeMs, times.secondTryMs] : [times.timeMs], answer, fail });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const waiting = this.#queue.splice(0);
    this.#replaceThread('unreadable');
    for (const { answer } of waiting) answer({ outcome: 'quarantined', reason: 'unreadable' });
    await Promise.resolve();
  }

  #next(): void {
    if (this.#current !== null) return;
    if (this.#thread === null && this.#queue.length > 0) this.#start();
    if (!this.#ready) return;
    const job = this.#queue.shift();
    if (job === undefined) {
      this.#thread?.unref();
      return;
    }
    this.#current = job;
    this.#timer = setTimeout(() => this.#tooLong(job), job.tries[0]);
    const raw = new Uint8Array(job.raw);
    const message: ParseJob = { raw, authservId: this.#authservId };
    this.#thread?.ref();
    this.#thread?.postMessage(message, [raw.buffer]);
  }

  #start(): void {
    const thread = new Worker(new URL('./parse.worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MAIL_LIMITS.heapMb },
    });
    this.#thread = thread;
    this.#ready = false;
    const ifCurrent = (act: () => void) => (): void => {
      if (this.#thread === thread) act();
    };
    thread.on('message', (message: ParseOutcome | 'ready') => {
      if (this.#thread === thread) this.#heard(message);
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'unreadable';
      ifCurrent(() => (this.#ready ? this.#replaceThread(reason) : this.#giveUp(error)))();
    });
    thread.on(
      'exit',
      ifCurrent(() => this.#replaceThread('unreadable')),
    );
  }

  #heard(message: ParseOutcome | 'ready'): void {
    if (message === 'ready') this.#ready = true;
    else this.#settle(message);
    this.#next();
  }

  #settle(outcome: ParseOutcome): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = null;
    job?.answer(outcome);
  }

  #tooLong(job: Waiting): void {
    const left = job.tries.slice(1);
    if (left.length > 0) {
      this.#current = null;
      this.#queue.unshift({ ...job, tries: left });
    }
    this.#replaceThread('time');
  }

  /** A thread that doesn't even start is our fault, not the mail's: nothing is quarantined for it. */
  #giveUp(error: Error): void {
    this.#thread = null;
    for (const { fail } of this.#queue.splice(0)) fail(error);
  }

  #replaceThread(reason: QuarantineReason): void {
    const old = this.#thread;
    this.#thread = null;
    this.#ready = false;
    void old?.terminate();
    this.#settle({ outcome: 'quarantined', reason });
    this.#next();
  }
}
