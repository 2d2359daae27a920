import type { InstructionProcess } from '../../../domain/process.ts';
import type { Supersession } from '../../../domain/relation.ts';
import type { Sql } from '../../database.ts';
import { allOrganisations, leadsOf } from './release-process.ts';

/**
 * The process of a released instruction as its rows tell it: what a workflow needs to go on where the database stands.
 * Undefined when it was never released.
 */
export async function storedProcess(database: Sql, instruction: string): Promise<InstructionProcess | undefined> {
  const row = await database
    .selectFrom('instruction')
    .select(['number', 'terms', 'seq', 'status', 'released_at as releasedAt', 'closed_at as closedAt'])
    .select('superseded_by as supersededBy')
    .where('id', '=', instruction)
    .executeTakeFirst();
  if (row === undefined || row.number === null || row.terms === null || row.releasedAt === null) return undefined;
  const rows = await database
    .selectFrom('instruction_recipient')
    .select('follow_up')
    .where('instruction_id', '=', instruction)
    .orderBy('organisation_id')
    .execute();
  const replies = await database
    .selectFrom('reply')
    .select(['organisation_id', 'message_id'])
    .where('instruction_id', '=', instruction)
    .orderBy('seq')
    .execute();
  const followUps = rows.map(({ follow_up }) => follow_up);
  const recipients = followUps.map(({ organisation }) => organisation);
  const status = row.status === 'closed' || row.status === 'cancelled' ? row.status : 'open';
  // Released, and its signal not yet taken: an open instruction is not overtaken before it knows.
  const by = row.supersededBy === null || status === 'open' ? null : await supersession(database, row.supersededBy);
  return {
    version: 1,
    instruction,
    number: row.number,
    terms: row.terms,
    seq: row.seq,
    releasedAt: row.releasedAt.getTime(),
    status,
    closedAt: row.closedAt?.getTime() ?? null,
    ...(by === null ? {} : { supersededBy: by }),
    followUps,
    zoneLeads: leadsOf(recipients, await allOrganisations(database)),
    seen: replies.map((reply) => `${reply.organisation_id} ${reply.message_id}`),
    dispatchAt: null,
    dispatchAttempts: 0,
  };
}

/** By whom a released instruction is overtaken, whether or not it has heard of it; null: by nobody. */
export async function recordedSupersession(database: Sql, instruction: string): Promise<Supersession | null> {
  const row = await database
    .selectFrom('instruction')
    .select('superseded_by as supersededBy')
    .where('id', '=', instruction)
    .executeTakeFirst();
  return row === undefined || row.supersededBy === null ? null : supersession(database, row.supersededBy);
}

/** What the message of that id told the one that it refers to. */
async function supersession(database: Sql, instruction: string): Promise<Supersession | null> {
  const row = await database
    .selectFrom('instruction')
    .select(['number', 'terms'])
    .where('id', '=', instruction)
    .executeTakeFirst();
  const refersTo = row?.terms?.refersTo;
  if (!row || row.number === null || refersTo === undefined) return null;
  return { instruction, number: row.number, relation: refersTo.relation, by: refersTo.by };
}
