import type { ReceivedMail } from '../channels/inbound/received-mail.ts';
import { hashToken } from '../config/tokens.ts';
import type { Sql } from '../db/database.ts';
import {
  deliveriesById,
  deliveriesByReplyHash,
  recipientsOf,
  seatsOf,
  type AnsweredDelivery,
} from '../db/stores/process/inbound-matches.ts';
import type { StoredMail } from '../db/stores/process/inbound-mail.ts';
import type { MailRoad } from '../domain/mail-reading.ts';
import { formatNumber } from '../domain/numbering.ts';
import { isOwnUuid } from '../domain/uuid.ts';

/** Whose answer a mail may be. */
export interface Match {
  readonly instruction: string;
  readonly organisation: string;
  readonly delivery: AnsweredDelivery | null;
  readonly road: MailRoad;
}

/** What tells which instruction a mail is about, as far as it depends on the mail alone. */
export interface Clues {
  /** Deliveries whose token stands in an address of the mail. */
  readonly tokens: readonly AnsweredDelivery[];
  /** Deliveries to which it refers, the nearest first. */
  readonly references: readonly AnsweredDelivery[];
  /** Ids in the thread's Message-IDs: of deliveries and of instructions. */
  readonly ids: readonly string[];
  readonly number: string | null;
}

const MAX_ADDRESSES = 50;
const NUMBER = /MINSANTE\s{0,3}(EXERCICE)?\s{0,3}N\s{0,2}[°ºo]?\s{0,3}(20\d\d)\s?[_-]\s?(\d{1,6})(?!\d)/i;

/** Looks the clues up. Tokens are found whatever their case; nothing is believed of the sender yet. */
export async function cluesOf(database: Sql, domain: string, stored: StoredMail, mail: ReceivedMail): Promise<Clues> {
  const returned = mail.returned?.returnPath ?? '';
  const addresses = [...stored.envelopeTo, ...mail.deliveredTo, ...mail.to.map(({ address }) => address), returned];
  const ids = idsOf(mail, domain);
  return {
    tokens: await deliveriesByReplyHash(database, hashesOf(addresses, domain)),
    references: await deliveriesById(database, ids),
    ids,
    number: numberIn(mail.subject),
  };
}

/** Of the local parts at our reply domain, as they are stored. */
export const hashesOf = (addresses: readonly string[], domain: string): string[] =>
  ourLocalParts(addresses, domain).map(hashToken);

/** Local parts of the addresses at our reply domain, each once, in lower case. */
export function ourLocalParts(addresses: readonly string[], domain: string): string[] {
  const ours = addresses.flatMap((address) => {
    const bare = address.replace(/[<>\s]/g, '').toLowerCase();
    const at = bare.lastIndexOf('@');
    return at > 0 && bare.slice(at + 1) === domain ? [bare.slice(0, at)] : [];
  });
  return [...new Set(ours)].slice(0, MAX_ADDRESSES);
}

/** Our Message-IDs are `<id of the delivery, of the instruction or of a notice>@<reply domain>`. */
export function idsOf(mail: ReceivedMail, domain: string): string[] {
  const told = [mail.inReplyTo, mail.returned?.messageId ?? null, ...mail.references.toReversed()];
  const found = told.flatMap((id) => {
    const [local = '', host = ''] = (id ?? '').toLowerCase().split('@');
    return host === domain && isOwnUuid(local) ? [local] : [];
  });
  return [...new Set(found)];
}

/** `RE: minsante n°2026_42 …` → `MINSANTE N°2026_042`. */
export function numberIn(subject: string): string | null {
  const found = NUMBER.exec(subject);
  if (found === null || Number(found[3]) === 0) return null;
  const [, exercise, year, n] = found;
  return formatNumber(exercise === undefined ? 'MINSANTE' : 'MINSANTE EXERCICE', Number(year), Number(n));
}

export interface Correlated {
  /** Null: no instruction is found, or more than one. */
  readonly match: Match | null;
  /** The writer speaks for that organisation: one of its contacts, or the addressee of the very mail that he answers. */
  readonly known: boolean;
  readonly fromAlertBox: boolean;
}

const NOBODY: Correlated = { match: null, known: false, fromAlertBox: false };

/** By token, then by reference, then by number together with a known sender. */
export async function correlate(database: Sql, clues: Clues, sender: string | null): Promise<Correlated> {
  const roads = [matchesOf(clues.tokens, 'token'), matchesOf(clues.references, 'references')];
  for (const matches of roads) {
    const weighed = await Promise.all(matches.map((match) => weigh(database, match, sender)));
    const known = weighed.filter((one) => one.known);
    if (known.length === 1 && known[0] !== undefined) return known[0];
    // A mail to two instructions at once: nobody can say which of them it answers.
    if (known.length > 1) return NOBODY;
    if (weighed.length === 1 && weighed[0] !== undefined) return weighed[0];
    if (weighed.length > 1) return NOBODY;
  }
  return sender === null ? NOBODY : bySender(database, clues, sender);
}

function matchesOf(deliveries: readonly AnsweredDelivery[], road: MailRoad): Match[] {
  const found = new Map<string, Match>();
  for (const delivery of deliveries) {
    const { instruction, organisation } = delivery;
    const key = `${instruction} ${organisation}`;
    if (!found.has(key)) found.set(key, { instruction, organisation, delivery, road });
  }
  return [...found.values()];
}

async function weigh(database: Sql, match: Match, sender: string | null): Promise<Correlated> {
  if (sender === null) return { match, known: false, fromAlertBox: false };
  const seats = await seatsOf(database, match.organisation, sender);
  const { delivery, organisation } = match;
  const written = delivery?.addressee === organisation && delivery.address === sender;
  return { match, known: seats.length > 0 || written, fromAlertBox: seats.includes('alertBox') };
}

async function bySender(database: Sql, { ids, number }: Clues, sender: string): Promise<Correlated> {
  const byThread = ids.length === 0 ? [] : await recipientsOf(database, { ids }, sender);
  const byNumber = number === null || byThread.length > 0 ? [] : await recipientsOf(database, { number }, sender);
  const [only, ...more] = byThread.length > 0 ? byThread : byNumber;
  if (only === undefined || more.length > 0) return NOBODY;
  const road = byThread.length > 0 ? 'references' : 'number';
  return weigh(database, { ...only, delivery: null, road }, sender);
}
