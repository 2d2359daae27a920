import { sql } from 'kysely';
import type { Instant } from '../../../domain/instant.ts';
import { nextDue } from '../../../domain/survey/campaign.ts';
import type { Sql } from '../../database.ts';
import { campaignOf } from './survey-row.ts';

/** Surveys that a process must follow: something of their calendar is to come, or of their mails to leave. Oldest first. */
export async function surveysToFollow(db: Sql): Promise<string[]> {
  // What answers a mailed sheet leaves by the process of that mail.
  const { rows } = await sql<{ id: string }>`
    select id from survey
    where status in ('scheduled', 'open', 'closed') or status in ('ended', 'cancelled') and exists (
      select from mailing join mailing_mail mail on mail.mailing_id = mailing.id
      where mailing.subject = 'survey/' || survey.id and mailing.purpose not in ('fileTaken', 'fileRefused')
        and mail.status in ('planned', 'sending', 'waiting'))
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Where the table says that a survey stands. */
export interface StoredSurvey {
  readonly title: string;
  readonly seq: number;
  readonly nextDue: Instant | null;
}

export async function storedSurvey(db: Sql, id: string): Promise<StoredSurvey | undefined> {
  const row = await db.selectFrom('survey').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { title: row.title, seq: row.seq, nextDue: nextDue(campaignOf(row)) };
}
