import { type Transferable, Worker } from 'node:worker_threads';

/** Why a thread did not finish what it had in hand: out of time, out of memory, or ended by it. */
export type Unfinished = 'time' | 'memory' | 'failed';

export interface ThreadPlan<Outcome> {
  /** Its script posts `ready` once it can work, then one outcome for each message. */
  readonly script: URL;
  readonly heapMb: number;
  /** The thread is given back after this long without work; absent: it is kept. */
  readonly idleMs?: number;
  readonly unfinished: (why: Unfinished) => Outcome;
  /** How much may wait behind what is in hand, and what is answered beyond; absent: whoever asks is bounded already. */
  readonly queue?: { readonly atMost: number; readonly full: Outcome };
}

/** One piece of work for the thread. */
export interface ThreadJob<Message> {
  /** Made anew at each try: what is transferred is gone. */
  readonly message: () => { readonly message: Message; readonly transfer: readonly Transferable[] };
  /** How long each try may take; after the last it is unfinished for want of time. */
  readonly triesMs: readonly number[];
}

interface Waiting<Message, Outcome> extends ThreadJob<Message> {
  readonly answer: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
}

/**
 * What comes from outside is worked on in a thread of its own, one after the other, within limits of time and memory; the
 * thread is kept for the next, and replaced after one that it did not finish.
 */
export class LimitedThread<Message, Outcome> {
  readonly #plan: ThreadPlan<Outcome>;
  readonly #queue: Waiting<Message, Outcome>[] = [];
  #thread: Worker | null = null;
  #ready = false;
  #current: Waiting<Message, Outcome> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(plan: ThreadPlan<Outcome>) {
    this.#plan = plan;
  }

  /** Rejects only when it is closed, or when the thread does not even start: that is our fault, not the work's. */
  ask(job: ThreadJob<Message>): Promise<Outcome> {
    if (this.#closed) return Promise.reject(new Error('The thread is closed.'));
    const { queue } = this.#plan;
    const held = this.#queue.length + (this.#current === null ? 0 : 1);
    if (queue !== undefined && held > queue.atMost) return Promise.resolve(queue.full);
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.#queue.push({ ...job, answer: resolve, fail: reject });
    this.#next();
    return promise;
  }

  /** Ends the thread; what is in hand or waits is answered as `failed`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { answer } of this.#queue.splice(0)) answer(this.#plan.unfinished('failed'));
    await this.#end('failed');
  }

  #next(): void {
    if (this.#current !== null) return;
    if (this.#thread === null && this.#queue.length > 0) this.#start();
    if (!this.#ready) return;
    clearTimeout(this.#timer);
    const job = this.#queue.shift();
    if (job === undefined) {
      this.#thread?.unref();
      const { idleMs } = this.#plan;
      if (idleMs !== undefined) this.#timer = setTimeout(() => void this.#end('failed'), idleMs).unref();
      return;
    }
    this.#current = job;
    this.#timer = setTimeout(() => this.#tooLong(job), job.triesMs[0]);
    const { message, transfer } = job.message();
    this.#thread?.ref();
    this.#thread?.postMessage(message, transfer);
  }

  #start(): void {
    const { script, heapMb } = this.#plan;
    const thread = new Worker(script, { env: {}, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.#thread = thread;
    this.#ready = false;
    const ifCurrent =
      <T>(act: (what: T) => void) =>
      (what: T): void => {
        if (this.#thread === thread) act(what);
      };
    thread.on(
      'message',
      ifCurrent((message: Outcome | 'ready') => this.#heard(message)),
    );
    thread.on(
      'error',
      ifCurrent((error: NodeJS.ErrnoException) => {
        if (!this.#ready) this.#giveUp(error);
        else void this.#end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'failed');
      }),
    );
    thread.on(
      'exit',
      ifCurrent(() => void this.#end('failed')),
    );
  }

  #heard(message: Outcome | 'ready'): void {
    if (message === 'ready') this.#ready = true;
    else this.#settle(message);
    this.#next();
  }

  #settle(outcome: Outcome): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = null;
    job?.answer(outcome);
  }

  #tooLong(job: Waiting<Message, Outcome>): void {
    const triesMs = job.triesMs.slice(1);
    if (triesMs.length > 0) {
      this.#current = null;
      this.#queue.unshift({ ...job, triesMs });
    }
    void this.#end('time');
  }

  #giveUp(error: Error): void {
    this.#thread = null;
    for (const { fail } of this.#queue.splice(0)) fail(error);
  }

  async #end(why: Unfinished): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    this.#ready = false;
    this.#settle(this.#plan.unfinished(why));
    this.#next();
    await thread?.terminate();
  }
}
