import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { deriveKey, type KeyRing } from '../config/keys.ts';
import { RUBBISH_BYTES } from '../domain/rubbish.ts';
import { UNREADABLE_MARK, UNSEALED_MARK } from '../workflows/contract.ts';

const PayloadMessage = proto.temporal.api.common.v1.Payload;

const SEALED = 'binary/encrypted';
const CIPHER = 'aes-256-gcm';
/** 96 bits, the size for which GCM is defined without hashing (NIST SP 800-38D, 5.2.1.1); random for each payload. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const utf8 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** What a payload on the wire turns out to be. */
export type Opened =
  | { readonly kind: 'sealed'; readonly payload: Payload }
  | { readonly kind: 'plain'; readonly payload: Payload }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'unknownKey'; readonly keyId: string };

/** Sealing and opening of single payloads with the ring's sub-keys for payloads (HKDF): the newest seals, all open. */
export interface PayloadBox {
  seal(payload: Payload): Payload;
  open(payload: Payload): Opened;
}

export function createPayloadBox(ring: KeyRing): PayloadBox {
  const keys = new Map(ring.map((key) => [key.id, deriveKey(key, 'payload')]));
  const newest = ring[0];
  const newestKey = deriveKey(newest, 'payload');
  return {
    seal(payload) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, newestKey, nonce).setAAD(additionalData(newest.id));
      const clear = PayloadMessage.encode(payload).finish();
      const data = Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
      return { metadata: headerOf(newest.id), data };
    },
    open(payload) {
      const encoding = utf8(payload.metadata?.['encoding']);
      if (encoding !== SEALED) return openPlain(payload, encoding);
      const keyId = utf8(payload.metadata?.['encryption-key-id']);
      const data = Buffer.from(payload.data ?? []);
      if (!/^[0-9a-f]{8}$/.test(keyId) || data.length < NONCE_BYTES + TAG_BYTES) {
        return { kind: 'unreadable', reason: 'malformed header' };
      }
      const key = keys.get(keyId);
      return key === undefined ? { kind: 'unknownKey', keyId } : unseal(key, keyId, data);
    },
  };
}

/**
 * The codec of every client and worker (AES-256-GCM, key id in the header and in the authenticated data).
 * `decode` marks what our keys did not seal instead of throwing; it throws only where a key of this desk is missing from
 * the ring (then the workflow waits for the key instead of going on with a hole in its history).
 * @param isOurs whether an unknown key id was ever used by this desk; without it every well-formed unknown id counts as ours
 */
export function createPayloadCodec(ring: KeyRing, isOurs?: (keyId: string) => Promise<boolean>): PayloadCodec {
  const box = createPayloadBox(ring);
  const decode = async (payload: Payload): Promise<Payload> => {
    const opened = box.open(payload);
    if (opened.kind === 'sealed') return opened.payload;
    if (opened.kind === 'plain') return markUnsealed(opened.payload);
    if (opened.kind === 'unreadable') return markUnreadable(payload, opened.reason);
    if (isOurs === undefined || (await isOurs(opened.keyId))) {
      throw new Error(`A payload is sealed with key ${opened.keyId}, which is not in VIGIE_SECRET_KEYS: put it back`);
    }
    return markUnreadable(payload, `key ${opened.keyId} was never used here`);
  };
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => box.seal(payload))),
    decode: (payloads) => Promise.all(payloads.map(decode)),
  };
}

const additionalData = (keyId: string): Buffer => Buffer.from(`vigie/payload/1/${keyId}`);

const headerOf = (keyId: string): Record<string, Uint8Array> => ({
  encoding: bytesOf(SEALED),
  'encryption-cipher': bytesOf(CIPHER),
  'encryption-key-id': bytesOf(keyId),
});

function unseal(key: Buffer, keyId: string, data: Buffer): Opened {
  try {
    const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(additionalData(keyId))
      .setAuthTag(data.subarray(data.length - TAG_BYTES));
    const clear = Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    const { metadata, data: inner } = PayloadMessage.decode(clear);
    return { kind: 'sealed', payload: { metadata, data: inner } };
  } catch {
    // A forged or damaged payload: an outcome, not an incident of ours.
    return { kind: 'unreadable', reason: 'no key opens it' };
  }
}

function openPlain(payload: Payload, encoding: string): Opened {
  if (encoding === 'binary/null') return { kind: 'plain', payload };
  if (encoding !== 'json/plain')
    return { kind: 'unreadable', reason: `encoding ${encoding.slice(0, 40) || 'missing'}` };
  try {
    JSON.parse(utf8(payload.data));
    return { kind: 'plain', payload };
  } catch {
    return { kind: 'unreadable', reason: 'not JSON' };
  }
}

function markUnsealed(payload: Payload): Payload {
  // Null carries nothing that could be believed; the SDK itself writes it for «no value».
  if (utf8(payload.metadata?.['encoding']) === 'binary/null') return payload;
  // Written around the text, not parsed and written again: the value stays what its sender wrote.
  return json(`{"${UNSEALED_MARK}":{"value":${utf8(payload.data)},"base64":"${head(payload)}"}}`);
}

const markUnreadable = (payload: Payload, reason: string): Payload =>
  json(JSON.stringify({ [UNREADABLE_MARK]: { reason, base64: head(payload) } }));

const head = (payload: Payload): string =>
  Buffer.from(payload.data ?? [])
    .subarray(0, RUBBISH_BYTES)
    .toString('base64');

const json = (text: string): Payload => ({ metadata: { encoding: bytesOf('json/plain') }, data: bytesOf(text) });

/** For the codec endpoint of the Temporal UI: opens what the ring opens and leaves the rest as it is. */
export function createPayloadReader(ring: KeyRing): (payloads: Payload[]) => Promise<Payload[]> {
  const box = createPayloadBox(ring);
  const read = (payload: Payload): Payload => {
    const opened = box.open(payload);
    return opened.kind === 'sealed' ? opened.payload : payload;
  };
  return (payloads) => Promise.resolve(payloads.map(read));
}
