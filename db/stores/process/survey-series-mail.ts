import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Sql, Transaction } from '../../database.ts';
import { surveySeriesSubject } from '../audit.ts';
import { authorBox } from './author-box.ts';
import { planMailing } from './mailings.ts';

/** An opening that was not made is told to whoever asks by the series; not by which alert box: the list of openings shows it. */
export async function tellSeriesAuthor(
  trx: Transaction,
  keys: KeyRing,
  { series, opening, now }: { readonly series: string; readonly opening: string; readonly now: Instant },
): Promise<void> {
  const row = trx.selectFrom('survey_series').select('author').where('id', '=', series);
  const { author } = await row.executeTakeFirstOrThrow();
  const mailing = { subject: surveySeriesSubject(series), purpose: 'notOpened', detail: { opening }, now };
  await planMailing(trx, keys, mailing, await authorBox(trx, author));
}

/** Of one opening alone: each has its own workflow, and a mailing is sent by one. */
export async function unsentAboutOpening(db: Sql, opening: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id from survey_series_opening p join mailing m on m.subject = 'survey-series/' || p.series_id
    where p.id = ${opening}::uuid and m.detail->>'opening' = p.id::text and exists (
      select from mailing_mail where mailing_id = m.id and status in ('planned', 'sending', 'waiting'))
    order by m.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** What the letter about an opening that was not made is made of. */
export interface NotOpenedMatter {
  readonly series: string;
  /** Pattern of its titles. */
  readonly title: string;
  readonly exercise: boolean;
  readonly author: string;
  readonly authorName: string;
  readonly dueAt: Instant;
  readonly opensAt: Instant | null;
  readonly detail: string | null;
}

export async function readNotOpened(db: Sql, opening: string): Promise<NotOpenedMatter> {
  const { rows } = await sql<Omit<NotOpenedMatter, 'dueAt' | 'opensAt'> & { due_at: Date; opens_at: Date | null }>`
    select s.id as series, s.document->>'title' as title, s.exercise, s.author, o.name as "authorName", p.due_at, p.opens_at,
      p.detail
    from survey_series_opening p join survey_series s on s.id = p.series_id join organisation o on o.id = s.author
    where p.id = ${opening}::uuid`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`no opening ${opening}`);
  const { due_at, opens_at, ...matter } = row;
  return { ...matter, dueAt: due_at.getTime(), opensAt: opens_at?.getTime() ?? null };
}
