import { parentPort } from 'node:worker_threads';
import { readMail } from './read-mail.ts';
import type { ParseOutcome } from './received-mail.ts';

/** One mail to read. `raw` is handed over, not copied. */
export interface ParseJob {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly authservId: string | undefined;
}

if (parentPort === null) throw new Error('parse.worker.ts runs in a worker thread only.');
const port = parentPort;

port.on('message', (job: ParseJob) => {
  const { raw } = job;
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  // A refusal to read is an outcome; anything else that is thrown ends this thread, and with it this mail alone.
  void readMail(bytes, job.authservId).then((outcome) => port.postMessage(outcome, handedOver(outcome)));
});
port.postMessage('ready');

function handedOver(outcome: ParseOutcome): ArrayBuffer[] {
  if (outcome.outcome === 'quarantined') return [];
  const buffers = outcome.mail.attachments.map(({ content }) => content?.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}
