import { Worker } from 'node:worker_threads';
import { unavailable } from '../problem.ts';
import type { PrintJob, Printed } from './print.worker.ts';

/** A file of 500 recipients and thousands of entries takes some seconds of a slow core. */
const LIMIT_MS = 60_000;

let last: Promise<unknown> = Promise.resolve();

/**
 * Sets a document in a thread of its own, one after the other: the pages of a long file must not hold up the answers of
 * others. @throws Problem 503 when it takes too long
 */
export function print(job: PrintJob): Promise<Buffer> {
  const printed = last.then(() => inThread(job));
  // Whoever asked learns of a failure; the next document only waits for the end.
  last = printed.catch(() => undefined);
  return printed;
}

function inThread(job: PrintJob): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const thread = new Worker(new URL('./print.worker.ts', import.meta.url), { env: {}, workerData: job });
  const limit = setTimeout(() => {
    reject(unavailable('Le document n’a pas pu être composé à temps : recommencez dans un moment.', 30));
    void thread.terminate();
  }, LIMIT_MS);
  thread.once('message', ({ pdf }: Printed) => resolve(Buffer.from(pdf)));
  thread.once('error', reject);
  thread.once('exit', (code) => {
    clearTimeout(limit);
    reject(new Error(`The thread that sets documents ended with ${code}`));
  });
  return promise;
}
