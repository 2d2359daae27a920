import { canonicalJson } from './canonical-json.ts';
import { utf8 } from './utf8.ts';

/** At most this many bytes of what was refused are kept. */
export const RUBBISH_BYTES = 4096;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * What is kept of an input that was refused: the beginning of its JSON (of a text: the text itself) in UTF-8, as base64 of
 * at most 4 KB of bytes, so that no character of it can harm whatever stores or shows it. Never throws.
 */
export function rubbishOf(raw: unknown): string {
  const text = (typeof raw === 'string' ? raw : describeRaw(raw)).slice(0, RUBBISH_BYTES);
  return base64(utf8(text).subarray(0, RUBBISH_BYTES));
}

function describeRaw(raw: unknown): string {
  if (raw === undefined) return 'undefined';
  try {
    return canonicalJson(raw);
  } catch {
    // A value that no JSON can say (a cycle, a bigint, a toJSON that throws): its kind is all that can be kept.
    return Object.prototype.toString.call(raw);
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    for (let index = 0; index < 4; index += 1) {
      text += index > left ? '=' : (ALPHABET[(group >> (18 - 6 * index)) & 0x3f] ?? '');
    }
  }
  return text;
}
