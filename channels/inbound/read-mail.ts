import { randomUUID } from 'node:crypto';
import PostalMime, { decodeWords, type Attachment, type Email } from 'postal-mime';
import { safeAttachmentName } from './attachment-name.ts';
import { readAuthentication } from './authentication.ts';
import { decodedSize, decodeLifted, delimiterLines, liftBigBodies, type LiftedBody } from './big-bodies.ts';
import { htmlToText } from './html-text.ts';
import { MAIL_LIMITS } from './limits.ts';
import { addressesOf, cleanText, firstOf, messageIds, soleSender, wantedHeaders } from './mail-fields.ts';
import type { ParseOutcome, QuarantineReason, ReceivedAttachment, ReceivedMail } from './received-mail.ts';
import { isReportPart, reportOf, returnedOf } from './report-fields.ts';

const MAX_SUBJECT = 1_000;

/**
 * Reads one mail within the limits; runs in the parsing thread, for its time is bounded only there.
 * @param raw the message as it came, RFC 5322
 * @param authservId name of our relay in `Authentication-Results`
 */
export async function readMail(raw: Buffer, authservId: string | undefined): Promise<ParseOutcome> {
  const delimiters = delimiterLines(raw, MAIL_LIMITS.delimiterLines);
  if (delimiters.length > MAIL_LIMITS.delimiterLines) return quarantined('parts');
  const mark = `${randomUUID()}/`;
  const { slim, bodies } = liftBigBodies(raw, mark, delimiters);
  const parser = new PostalMime({
    maxNestingDepth: MAIL_LIMITS.nesting,
    maxHeadersSize: MAIL_LIMITS.headerBytes,
    forceRfc822Attachments: true,
  });
  try {
    const email = await parser.parse(withReadableHeader(slim));
    if (partsOf(parser) > MAIL_LIMITS.parts) return quarantined('parts');
    return { outcome: 'parsed', mail: toMail(email, authservId, (part) => contentOf(part, { raw, mark, bodies })) };
  } catch (error) {
    return quarantined(reasonOf(error));
  }
}

const quarantined = (reason: QuarantineReason): ParseOutcome => ({ outcome: 'quarantined', reason });

function reasonOf(error: unknown): QuarantineReason {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Maximum MIME nesting depth')) return 'nesting';
  return message.startsWith('Maximum header size') ? 'headers' : 'unreadable';
}

interface PartTree {
  readonly childNodes: readonly PartTree[];
}

/** The parser counts no parts itself: its tree is walked (not in its types: the tests tell when a version has it no more). */
function partsOf(parser: PostalMime): number {
  const { root } = parser as unknown as { readonly root: PartTree };
  const count = (part: PartTree): number => part.childNodes.reduce((sum, child) => sum + count(child), 1);
  return count(root);
}

/** Headers in Windows-1252 without encoding, as old clients write them, become UTF-8, which is what the parser reads. */
function withReadableHeader(raw: Buffer): Buffer {
  const crlf = raw.indexOf('\r\n\r\n');
  const end = crlf >= 0 ? crlf : Math.max(0, raw.indexOf('\n\n'));
  const header = raw.subarray(0, end);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(header);
    return raw;
  } catch {
    // Not UTF-8: the only other bytes seen in headers of French and English mails.
    return Buffer.concat([Buffer.from(new TextDecoder('windows-1252').decode(header)), raw.subarray(end)]);
  }
}

function toMail(
  email: Email,
  authservId: string | undefined,
  content: (part: Attachment) => PartContent,
): ReceivedMail {
  const { headers } = email;
  const wanted = wantedHeaders(headers);
  const taken = new Set<string>();
  const time = Date.parse(firstOf(headers, 'date') ?? '');
  return {
    messageId: messageIds(firstOf(headers, 'message-id'))[0] ?? null,
    from: soleSender(headers),
    to: addressesOf(headers, ['to', 'cc']),
    deliveredTo: addressesOf(headers, ['delivered-to', 'x-original-to', 'envelope-to']).map(({ address }) => address),
    subject: subjectOf(firstOf(headers, 'subject') ?? ''),
    inReplyTo: messageIds(firstOf(headers, 'in-reply-to'))[0] ?? null,
    references: messageIds(firstOf(headers, 'references')),
    date: Number.isNaN(time) ? null : time,
    text: bodyText(email),
    attachments: email.attachments
      .filter((part) => !isReportPart(part.mimeType))
      .map((part) => toAttachment(part, content(part), taken)),
    headers: wanted,
    report: reportOf(email.attachments),
    returned: returnedOf(email.attachments),
    authentication: readAuthentication(wanted['authentication-results'] ?? [], authservId),
  };
}

const subjectOf = (value: string): string =>
  cleanText(decodeWords(value.slice(0, 4 * MAX_SUBJECT)))
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, MAX_SUBJECT)
    .toWellFormed();

function bodyText(email: Email): string {
  const plain = (email.text ?? '').slice(0, MAIL_LIMITS.textCharacters);
  const text = plain.trim() === '' ? htmlToText((email.html ?? '').slice(0, 4 * MAIL_LIMITS.textCharacters)) : plain;
  return cleanText(text.slice(0, MAIL_LIMITS.textCharacters));
}

interface PartContent {
  readonly bytes: Uint8Array | null;
  readonly size: number;
}

interface Lift {
  readonly raw: Buffer;
  readonly mark: string;
  readonly bodies: readonly LiftedBody[];
}

function contentOf(part: Attachment, { raw, mark, bodies }: Lift): PartContent {
  const lifted =
    part.description?.startsWith(mark) === true ? bodies[Number(part.description.slice(mark.length))] : undefined;
  const estimate = lifted === undefined ? 0 : decodedSize(lifted);
  if (estimate > MAIL_LIMITS.attachmentBytes) return { bytes: null, size: estimate };
  const bytes = lifted === undefined ? bytesOf(part) : decodeLifted(raw, lifted);
  return { bytes: bytes.length > MAIL_LIMITS.attachmentBytes ? null : bytes, size: bytes.length };
}

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

const toAttachment = (part: Attachment, content: PartContent, taken: Set<string>): ReceivedAttachment => ({
  name: safeAttachmentName(part.filename, part.mimeType, taken),
  mediaType: /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(part.mimeType) ? part.mimeType : 'application/octet-stream',
  size: content.size,
  inline: part.related === true || (part.disposition === 'inline' && part.contentId !== undefined),
  content: content.bytes,
});
