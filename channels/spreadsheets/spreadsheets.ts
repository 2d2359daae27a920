import type { WrittenSheet } from '../../domain/sheet.ts';
import { LimitedThread, type Unfinished } from '../limited-thread.ts';
import { SPREADSHEET_LIMITS, WRITING_LIMITS } from './limits.ts';
import { refusedAs, type SpreadsheetReading } from './refusals.ts';
import type { SpreadsheetDone, SpreadsheetJob } from './spreadsheet.worker.ts';

export type { SpreadsheetReading } from './refusals.ts';

/** `busy`: too many wait; else why its thread did not finish it. */
export type NotWritten = 'busy' | Unfinished;
export type SpreadsheetWriting =
  { readonly written: true; readonly file: Buffer } | { readonly written: false; readonly why: NotWritten };

/**
 * Reads spreadsheets in one thread and writes them in another, each one file after the other: what is sent to us keeps nobody
 * from what is ours.
 */
export interface Spreadsheets {
  /**
   * Never rejects because of the file: one beyond the limits, or that ends its thread, is refused by name.
   * @param sender one file of each is under way at a time; absent: of someone who is bounded already
   */
  read(bytes: Uint8Array, sheetName: string, sender?: string): Promise<SpreadsheetReading>;
  /** An XLSX. */
  write(sheets: readonly WrittenSheet[]): Promise<SpreadsheetWriting>;
  close(): Promise<void>;
}

/** The thread holds the library's memory (some 60 MB): kept for the next file (a new one takes half a second), given back after this. */
const IDLE_MS = 60_000;

/** @param limits narrower or wider ones, for tests */
export const openSpreadsheets = (limits: Partial<ThreadLimits> = {}): Spreadsheets => new Threaded(limits);

/** Of each of both threads. */
interface ThreadLimits {
  readonly timeMs: number;
  readonly heapMb: number;
  readonly waiting: number;
}

type Unwritten = Extract<SpreadsheetWriting, { written: false }>;
type Done = SpreadsheetDone | Unwritten;
const script = new URL('./spreadsheet.worker.ts', import.meta.url);
const unwritten = (why: NotWritten): Unwritten => ({ written: false, why });

class Threaded implements Spreadsheets {
  readonly #reading: ThreadLimits;
  readonly #writing: ThreadLimits;
  readonly #reader: LimitedThread<SpreadsheetJob, Done>;
  readonly #writer: LimitedThread<SpreadsheetJob, Done>;
  readonly #senders = new Set<string>();

  constructor(limits: Partial<ThreadLimits>) {
    this.#reading = { ...SPREADSHEET_LIMITS, ...limits };
    this.#writing = { ...WRITING_LIMITS, ...limits };
    this.#reader = threadOf(this.#reading, refusedAs);
    this.#writer = threadOf(this.#writing, unwritten);
  }

  async read(bytes: Uint8Array, sheetName: string, sender?: string): Promise<SpreadsheetReading> {
    if (bytes.byteLength > SPREADSHEET_LIMITS.bytes) return refusedAs('tooLarge');
    if (sender === undefined) return this.#read(bytes, sheetName);
    if (this.#senders.has(sender)) return refusedAs('underWay');
    this.#senders.add(sender);
    try {
      return await this.#read(bytes, sheetName);
    } finally {
      this.#senders.delete(sender);
    }
  }

  async write(sheets: readonly WrittenSheet[]): Promise<SpreadsheetWriting> {
    const job = { message: { kind: 'write', sheets } as const, transfer: [] };
    const done = await this.#writer.ask({ message: () => job, triesMs: [this.#writing.timeMs] });
    if (!('written' in done)) return unwritten('failed');
    return done.written ? { written: true, file: Buffer.from(done.file.buffer) } : done;
  }

  async close(): Promise<void> {
    await Promise.all([this.#reader.close(), this.#writer.close()]);
  }

  async #read(bytes: Uint8Array, sheetName: string): Promise<SpreadsheetReading> {
    const copy = new Uint8Array(bytes);
    const job = { message: { kind: 'read', bytes: copy, sheetName } as const, transfer: [copy.buffer] };
    const done = await this.#reader.ask({ message: () => job, triesMs: [this.#reading.timeMs] });
    return 'written' in done ? refusedAs('failed') : done;
  }
}

const threadOf = (
  { heapMb, waiting }: ThreadLimits,
  unfinished: (why: NotWritten) => Done,
): LimitedThread<SpreadsheetJob, Done> =>
  new LimitedThread({
    ...{ script, heapMb, idleMs: IDLE_MS, unfinished },
    queue: { atMost: waiting, full: unfinished('busy') },
  });
