import type { FastifyReply, FastifyRequest } from 'fastify';
import { staleVersion } from '../problem.ts';

export const setVersion = (reply: FastifyReply, version: number): FastifyReply => reply.header('etag', `"${version}"`);

/** The version of `If-Match` (RFC 9110 § 13.1.1); null when it is absent or `*`. @throws Problem 412 when it is no ETag of ours */
export function ifMatch(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw staleVersion();
  return Number(version);
}
