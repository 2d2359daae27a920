import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { MailReading, MailSignal, MailState, SurveyMailKept } from '../../../domain/mail-reading.ts';
import type { Sql, Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { reportBounced } from './bounced-contacts.ts';
import { markNoticeBounce, type NoticeBounce } from './notices.ts';
import { markRelayBounce } from './relay-bounces.ts';
import { answerByMail, type MailedSheet, noteAnswer } from './survey-mail-answers.ts';
import { keepSurveyReturn, type SurveyReturn } from './survey-returns.ts';

/** A stored mail, to be read. */
export interface StoredMail {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly raw: Buffer;
  readonly messageId: string;
  readonly subject: string;
  readonly understood: boolean;
  readonly signal: MailSignal | SurveyMailKept | null;
  /** What the intake tied it to, by its envelope alone. */
  readonly tie: Pick<Understanding, 'instruction' | 'organisation' | 'delivery'>;
}

export async function readStoredMail(database: Sql, id: string): Promise<StoredMail | undefined> {
  const row = await database.selectFrom('inbound_mail').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    receivedAt: row.received_at.getTime(),
    envelopeFrom: row.envelope_from,
    envelopeTo: row.envelope_to,
    raw: row.raw,
    messageId: row.message_id,
    subject: row.subject,
    understood: row.understood_at !== null,
    signal: row.signal,
    tie: { instruction: row.instruction_id, organisation: row.organisation_id, delivery: row.delivery_id },
  };
}

/** Another mail of the same Message-ID has been read before: this one came by another road, or is a replay. */
export async function hasTwin(database: Sql, { id, messageId }: StoredMail): Promise<boolean> {
  const row = await database
    .selectFrom('inbound_mail')
    .select('id')
    .where('message_id', '=', messageId)
    .where('id', '<>', id)
    .where('understood_at', 'is not', null)
    .where('state', '<>', 'duplicate')
    .executeTakeFirst();
  return row !== undefined;
}

export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** What was understood of a mail, to be stored as a whole. */
export interface Understanding {
  readonly state: MailState;
  readonly sender: string | null;
  readonly instruction: string | null;
  readonly organisation: string | null;
  readonly delivery: string | null;
  readonly reading: MailReading | null;
  readonly signal: MailSignal | null;
  readonly files: readonly KeptFile[];
  /** Whose the files are. */
  readonly owner: string;
  /** The delivery that has come back for good: why. */
  readonly bounce: { readonly address: string; readonly diagnostic: string } | null;
  /** The relayed mail that has come back for good. */
  readonly relayBounce?: { readonly mail: string; readonly diagnostic: string };
  /** The notice of duty that has come back for good. */
  readonly noticeBounce?: NoticeBounce;
  /** What it is to a mail of a survey. */
  readonly surveyReturn?: SurveyReturn;
  /** A filled sheet of a survey: what comes of it decides the state. */
  readonly sheet?: MailedSheet;
}

/**
 * Stores what was understood, its files and what a bounce says of a contact, in one transaction, once.
 * @returns false when it was stored before: what stands there counts
 */
export function storeUnderstanding(
  { sql: database, keys }: { readonly sql: Sql; readonly keys: KeyRing },
  mail: StoredMail,
  found: Understanding,
  now: Instant,
): Promise<boolean> {
  return database.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('inbound_mail')
      .set({
        understood_at: new Date(now),
        state: found.state,
        sender: found.sender,
        instruction_id: found.instruction,
        organisation_id: found.organisation,
        delivery_id: found.delivery,
        reading: found.reading === null ? null : toJson(found.reading),
        signal: found.signal === null ? null : toJson(found.signal),
        evidence: found.files.map(({ id }) => id),
      })
      .where('id', '=', mail.id)
      .where('understood_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return false;
    await keepFiles(trx, found, now);
    await keepBounce(trx, keys, { mail, found, now });
    if (found.relayBounce !== undefined) await markRelayBounce(trx, found.relayBounce, now);
    if (found.noticeBounce !== undefined) await markNoticeBounce(trx, found.noticeBounce, now);
    if (found.sheet !== undefined)
      await noteAnswer(trx, mail.id, found.sheet, await answerByMail(trx, keys, found.sheet, { id: mail.id, now }));
    if (found.surveyReturn !== undefined) await keepSurveyReturn(trx, keys, found.surveyReturn, { ...mail, now });
    return true;
  });
}

async function keepFiles(trx: Transaction, { files, owner, sender }: Understanding, now: Instant): Promise<void> {
  if (files.length === 0) return;
  const values = files.map(({ id, name, mediaType, content }) => ({
    id,
    owner_organisation: owner,
    uploaded_by: sender ?? 'courriel',
    name,
    media_type: mediaType,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    content,
    created_at: new Date(now),
  }));
  await trx.insertInto('attachment').values(values).execute();
}

/** The delivery has not arrived, and its address is for somebody to correct: once for each address. */
async function keepBounce(
  trx: Transaction,
  keys: KeyRing,
  { mail, found, now }: { readonly mail: StoredMail; readonly found: Understanding; readonly now: Instant },
): Promise<void> {
  const { bounce, delivery, instruction, organisation } = found;
  if (bounce === null || delivery === null || instruction === null || organisation === null) return;
  await sql`
    update delivery set bounced_at = ${new Date(now)}, last_error = ${bounce.diagnostic},
      status = case when status = 'sent' then 'failed' else status end
    where id = ${delivery}`.execute(trx);
  const { address, diagnostic } = bounce;
  const of = { instruction, delivery };
  const comment = await reportBounced(trx, { organisation, address, diagnostic, nonce: `bounce:${mail.id}`, now, of });
  if (comment === undefined) return;
  const fact = { at: now, kind: 'contactReported', organisation, actor: MACHINE, data: { delivery, comment } } as const;
  await appendAudit(trx, keys, instructionSubject(instruction), [fact]);
}

/** The instruction is not followed any more: a person reads the mail. */
export async function setMailAside(database: Sql, id: string): Promise<void> {
  await database.updateTable('inbound_mail').set({ state: 'ended' }).where('id', '=', id).execute();
}
