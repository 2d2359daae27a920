import { sql } from 'kysely';
import { toRfc3339, type Instant } from '../../../domain/instant.ts';
import type { Sql } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import { toJson } from '../json.ts';

/** A table of mails of mailings: each row one mail of one `of`. All have the columns named here. */
export interface MailTable {
  readonly table: 'relay_mail' | 'mailing_mail';
  /** The column that says to what a mail belongs. */
  readonly of: 'relay_id' | 'mailing_id';
  /** The column that says whose mail it is. */
  readonly to: 'partner_id' | 'recipient';
}

/** A mail that this process alone may send now. */
export interface ClaimedMail {
  readonly id: string;
  /** Null: whoever asked for the mailing. */
  readonly recipient: string | null;
  readonly name: string;
  readonly address: string;
  readonly plannedAt: Instant;
  readonly linkHash: string | null;
  readonly replyHash: string | null;
}

export interface MailClaim {
  readonly at: Instant;
  /** What the caller holds already: claimed, and its end not written. */
  readonly held: readonly string[];
  readonly most: number;
}

/**
 * Takes mails of one mailing, in one statement that commits before anything is sent. A row found `sending` was claimed by an
 * attempt that never told its outcome: it is taken again, in doubt. One that was put off waits longer each time
 * (`retryAfter` of the domain).
 */
export async function claimMails(
  db: Sql,
  { table, of, to }: MailTable,
  mailing: string,
  { at, held, most }: MailClaim,
): Promise<ClaimedMail[]> {
  const now = new Date(at);
  const mail = sql.table(table);
  const { rows } = await sql<Omit<ClaimedMail, 'plannedAt'> & { plannedAt: Date }>`${sql.raw(PREPARED)}
    with todo as (
      select id, status from ${mail}
      where ${sql.ref(of)} = ${mailing}::uuid and status in ('planned', 'sending', 'waiting') and id <> all(${held}::uuid[])
        and (status <> 'waiting' or claimed_at + least(5 * attempts * attempts, 300) * interval '1 second' <= ${now}::timestamptz)
      order by status = 'waiting', id limit ${most} for update skip locked
    )
    update ${mail} as mail set status = 'sending', claimed_at = ${now}::timestamptz, attempts = attempts + 1,
      in_doubt = mail.in_doubt or todo.status = 'sending'
    from todo where mail.id = todo.id
    returning mail.id, ${sql.ref(`mail.${to}`)} as recipient, name, address, planned_at as "plannedAt", link_hash as "linkHash", reply_hash as "replyHash"`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, plannedAt: row.plannedAt.getTime() }));
}

export interface FinishedMail {
  readonly id: string;
  readonly status: 'sent' | 'failed' | 'waiting' | 'planned' | 'unconfirmed';
  readonly at: Instant;
  readonly error: string | null;
  readonly inDoubt: boolean;
}

/** How claims ended, all in one statement. A bounce that was quicker than this stays. `planned`: nothing was tried. */
export async function finishMails(db: Sql, { table }: MailTable, finished: readonly FinishedMail[]): Promise<void> {
  const rows = finished.map(({ at, ...row }) => ({ ...row, at: toRfc3339(at) }));
  await sql`${sql.raw(PREPARED)}
    update ${sql.table(table)} as mail set
      status = case when mail.bounced_at is null then done.status else 'failed' end,
      last_error = case when mail.bounced_at is null then done.error else mail.last_error end,
      in_doubt = mail.in_doubt or done."inDoubt",
      attempts = mail.attempts - case when done.status = 'planned' then 1 else 0 end,
      sent_at = case when done.status = 'sent' then done.at else mail.sent_at end
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as done (id uuid, status text, at timestamptz, error text, "inDoubt" boolean)
    where mail.id = done.id and (mail.status = 'sending' or done.status = 'sent')`.execute(db);
}

/** Mails still to be sent, and those among them that were never tried. */
export interface UnsentMails {
  readonly waiting: number;
  readonly untried: number;
}

export async function countUnsentMails(db: Sql, { table, of }: MailTable, mailing: string): Promise<UnsentMails> {
  const { rows } = await sql<UnsentMails>`
    select count(*)::int as waiting, (count(*) filter (where status = 'planned'))::int as untried from ${sql.table(table)}
    where ${sql.ref(of)} = ${mailing}::uuid and status in ('planned', 'sending', 'waiting')`.execute(db);
  return rows[0] ?? { waiting: 0, untried: 0 };
}
