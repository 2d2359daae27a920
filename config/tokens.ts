import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { deriveKey, type KeyPurpose, type KeyRing, type RingKey } from './keys.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** SHA-256, hex: the only form in which a token is stored. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** As bytes a key is imported anew at each use, which costs six times the HMAC itself: a survey of 5 000 has 10 000 of them. */
const IMPORTED = new WeakMap<Buffer, KeyObject>();

function hmacOf(key: RingKey, purpose: KeyPurpose) {
  const bytes = deriveKey(key, purpose);
  const imported = IMPORTED.get(bytes) ?? createSecretKey(bytes);
  IMPORTED.set(bytes, imported);
  return createHmac('sha256', imported);
}

/** The unguessable part of a delivery's link: 32 bytes in base64url, re-made whenever its mail is sent again. */
export const linkToken = (key: RingKey, delivery: string): string =>
  hmacOf(key, 'link').update(delivery).digest('base64url');

/** The local part of a delivery's reply address: lower-case base32, 32 characters (relays lower-case it; RFC 5321 allows 64). */
export const replyLocalPart = (key: RingKey, delivery: string): string =>
  base32(hmacOf(key, 'reply').update(delivery).digest().subarray(0, 20));

/** The unguessable part of a partner's acknowledgement link. */
export const relayLinkToken = (key: RingKey, mail: string): string =>
  hmacOf(key, 'relay').update(`link ${mail}`).digest('base64url');

/** The local part of the envelope sender of a relayed mail: what comes back undelivered names its mail by it. */
export const relayReplyPart = (key: RingKey, mail: string): string =>
  base32(hmacOf(key, 'relay').update(`reply ${mail}`).digest().subarray(0, 20));

/** The unguessable part of the link by which a respondent without account answers a survey: the same in all its mails. */
export const surveyLinkToken = (key: RingKey, respondent: string): string =>
  hmacOf(key, 'survey').update(`link ${respondent}`).digest('base64url');

/** The local part of the envelope sender of a mail of a mailing: what comes back undelivered names its mail by it. */
export const mailingReplyPart = (key: RingKey, mail: string): string =>
  base32(hmacOf(key, 'mailing').update(`reply ${mail}`).digest().subarray(0, 20));

/** The token of a stored hash, whichever key of the ring made it; undefined when that key has been dropped. */
export function tokenOf(
  ring: KeyRing,
  make: (key: RingKey, delivery: string) => string,
  delivery: string,
  hash: string,
): string | undefined {
  return ring.map((key) => make(key, delivery)).find((token) => hashToken(token) === hash);
}

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[parseInt(five, 2)]).join('');
}
