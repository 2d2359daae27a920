import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import { MACHINE } from '../../../domain/actor.ts';
import type { FactKind } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import type { Sql, Transaction } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { reportBounced } from './bounced-contacts.ts';

/** A mail of a survey that a received one answers or returns. */
export interface SurveyMail {
  readonly mail: string;
  readonly survey: string;
  readonly author: string;
  readonly address: string;
  /** Null: it went to the author. */
  readonly respondent: string | null;
  /** The organisation asked; null: of a list, or the author. */
  readonly organisation: string | null;
  readonly name: string;
  /** Who corrects the address that it went to; null: an agency, of its own list, among its respondents. */
  readonly contactOf: string | null;
}

/** By the token of its envelope sender, else by its Message-ID: the nearest of `ids` first. */
export async function surveyMailOf(
  db: Sql,
  { hashes, ids }: { readonly hashes: readonly string[]; readonly ids: readonly string[] },
): Promise<SurveyMail | undefined> {
  if (hashes.length === 0 && ids.length === 0) return undefined;
  const { rows } = await sql<SurveyMail>`
    select mail.id as mail, s.id as survey, s.author, mail.address, r.id as respondent, r.organisation_id as organisation, mail.name,
      case when r.id is null then coalesce(mailing.detail -> 'agencies' ->> mail.id::text, s.author)
        else coalesce(r.organisation_id, case when s.author = ${CORRUSS} then s.author end) end as "contactOf"
    from mailing_mail mail join mailing on mailing.id = mail.mailing_id
    join survey s on mailing.subject = 'survey/' || s.id left join survey_respondent r on r.id = mail.recipient
    where mail.reply_hash = any(${[...hashes]}::text[]) or mail.id = any(${[...ids]}::uuid[])
    order by mail.reply_hash = any(${[...hashes]}::text[]) desc nulls last, array_position(${[...ids]}::uuid[], mail.id) limit 1`.execute(
    db,
  );
  return rows[0];
}

/** A received mail that is about a mail of a survey. */
export interface SurveyReturn {
  readonly about: SurveyMail;
  /** Why it has come back for good; null: it has not. */
  readonly bounced: string | null;
  /** Who wrote it; null: a machine. */
  readonly from: string | null;
}

/** What has come back marks its mail; what a person has written is told in the survey, and stays for the desk to read. */
export async function keepSurveyReturn(
  trx: Transaction,
  keys: KeyRing,
  { about, bounced, from }: SurveyReturn,
  received: { readonly id: string; readonly subject: string; readonly now: Instant },
): Promise<void> {
  const { id, now } = received;
  await trx.updateTable('inbound_mail').set({ mailing_mail_id: about.mail }).where('id', '=', id).execute();
  const told = (kind: FactKind, data: object) =>
    appendAudit(trx, keys, surveySubject(about.survey), [
      { at: now, kind, organisation: about.organisation, actor: MACHINE, data: { ...data, name: about.name } },
    ]);
  if (from !== null)
    await told('mailReceived', { mail: id, from, subject: received.subject, respondent: about.respondent });
  if (bounced === null) return;
  await sql`
    update mailing_mail set bounced_at = coalesce(bounced_at, ${new Date(now)}::timestamptz), last_error = ${bounced.slice(0, 500)},
      status = case when status in ('sent', 'unconfirmed') then 'failed' else status end
    where id = ${about.mail}::uuid`.execute(trx);
  const { contactOf: organisation, address } = about;
  if (organisation !== null)
    await reportBounced(trx, { organisation, address, diagnostic: bounced, nonce: `bounce:${id}`, now });
  await told('surveyMailReturned', { respondent: about.respondent, address: about.address, diagnostic: bounced });
}
