import { sql } from 'kysely';
import { hashToken } from '../../../config/tokens.ts';
import type { KeyRing } from '../../../config/keys.ts';
import type { Fact } from '../../../domain/changes.ts';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { newId, type Database, type Transaction } from '../../database.ts';
import { appendToChains, instructionSubject } from '../audit.ts';

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

/** What became of a mail that was to be kept. */
export interface Keeping {
  /** Means nothing unless the mail is new. */
  readonly id: string;
  /** False: the same mail (same Message-ID and content) was kept before. */
  readonly kept: boolean;
  /** Whose answer it is, by its address. */
  readonly delivery: string | null;
  readonly instruction: string | null;
}

/** The delivery that a mail answers. */
interface Tie {
  readonly delivery_id: string;
  readonly instruction_id: string;
  readonly organisation_id: string;
}

/**
 * Keeps received mails in one transaction; once this resolves they are committed, and their senders may be told so. The same
 * mail again is accepted and kept once. A mail to a reply address is tied to its delivery, and told in the audit.
 * @returns in the order of the mails
 * @throws when the database is away; then none is kept
 */
export async function keepInboundMails(
  database: Database,
  keys: KeyRing,
  mails: readonly InboundMail[],
): Promise<Keeping[]> {
  return database.sql.transaction().execute(async (trx) => {
    const tieOf = await findDeliveries(trx, mails);
    const rows = mails.map((mail) => ({ id: newId(), mail, tie: tieOf(mail) }));
    const inserted = await trx
      .insertInto('inbound_mail')
      .values(rows.map(({ id, mail, tie }) => rowOf(id, mail, tie)))
      .onConflict((conflict) => conflict.columns(['message_id', 'sha256']).doNothing())
      .returning('id')
      .execute();
    const ids = new Set(inserted.map(({ id }) => id));
    await appendToChains(trx, keys, factsOf(rows.filter(({ id }) => ids.has(id))));
    return rows.map(({ id, tie }) => ({
      id,
      kept: ids.has(id),
      delivery: tie?.delivery_id ?? null,
      instruction: tie?.instruction_id ?? null,
    }));
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
const hashesOf = ({ envelopeTo }: InboundMail): string[] =>
  envelopeTo.map((address) => hashToken((address.split('@')[0] ?? '').toLowerCase()));

/** Of several deliveries that one mail names, the oldest. */
async function findDeliveries(
  trx: Transaction,
  mails: readonly InboundMail[],
): Promise<(mail: InboundMail) => Tie | undefined> {
  const rows = await trx
    .selectFrom('delivery')
    .select(['id as delivery_id', 'instruction_id', 'organisation_id', 'reply_hash'])
    .where(sql<boolean>`reply_hash = any(${[...new Set(mails.flatMap(hashesOf))]}::text[])`)
    .orderBy('id')
    .execute();
  return (mail) => {
    const hashes = new Set(hashesOf(mail));
    return rows.find(({ reply_hash: hash }) => hash !== null && hashes.has(hash));
  };
}

/** What the audit of each instruction is told of its mails. */
function factsOf(
  rows: readonly { readonly id: string; readonly mail: InboundMail; readonly tie: Tie | undefined }[],
): Map<string, Fact[]> {
  const facts = new Map<string, Fact[]>();
  for (const { id, mail, tie } of rows) {
    if (tie === undefined) continue;
    const subject = instructionSubject(tie.instruction_id);
    facts.set(subject, [...(facts.get(subject) ?? []), receivedFact(id, mail, tie)]);
  }
  return facts;
}

const receivedFact = (id: string, mail: InboundMail, tie: Tie): Fact => ({
  at: mail.receivedAt,
  kind: 'mailReceived',
  organisation: tie.organisation_id,
  actor: MACHINE,
  data: { mail: id, delivery: tie.delivery_id, from: mail.from, subject: mail.subject, size: mail.raw.length },
});

/** Mails that nobody has read yet, oldest first, received before `before`: pages by the last one of the page before. */
export async function mailsToUnderstand(
  database: Database,
  page: {
    readonly before: Instant;
    readonly after: { readonly at: Date; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<
  { readonly id: string; readonly messageId: string; readonly instruction: string | null; readonly at: Date }[]
> {
  const { before, after, limit } = page;
  return database.sql
    .selectFrom('inbound_mail')
    .select(['id', 'message_id as messageId', 'instruction_id as instruction', 'received_at as at'])
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
