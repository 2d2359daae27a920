import type { FastifyRequest } from 'fastify';
import { type Page, pageOf } from '../db/read-models/cursor.ts';
import { getInstruction, type InstructionDetail } from '../db/read-models/instructions.ts';
import { readTimeline } from '../db/read-models/timeline.ts';
import { describe } from '../domain/timeline.ts';
import type { ApiDeps } from './deps.ts';
import { positionRequest } from './plugins/lists.ts';
import { notFound } from './problem.ts';

/** One instruction, as much of it as the account may read. @throws Problem 404 */
export async function readInstruction(deps: ApiDeps, request: FastifyRequest, id: string): Promise<InstructionDetail> {
  const found = await getInstruction(deps.database.sql, request.scope, id);
  if (found === undefined) throw notFound();
  return found;
}

export interface Told {
  readonly position: number;
  readonly at: string;
  readonly kind: string;
  readonly organisation: string | null;
  readonly actor: { readonly sub: string; readonly organisation: string };
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** A part of everything that happened to an instruction or an early signal, oldest first, in words. */
export async function tellTimeline(
  deps: ApiDeps,
  request: FastifyRequest,
  subject: string,
  page: { readonly limit: number; readonly after: number },
): Promise<Told[]> {
  const entries = await readTimeline(deps.database.sql, request.scope, subject, page);
  return entries.map(({ position, fact }) => ({
    position,
    at: new Date(fact.at).toISOString(),
    kind: fact.kind,
    organisation: fact.organisation,
    actor: fact.actor,
    text: describe(fact),
    data: { ...fact.data },
  }));
}

/** One page of it. */
export async function timelinePage(
  deps: ApiDeps,
  request: FastifyRequest,
  subject: string,
  query: Parameters<typeof positionRequest>[0],
): Promise<Page<Told>> {
  const { limit, after } = positionRequest(query);
  const rows = await tellTimeline(deps, request, subject, { limit: limit + 1, after });
  return pageOf(
    rows,
    limit,
    (row) => ({ at: 0, id: String(row.position) }),
    (row) => row,
  );
}
