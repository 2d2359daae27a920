import { sql } from 'kysely';
import { hashToken } from '../../../config/tokens.ts';
import type { KeyRing } from '../../../config/keys.ts';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { newId, type Database, type Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';

/** A mail as it came, with what was read of its head. */
export interface InboundMail {
  readonly receivedAt: Instant;
  /** Empty for a bounce (`MAIL FROM:<>`). */
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly raw: Buffer;
  readonly sha256: string;
  readonly messageId: string;
  readonly from: string;
  readonly subject: string;
}

/** The delivery that a mail answers. */
interface Tie {
  readonly delivery_id: string;
  readonly instruction_id: string;
  readonly organisation_id: string;
}

/**
 * Keeps a received mail; once this resolves it is committed, and the sender may be told so. The same mail again (same
 * Message-ID and content) is accepted and kept once. A mail to a reply address is tied to its delivery, and told in the audit.
 * @returns whether the mail is new (its id means nothing otherwise), and whose it is
 * @throws when the database is away
 */
export async function keepInboundMail(
  database: Database,
  keys: KeyRing,
  mail: InboundMail,
): Promise<{ readonly id: string; readonly kept: boolean; readonly delivery: string | null }> {
  return database.sql.transaction().execute(async (trx) => {
    const tie = await findDelivery(trx, mail.envelopeTo);
    const id = newId();
    const inserted = await trx
      .insertInto('inbound_mail')
      .values(rowOf(id, mail, tie))
      .onConflict((conflict) => conflict.columns(['message_id', 'sha256']).doNothing())
      .returning('id')
      .executeTakeFirst();
    const kept = inserted !== undefined;
    if (kept && tie) await tell(trx, keys, { id, mail, tie });
    return { id: inserted?.id ?? id, kept, delivery: tie?.delivery_id ?? null };
  });
}

const rowOf = (id: string, mail: InboundMail, tie: Tie | undefined) => ({
  id,
  received_at: new Date(mail.receivedAt),
  envelope_from: mail.envelopeFrom,
  envelope_to: [...mail.envelopeTo],
  raw: mail.raw,
  size: mail.raw.length,
  sha256: mail.sha256,
  message_id: mail.messageId,
  from_header: mail.from,
  subject: mail.subject,
  instruction_id: tie?.instruction_id ?? null,
  organisation_id: tie?.organisation_id ?? null,
  delivery_id: tie?.delivery_id ?? null,
});

/** By the hash of the local part: relays may have changed its case. */
async function findDelivery(trx: Transaction, recipients: readonly string[]): Promise<Tie | undefined> {
  const hashes = recipients.map((address) => hashToken((address.split('@')[0] ?? '').toLowerCase()));
  if (hashes.length === 0) return undefined;
  return trx
    .selectFrom('delivery')
    .select(['id as delivery_id', 'instruction_id', 'organisation_id'])
    .where('reply_hash', 'in', hashes)
    .orderBy('id')
    .executeTakeFirst();
}

async function tell(
  trx: Transaction,
  keys: KeyRing,
  { id, mail, tie }: { readonly id: string; readonly mail: InboundMail; readonly tie: Tie },
): Promise<void> {
  await appendAudit(trx, keys, instructionSubject(tie.instruction_id), [
    {
      at: mail.receivedAt,
      kind: 'mailReceived',
      organisation: tie.organisation_id,
      actor: MACHINE,
      data: { mail: id, delivery: tie.delivery_id, from: mail.from, subject: mail.subject, size: mail.raw.length },
    },
  ]);
}

/** Mails that nobody has read yet, oldest first, received before `before`: pages by the last one of the page before. */
export async function mailsToUnderstand(
  database: Database,
  page: {
    readonly before: Instant;
    readonly after: { readonly at: Date; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<{ readonly id: string; readonly messageId: string; readonly at: Date }[]> {
  const { before, after, limit } = page;
  return database.sql
    .selectFrom('inbound_mail')
    .select(['id', 'message_id as messageId', 'received_at as at'])
    .where('understood_at', 'is', null)
    .where('received_at', '<', new Date(before))
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(received_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid)`),
    )
    .orderBy('received_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}
