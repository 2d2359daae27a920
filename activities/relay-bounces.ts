import { recogniseAutomatic } from '../channels/inbound/automatic.ts';
import type { ReceivedMail } from '../channels/inbound/received-mail.ts';
import type { Sql } from '../db/database.ts';
import type { StoredMail, Understanding } from '../db/stores/process/inbound-mail.ts';
import { relayMailByReplyHash } from '../db/stores/process/relay-bounces.ts';
import type { MailState } from '../domain/mail-reading.ts';
import { CORRUSS } from '../domain/organisation.ts';
import { PARIS } from '../domain/wording.ts';
import { hashesOf } from './mail-correlation.ts';

/**
 * What machines send back of a relayed mail: a bounce marks its partner as not reached, and nothing else moves. Undefined
 * where the mail names no relayed one, or a person wrote it: then it is read like any other.
 */
export async function understandRelayed(
  database: Sql,
  domain: string,
  stored: StoredMail,
  mail: ReceivedMail,
): Promise<Understanding | undefined> {
  const addresses = [...stored.envelopeTo, ...mail.deliveredTo, mail.returned?.returnPath ?? ''];
  const found = await relayMailByReplyHash(database, hashesOf(addresses, domain));
  if (found === undefined) return undefined;
  const clock = { now: stored.receivedAt, zone: PARIS };
  const nature = recogniseAutomatic(mail, { clock, envelopeSender: stored.envelopeFrom });
  if (nature.kind === 'human') return undefined;
  const states: Partial<Record<typeof nature.kind, MailState>> = {
    bounce: 'bounce',
    outOfOffice: 'outOfOffice',
    receipt: 'receipt',
  };
  const lasting = nature.kind === 'bounce' && nature.permanent;
  return {
    state: states[nature.kind] ?? 'automatic',
    sender: mail.from?.address ?? null,
    instruction: found.instruction,
    organisation: found.organisation,
    delivery: null,
    reading: null,
    signal: null,
    files: [],
    owner: CORRUSS,
    bounce: null,
    ...(lasting
      ? { relayBounce: { mail: found.mail, diagnostic: nature.diagnostic ?? nature.status ?? 'non remis' } }
      : {}),
  };
}
