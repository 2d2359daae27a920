import { cleanText, messageIds, type HeaderField } from './mail-fields.ts';
import type { MailReport, ReturnedHeader } from './received-mail.ts';

const MAX_REPORT = 64 * 1024;
const MAX_GROUPS = 100;

interface Part {
  readonly mimeType: string;
  readonly content: ArrayBuffer | Uint8Array | string;
}

const REPORT_TYPES: Readonly<Record<string, MailReport['type']>> = {
  'message/delivery-status': 'delivery-status',
  'message/global-delivery-status': 'delivery-status',
  'message/disposition-notification': 'disposition-notification',
  'message/global-disposition-notification': 'disposition-notification',
};
const RETURNED_TYPES = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];

export const isReportPart = (mimeType: string): boolean => mimeType in REPORT_TYPES;

/** The first machine-readable report among the parts (RFC 3464, RFC 8098). */
export function reportOf(parts: readonly Part[]): MailReport | null {
  for (const part of parts) {
    const type = REPORT_TYPES[part.mimeType];
    if (type !== undefined) return { type, text: textOf(part) };
  }
  return null;
}

/** What a report or a forward carries of the message that it is about. */
export function returnedOf(parts: readonly Part[]): ReturnedHeader | null {
  const part = parts.find((one) => RETURNED_TYPES.includes(one.mimeType));
  if (part === undefined) return null;
  const [header = new Map<string, string>()] = fieldGroups(textOf(part).trimStart());
  return {
    messageId: messageIds(header.get('message-id'))[0] ?? null,
    returnPath: header.get('return-path') ?? null,
    to: header.get('to') ?? null,
  };
}

/** Groups of `Name: value` lines parted by empty lines, unfolded, names in lower case; the first of equal names counts. */
export function fieldGroups(text: string): Map<string, string>[] {
  const groups: Map<string, string>[] = [];
  let fields: HeaderField[] = [];
  const close = (): void => {
    if (fields.length > 0) groups.push(new Map(fields.toReversed().map(({ key, value }) => [key, value.trim()])));
    fields = [];
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === '') close();
    else fields = withLine(fields, line);
    if (groups.length >= MAX_GROUPS) break;
  }
  close();
  return groups;
}

function withLine(fields: HeaderField[], line: string): HeaderField[] {
  const last = fields.at(-1);
  if (/^[ \t]/.test(line) && last !== undefined) {
    fields[fields.length - 1] = { key: last.key, value: `${last.value} ${line.trim()}` };
    return fields;
  }
  const colon = line.indexOf(':');
  if (colon > 0) fields.push({ key: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) });
  return fields;
}

function textOf(part: Part): string {
  if (typeof part.content === 'string') return cleanText(part.content.slice(0, MAX_REPORT));
  const bytes = part.content instanceof Uint8Array ? part.content : new Uint8Array(part.content);
  return cleanText(new TextDecoder().decode(bytes.subarray(0, MAX_REPORT)));
}
