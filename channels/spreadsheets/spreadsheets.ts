import type { WrittenSheet } from '../../domain/sheet.ts';
import { LimitedThread } from '../limited-thread.ts';
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

export const openSpreadsheets = (timeMs: number = SPREADSHEET_LIMITS.timeMs): Spreadsheets => new Threaded(timeMs);

class Threaded implements Spreadsheets {
  readonly #timeMs: number;
  readonly #thread = new LimitedThread<SpreadsheetJob, SpreadsheetDone>({
    script: new URL('./spreadsheet.worker.ts', import.meta.url),
    heapMb: SPREADSHEET_LIMITS.heapMb,
    idleMs: IDLE_MS,
    unfinished: refusedAs,
  });

  constructor(timeMs: number) {
    this.#timeMs = timeMs;
  }

  async read(bytes: Uint8Array, sheetName: string): Promise<SpreadsheetReading> {
    if (bytes.byteLength > SPREADSHEET_LIMITS.bytes) return refusedAs('tooLarge');
    const copy = new Uint8Array(bytes);
    const done = await this.#ask({ kind: 'read', bytes: copy, sheetName }, [copy.buffer]);
    return 'file' in done ? refusedAs('failed') : done;
  }

  async write(sheets: readonly WrittenSheet[]): Promise<Buffer> {
    const done = await this.#ask({ kind: 'write', sheets }, []);
    if (!('file' in done)) throw new Error(`A spreadsheet was not written: ${done.read ? 'read' : done.as}`);
    return Buffer.from(done.file.buffer);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #ask(message: SpreadsheetJob, transfer: readonly ArrayBuffer[]): Promise<SpreadsheetDone> {
    return this.#thread.ask({ message: () => ({ message, transfer }), triesMs: [this.#timeMs] });
  }
}
