import { parentPort } from 'node:worker_threads';
import type { WrittenSheet } from '../../domain/sheet.ts';
import { readSpreadsheet } from './read-spreadsheet.ts';
import type { SpreadsheetReading } from './refusals.ts';
import { writeWorkbook } from './write-workbook.ts';

/** One file to read (`bytes` are handed over) or to write. */
export type SpreadsheetJob =
  | { readonly kind: 'read'; readonly bytes: Uint8Array<ArrayBuffer>; readonly sheetName: string }
  | { readonly kind: 'write'; readonly sheets: readonly WrittenSheet[] };

export type SpreadsheetDone = SpreadsheetReading | { readonly written: true; readonly file: Uint8Array<ArrayBuffer> };

if (parentPort === null) throw new Error('spreadsheet.worker.ts runs in a worker thread only.');
const port = parentPort;

// What is thrown here ends this thread, and with it this file alone.
port.on('message', (job: SpreadsheetJob) => void work(job));
port.postMessage('ready');

async function work(job: SpreadsheetJob): Promise<void> {
  if (job.kind === 'write') {
    const file = await writeWorkbook(job.sheets);
    port.postMessage({ written: true, file } satisfies SpreadsheetDone, [file.buffer]);
    return;
  }
  const { buffer, byteOffset, byteLength } = job.bytes;
  port.postMessage(await readSpreadsheet(Buffer.from(buffer, byteOffset, byteLength), job.sheetName));
}
