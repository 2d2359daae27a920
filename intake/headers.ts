import { createHash } from 'node:crypto';
import { decodeWords } from 'postal-mime';

/** What is kept beside the raw mail so that a person finds it; everything else waits until the mail is understood. */
export interface MailHeaders {
  /** Without angle brackets; made from the content where the mail brings none. */
  readonly messageId: string;
  readonly from: string;
  readonly subject: string;
}

/** A head longer than this is not read further: what is looked for stands near its top. */
const HEAD_BYTES = 64 * 1024;
const LONGEST_VALUE = 998;

/**
 * Reads three headers of a raw mail, whatever it is made of. Never throws.
 * @param sha256 of the raw mail, hex: names a mail without Message-ID
 */
export function readHeaders(raw: Buffer, sha256: string): MailHeaders {
  const fields = headFields(raw);
  const messageId = /<([^<>\s]{1,250})>/.exec(fields.get('message-id') ?? '')?.[1];
  return {
    messageId: clean(messageId ?? '') || `sha256-${sha256}@content.invalid`,
    from: decode(fields.get('from') ?? ''),
    subject: decode(fields.get('subject') ?? ''),
  };
}

/** SHA-256 of the raw mail, hex. */
export const contentHash = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

/** The first field of each name, unfolded, as UTF-8 (RFC 6532) or, failing that, Latin-1. */
function headFields(raw: Buffer): Map<string, string> {
  const head = raw.subarray(0, HEAD_BYTES);
  const utf8 = head.toString('utf8');
  const text = utf8.includes('\ufffd') ? head.toString('latin1') : utf8;
  const fields = new Map<string, string>();
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      if (name !== '') fields.set(name, `${fields.get(name) ?? ''}${line}`.slice(0, 4 * LONGEST_VALUE));
      continue;
    }
    const colon = line.indexOf(':');
    const next = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    name = next === '' || fields.has(next) ? '' : next;
    if (name !== '') fields.set(name, line.slice(colon + 1, colon + 1 + 4 * LONGEST_VALUE));
  }
  return fields;
}

function decode(value: string): string {
  try {
    return clean(decodeWords(value));
  } catch {
    // An encoded word that cannot be decoded is shown as it came.
    return clean(value);
  }
}

/** One line that PostgreSQL takes: no control characters, no halves of characters, of bounded length. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what is taken away
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, LONGEST_VALUE)
    .toWellFormed();
