import { Worker } from 'node:worker_threads';
import type { WrittenSheet } from '../../domain/sheet.ts';
import { SPREADSHEET_LIMITS } from './limits.ts';
import { refusedAs, type SpreadsheetReading } from './refusals.ts';
import type { SpreadsheetDone, SpreadsheetJob } from './spreadsheet.worker.ts';

export type { SpreadsheetReading } from './refusals.ts';

/** Reads and writes spreadsheets in one thread, one file after the other. */
export interface Spreadsheets {
  /** Never rejects because of the file: one beyond the limits, or that ends its thread, is refused by name. */
  read(bytes: Uint8Array, sheetName: string): Promise<SpreadsheetReading>;
  /** An XLSX. */
  write(sheets: readonly WrittenSheet[]): Promise<Buffer>;
  close(): Promise<void>;
}

/** The thread holds the library's memory (some 60 MB): kept for the next file (a new one takes half a second), given back after this. */
const IDLE_MS = 60_000;

interface Waiting {
  readonly job: SpreadsheetJob;
  readonly answer: (done: SpreadsheetDone) => void;
  readonly fail: (error: Error) => void;
}

export const openSpreadsheets = (timeMs: number = SPREADSHEET_LIMITS.timeMs): Spreadsheets => new Threaded(timeMs);

class Threaded implements Spreadsheets {
  readonly #timeMs: number;
  readonly #queue: Waiting[] = [];
  #thread: Worker | null = null;
  #ready = false;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(timeMs: number) {
    this.#timeMs = timeMs;
  }

  async read(bytes: Uint8Array, sheetName: string): Promise<SpreadsheetReading> {
    if (bytes.byteLength > SPREADSHEET_LIMITS.bytes) return refusedAs('tooLarge');
    const done = await this.#ask({ kind: 'read', bytes: new Uint8Array(bytes), sheetName });
    return 'file' in done ? refusedAs('failed') : done;
  }

  async write(sheets: readonly WrittenSheet[]): Promise<Buffer> {
    const done = await this.#ask({ kind: 'write', sheets });
    if (!('file' in done)) throw new Error(`A spreadsheet was not written: ${done.read ? 'read' : done.as}`);
    return Buffer.from(done.file.buffer);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { answer } of this.#queue.splice(0)) answer(refusedAs('failed'));
    await this.#end('failed');
  }

  #ask(job: SpreadsheetJob): Promise<SpreadsheetDone> {
    if (this.#closed) return Promise.reject(new Error('No spreadsheet is read any more.'));
    const { promise, resolve, reject } = Promise.withResolvers<SpreadsheetDone>();
    this.#queue.push({ job, answer: resolve, fail: reject });
    this.#next();
    return promise;
  }

  #next(): void {
    if (this.#current !== null) return;
    if (this.#thread === null && this.#queue.length > 0) this.#start();
    if (!this.#ready) return;
    clearTimeout(this.#timer);
    const job = this.#queue.shift();
    if (job === undefined) {
      this.#thread?.unref();
      this.#timer = setTimeout(() => void this.#end('failed'), IDLE_MS).unref();
      return;
    }
    this.#current = job;
    this.#timer = setTimeout(() => void this.#end('time'), this.#timeMs);
    this.#thread?.ref();
    this.#thread?.postMessage(job.job, job.job.kind === 'read' ? [job.job.bytes.buffer] : []);
  }

  #start(): void {
    const thread = new Worker(new URL('./spreadsheet.worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: SPREADSHEET_LIMITS.heapMb },
    });
    this.#thread = thread;
    this.#ready = false;
    const ifCurrent =
      <T>(act: (what: T) => void) =>
      (what: T): void => {
        if (this.#thread === thread) act(what);
      };
    thread.on(
      'message',
      ifCurrent((message: SpreadsheetDone | 'ready') => {
        if (message === 'ready') this.#ready = true;
        else this.#settle(message);
        this.#next();
      }),
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

  #settle(done: SpreadsheetDone): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = null;
    job?.answer(done);
  }

  /** A thread that does not even start is our fault, not the file's. */
  #giveUp(error: Error): void {
    this.#thread = null;
    for (const { fail } of this.#queue.splice(0)) fail(error);
  }

  async #end(as: 'time' | 'memory' | 'failed'): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    this.#ready = false;
    this.#settle(refusedAs(as));
    this.#next();
    await thread?.terminate();
  }
}
