import { sql } from 'kysely';
import type { NormalDraft } from '../../../domain/draft.ts';
import type { FollowUp } from '../../../domain/follow-up-state.ts';
import type { InstructionMatter, SentAttachment } from '../../../domain/instruction-matter.ts';
import type { Sql } from '../../database.ts';
import type { NamedOrganisation } from './delivery.ts';

/**
 * Reads an instruction for its mails.
 * @param inlineLimit bytes of attachments, all together, that still travel in the mail
 * @throws Error when it has not been released
 */
export async function readDispatchMatter(
  database: Sql,
  instruction: string,
  inlineLimit: number,
): Promise<InstructionMatter> {
  const row = await database
    .selectFrom('instruction as i')
    .leftJoin('crisis', 'crisis.id', 'i.crisis_id')
    .select(['i.id', 'number', 'nature', 'i.exercise', 'subject', 'body', 'terms', 'released_at', 'draft'])
    .select('crisis.name as crisis')
    .where('i.id', '=', instruction)
    .executeTakeFirstOrThrow();
  if (row.number === null || row.terms === null) throw new Error(`instruction ${instruction} has not been released`);
  // A draft written by an earlier version may lack what came later.
  const { attachments = [], relayTo = [] } = row.draft as Partial<NormalDraft>;
  return {
    id: row.id,
    number: row.number,
    nature: row.nature,
    exercise: row.exercise,
    subject: row.subject,
    body: row.body,
    terms: row.terms,
    releasedAt: row.released_at?.getTime() ?? null,
    crisis: row.crisis,
    relayTo,
    attachments: attachments.length === 0 ? [] : await readAttachments(database, attachments, inlineLimit),
  };
}

/** In the order of the draft; contents only when they fit together. */
async function readAttachments(database: Sql, ids: readonly string[], limit: number): Promise<SentAttachment[]> {
  const { rows } = await sql<{ id: string; name: string; media_type: string; size: number; content: Buffer | null }>`
    select id, name, media_type, size, case when sum(size) over () <= ${limit}::int then content end as content
    from attachment where id = any(${ids}::uuid[])
    order by array_position(${ids}::uuid[], id)`.execute(database);
  return rows.map(({ media_type, ...row }) => ({ ...row, mediaType: media_type }));
}

/** Every recipient with its state: what the result of an instruction lists. */
export async function readOutcomes(
  database: Sql,
  instruction: string,
): Promise<{ readonly organisation: NamedOrganisation; readonly followUp: FollowUp }[]> {
  const rows = await database
    .selectFrom('instruction_recipient as recipient')
    .innerJoin('organisation', 'organisation.id', 'recipient.organisation_id')
    .select(['organisation.id', 'organisation.name', 'organisation.time_zone', 'recipient.follow_up'])
    .where('recipient.instruction_id', '=', instruction)
    .orderBy('organisation.name')
    .execute();
  return rows.map(({ id, name, time_zone, follow_up }) => ({
    organisation: { id, name, timeZone: time_zone },
    followUp: follow_up,
  }));
}
