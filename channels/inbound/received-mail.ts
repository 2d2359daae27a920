import type { Instant } from '../../domain/instant.ts';
import type { MailAuthentication } from './authentication.ts';

export interface Mailbox {
  /** Display name, empty when there is none. */
  readonly name: string;
  /** Lower-cased `local@domain`, checked. */
  readonly address: string;
}

export interface ReceivedAttachment {
  /** Safe to show and to write: no path, no control or direction character, at most 120 characters. */
  readonly name: string;
  /** Lower-case type as declared by the sender, to be checked against the content before it is trusted. */
  readonly mediaType: string;
  /** Bytes after decoding; an estimate for what was not extracted. */
  readonly size: number;
  /** An image of the HTML part rather than a document. */
  readonly inline: boolean;
  /** Null: larger than `MAIL_LIMITS.attachmentBytes`, it stays in the raw mail. */
  readonly content: Uint8Array | null;
}

/** The machine-readable part of a `multipart/report` (RFC 6522), as text. */
export interface MailReport {
  readonly type: 'delivery-status' | 'disposition-notification';
  readonly text: string;
}

/** Header of the message that a report returns. */
export interface ReturnedHeader {
  readonly messageId: string | null;
  /** Its envelope sender, where the token of the delivery stands (VERP). */
  readonly returnPath: string | null;
  readonly to: string | null;
}

export interface ReceivedMail {
  /** With its angle brackets taken away; null when there is none or an ill-formed one. */
  readonly messageId: string | null;
  /** Null when there is none, more than one, a group, or an address that isn't one. */
  readonly from: Mailbox | null;
  /** To and Cc, groups opened. */
  readonly to: readonly Mailbox[];
  /** Delivered-To, X-Original-To, Envelope-To: where a relay says that it put the mail. */
  readonly deliveredTo: readonly string[];
  readonly subject: string;
  readonly inReplyTo: string | null;
  /** Oldest first, at most 50. */
  readonly references: readonly string[];
  /** What the sender's clock said. */
  readonly date: Instant | null;
  /** From the text part, else from the HTML one; quoted text and signature still in it. */
  readonly text: string;
  readonly attachments: readonly ReceivedAttachment[];
  /** Headers that classification needs, by lower-case name, in the order of the mail. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly report: MailReport | null;
  readonly returned: ReturnedHeader | null;
  readonly authentication: MailAuthentication;
}

/** Why a mail is laid aside, raw, for a person. */
export type QuarantineReason = 'size' | 'parts' | 'nesting' | 'headers' | 'time' | 'memory' | 'unreadable';

export type ParseOutcome =
  | { readonly outcome: 'parsed'; readonly mail: ReceivedMail }
  | { readonly outcome: 'quarantined'; readonly reason: QuarantineReason };
