import { createHash, hkdfSync } from 'node:crypto';

/** One secret of the ring. `id` is public: the first 8 hex characters of its SHA-256. */
export interface RingKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** Newest first: the first writes, all read. */
export type KeyRing = readonly [RingKey, ...RingKey[]];

/** What a sub-key is for; a key of one purpose opens nothing of another. */
export type KeyPurpose = 'payload' | 'link' | 'reply' | 'relay' | 'survey' | 'mailing' | 'audit' | 'session';

const MINIMUM_LENGTH = 32;

/**
 * Reads `VIGIE_SECRET_KEYS`: comma-separated secrets, newest first, each of 32 characters or more.
 * @throws Error naming the position of a secret that is too short or there twice (never the secret)
 */
export function parseKeyRing(text: string): KeyRing {
  const secrets = text.split(',').map((secret) => secret.trim());
  const keys = secrets.map((secret, index) => {
    if (secret.length < MINIMUM_LENGTH) {
      throw new Error(`VIGIE_SECRET_KEYS: secret ${index + 1} has fewer than ${MINIMUM_LENGTH} characters`);
    }
    return { id: createHash('sha256').update(secret).digest('hex').slice(0, 8), secret: Buffer.from(secret) };
  });
  const [first, ...others] = keys;
  if (first === undefined) throw new Error('VIGIE_SECRET_KEYS is empty');
  if (new Set(keys.map((key) => key.id)).size < keys.length) throw new Error('VIGIE_SECRET_KEYS names a secret twice');
  return [first, ...others];
}

/** Derivation costs more than what is done with the key: each sub-key is derived once. */
const DERIVED = new WeakMap<RingKey, Map<KeyPurpose, Buffer>>();

/** The 32-byte sub-key of one purpose (HKDF-SHA256, RFC 5869). */
export function deriveKey(key: RingKey, purpose: KeyPurpose): Buffer {
  const known = DERIVED.get(key) ?? new Map<KeyPurpose, Buffer>();
  const subKey = known.get(purpose) ?? Buffer.from(hkdfSync('sha256', key.secret, 'vigie', purpose, 32));
  DERIVED.set(key, known.set(purpose, subKey));
  return subKey;
}
