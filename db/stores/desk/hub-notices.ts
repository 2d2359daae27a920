import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import type { Database } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';

export interface DeletedUnread {
  readonly instruction: string;
  readonly organisation: string;
  /** `distributionID` of the notice: the same one is noted once. */
  readonly distribution: string;
  readonly by: Actor;
  readonly now: number;
}

/** A recipient's system says that the message was deleted: shown on the timeline, counted as nothing. */
export const noteDeletedUnread = (database: Database, keys: KeyRing, notice: DeletedUnread): Promise<void> =>
  database.sql.transaction().execute(async (trx) => {
    const { instruction, organisation, distribution, by, now } = notice;
    const subject = instructionSubject(instruction);
    await sql`select pg_advisory_xact_lock(hashtextextended(${distribution}, 0))`.execute(trx);
    const known = await trx
      .selectFrom('audit_entry')
      .select('position')
      .where('subject', '=', subject)
      .where('kind', '=', 'deletedUnread')
      .where(sql<boolean>`data->>'distribution' = ${distribution}`)
      .executeTakeFirst();
    if (known !== undefined) return;
    const fact = { at: now, kind: 'deletedUnread', organisation, actor: by, data: { distribution } } as const;
    await appendAudit(trx, keys, subject, [fact]);
  });
