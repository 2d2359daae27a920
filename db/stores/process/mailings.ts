import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import { hashToken, mailingReplyPart } from '../../../config/tokens.ts';
import type { Instant } from '../../../domain/instant.ts';
import { newId, type Sql, type Transaction } from '../../database.ts';
import { toJson } from '../json.ts';
import type { MailTable } from './mail-rows.ts';

/** Mails of any mass sending, as the sending path sees them. */
export const MAILING_MAILS: MailTable = { table: 'mailing_mail', of: 'mailing_id', to: 'recipient' };

/** One mail to plan. `id`: where the detail of the mailing names it. */
export interface Addressee {
  readonly id?: string;
  /** Whom of the subject; null: whoever asked for it. */
  readonly recipient: string | null;
  readonly name: string;
  readonly address: string;
  readonly linkHash: string | null;
}

export interface NewMailing {
  /** Default: a new one. */
  readonly id?: string;
  /** Subject of the audit: `survey/<id>`. */
  readonly subject: string;
  readonly purpose: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly now: Instant;
}

/** Plans one mail for each addressee, in the caller's transaction. @returns how many; of nobody there is no mailing */
export async function planMailing(
  trx: Transaction,
  keys: KeyRing,
  { id: mailing = newId(), subject, purpose, detail, now }: NewMailing,
  addressees: readonly Addressee[],
): Promise<number> {
  if (addressees.length === 0) return 0;
  const planned_at = new Date(now);
  await trx
    .insertInto('mailing')
    .values({ id: mailing, subject, purpose, detail: toJson(detail), planned_at })
    .execute();
  const rows = addressees.map((one) => {
    const { id = newId() } = one;
    return { ...one, id, reply: hashToken(mailingReplyPart(keys[0], id)) };
  });
  await sql`
    insert into mailing_mail (id, mailing_id, recipient, name, address, status, link_hash, reply_hash, planned_at)
    select id, ${mailing}::uuid, recipient, name, address, 'planned', "linkHash", reply, ${planned_at}::timestamptz
    from jsonb_to_recordset(${toJson(rows)}::jsonb)
      as mail (id uuid, recipient uuid, name text, address text, "linkHash" text, reply text)`.execute(trx);
  return rows.length;
}

/** Mailings of a subject that have something left to be sent, oldest first. */
export async function unsentMailings(db: Sql, subject: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from mailing where subject = ${subject} and exists (
      select from mailing_mail where mailing_id = mailing.id and status in ('planned', 'sending', 'waiting'))
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** What has not left of these purposes never will. */
export async function withdrawMails(trx: Transaction, subject: string, purposes: readonly string[]): Promise<void> {
  await sql`
    update mailing_mail mail set status = 'withdrawn' from mailing
    where mailing.id = mail.mailing_id and mailing.subject = ${subject} and mailing.purpose = any(${[...purposes]}::text[])
      and mail.status in ('planned', 'waiting')`.execute(trx);
}

export interface MailingMatter {
  readonly subject: string;
  readonly purpose: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const readMailing = (db: Sql, id: string): Promise<MailingMatter> =>
  db.selectFrom('mailing').select(['subject', 'purpose', 'detail']).where('id', '=', id).executeTakeFirstOrThrow();

export async function renewReplyHash(db: Sql, mail: string, hash: string): Promise<void> {
  await db.updateTable('mailing_mail').set({ reply_hash: hash }).where('id', '=', mail).execute();
}
