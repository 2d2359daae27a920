import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem.ts';

/** Of a whole file, bytes. */
export const CSV_LIMIT = 8 * 1024 * 1024;

/** Lets the routes of a set take `text/csv` bodies, as bytes. */
export function acceptCsv(app: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: CSV_LIMIT }, (_request, body, done) => {
    done(null, body);
  });
}

/** The bytes of the file. @throws Problem 415 when the body is no CSV */
export function csvOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new Problem(415, 'media-type', 'Attendu : un fichier CSV (Content-Type text/csv).');
}
