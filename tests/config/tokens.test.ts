import { expect, test } from '@jest/globals';
import { createHmac, hkdfSync } from 'node:crypto';
import { parseKeyRing } from '../../config/keys.ts';
import {
  linkToken,
  mailingReplyPart,
  relayLinkToken,
  relayReplyPart,
  replyLocalPart,
  surveyLinkToken,
} from '../../config/tokens.ts';

const SECRETS = [
  'a first secret of more than thirty-two characters',
  'another secret of more than thirty-two characters',
];
const KEYS = parseKeyRing(SECRETS.join(','));

/** As the first mails of all were sent: whatever is done to be quicker, their links and addresses stay good. */
const hmac = (secret: string, purpose: string, text: string): Buffer =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', secret, 'vigie', purpose, 32)))
    .update(text)
    .digest();
const inBase32 = (bytes: Buffer): string =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .replace(/.{5}/g, (five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five, 2)]!);

test.each([0, 1])(
  'links and reply addresses are the HMACs of their ids, each purpose by its own sub-key (key %i)',
  (n) => {
    const [key, secret] = [KEYS[n]!, SECRETS[n]!];
    // Twice: the second finds the key imported.
    for (const id of ['one', 'other']) {
      expect(linkToken(key, id)).toBe(hmac(secret, 'link', id).toString('base64url'));
      expect(relayLinkToken(key, id)).toBe(hmac(secret, 'relay', `link ${id}`).toString('base64url'));
      expect(surveyLinkToken(key, id)).toBe(hmac(secret, 'survey', `link ${id}`).toString('base64url'));
      expect(replyLocalPart(key, id)).toBe(inBase32(hmac(secret, 'reply', id).subarray(0, 20)));
      expect(relayReplyPart(key, id)).toBe(inBase32(hmac(secret, 'relay', `reply ${id}`).subarray(0, 20)));
      expect(mailingReplyPart(key, id)).toBe(inBase32(hmac(secret, 'mailing', `reply ${id}`).subarray(0, 20)));
    }
  },
);
