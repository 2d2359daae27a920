import { parentPort, workerData } from 'node:worker_threads';
import { filePages, type FileMatter } from './file-pages.ts';
import { openPdfMaker } from './pdf-maker.ts';
import { situationPage, type SituationMatter } from './situation-page.ts';

export type PrintJob =
  | { readonly kind: 'file'; readonly matter: FileMatter }
  | { readonly kind: 'situation'; readonly matter: SituationMatter };

export interface Printed {
  readonly pdf: Uint8Array<ArrayBuffer>;
}

if (parentPort === null) throw new Error('print.worker.ts runs in a worker thread only.');

const job = workerData as PrintJob;
const pages = job.kind === 'file' ? filePages(job.matter) : situationPage(job.matter);
const printed: Printed = { pdf: await openPdfMaker()(pages) };
parentPort.postMessage(printed, [printed.pdf.buffer]);
