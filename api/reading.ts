import type { FastifyRequest } from 'fastify';
import { getInstruction, type InstructionDetail } from '../db/read-models/instructions.ts';
import { readTimeline } from '../db/read-models/timeline.ts';
import { describe } from '../domain/timeline.ts';
import type { ApiDeps } from './deps.ts';
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

/** Everything that happened to an instruction, oldest first, in words. */
export async function tellTimeline(
  deps: ApiDeps,
  request: FastifyRequest,
  page: { readonly id: string; readonly limit: number; readonly after: number },
): Promise<Told[]> {
  const entries = await readTimeline(deps.database.sql, request.scope, `instruction/${page.id}`, page);
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
