import { addressParser, type Address } from 'postal-mime';
import type { Mailbox } from './received-mail.ts';

/** What classification and correlation look at; all others stay in the raw mail. */
const WANTED = new Set([
  'authentication-results',
  'auto-submitted',
  'content-type',
  'delivered-to',
  'envelope-to',
  'feedback-id',
  'list-id',
  'list-unsubscribe',
  'precedence',
  'return-path',
  'x-auto-response-suppress',
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-failed-recipients',
  'x-mailer',
  'x-ms-exchange-generated-message-source',
  'x-original-to',
  'x-vacation',
]);
const MAX_VALUES = 30;
const MAX_VALUE = 4_096;
const MAX_REFERENCES = 50;
const MAX_ADDRESSES = 100;
const ADDRESS = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[a-z0-9\p{L}](?:[a-z0-9\p{L}.-]{0,252}[a-z0-9\p{L}])?$/u;

export interface HeaderField {
  readonly key: string;
  readonly value: string;
}

/** PostgreSQL takes neither NUL nor lone surrogates. */
export const cleanText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The wanted headers by name; long values are cut, for a header is no place for a book. */
export function wantedHeaders(headers: readonly HeaderField[]): Record<string, readonly string[]> {
  const wanted: Record<string, string[]> = {};
  for (const { key, value } of headers) {
    if (!WANTED.has(key)) continue;
    const values = (wanted[key] ??= []);
    if (values.length < MAX_VALUES) values.push(cleanText(value.slice(0, MAX_VALUE)));
  }
  return wanted;
}

/** The single sender, or null: a mail with several `From`, a group or two addresses has none that counts. */
export function soleSender(headers: readonly HeaderField[]): Mailbox | null {
  const fields = headers.filter((field) => field.key === 'from');
  if (fields.length !== 1) return null;
  const addresses = addressParser((fields[0]?.value ?? '').slice(0, MAX_VALUE));
  const [only] = addresses;
  return addresses.length === 1 && only !== undefined ? mailboxOf(only) : null;
}

/** All well-formed addresses of some headers, groups opened, each once. */
export function addressesOf(headers: readonly HeaderField[], keys: readonly string[]): Mailbox[] {
  const found = new Map<string, Mailbox>();
  for (const field of headers) {
    if (!keys.includes(field.key)) continue;
    for (const address of addressParser(field.value.slice(0, 16 * MAX_VALUE), { flatten: true })) {
      const mailbox = mailboxOf(address);
      if (mailbox !== null && found.size < MAX_ADDRESSES) found.set(mailbox.address, mailbox);
    }
  }
  return [...found.values()];
}

function mailboxOf(address: Address): Mailbox | null {
  const written = address.address?.toLowerCase() ?? '';
  return ADDRESS.test(written) ? { name: cleanText(address.name).slice(0, 200), address: written } : null;
}

/** Message-IDs in a header, without their brackets, at most 50: the first and the last ones. */
export function messageIds(value: string | undefined): string[] {
  const ids = [...cleanText(value ?? '').matchAll(/<([^<>\s]{1,250})>/g)].map((match) => match[1] ?? '');
  return ids.length <= MAX_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)];
}

export const firstOf = (headers: readonly HeaderField[], key: string): string | undefined =>
  headers.find((field) => field.key === key)?.value;
