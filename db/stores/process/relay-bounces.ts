import { sql } from 'kysely';
import type { Instant } from '../../../domain/instant.ts';
import type { Sql, Transaction } from '../../database.ts';

/** A mail of a relay, by the token of its envelope sender. */
export async function relayMailByReplyHash(
  db: Sql,
  hashes: readonly string[],
): Promise<{ readonly mail: string; readonly instruction: string; readonly organisation: string } | undefined> {
  if (hashes.length === 0) return undefined;
  return db
    .selectFrom('relay_mail as mail')
    .innerJoin('relay', 'relay.id', 'mail.relay_id')
    .select(['mail.id as mail', 'relay.instruction_id as instruction', 'relay.organisation_id as organisation'])
    .where('mail.reply_hash', 'in', [...hashes])
    .executeTakeFirst();
}

/** It came back for good: its partner was not reached, also where the bounce is quicker than the note that it was sent. */
export async function markRelayBounce(
  trx: Transaction,
  { mail, diagnostic }: { readonly mail: string; readonly diagnostic: string },
  now: Instant,
): Promise<void> {
  await sql`
    update relay_mail set bounced_at = coalesce(bounced_at, ${new Date(now)}::timestamptz), last_error = ${diagnostic.slice(0, 500)},
      status = case when status = 'sent' then 'failed' else status end
    where id = ${mail}::uuid`.execute(trx);
}
