import type { Clock } from '../../domain/mail-dates.ts';
import type { Instant } from '../../domain/instant.ts';
import { plain } from '../../domain/mail-text.ts';
import { readBounce, type Bounce, type DeliveryNotice } from './bounces.ts';
import { returnInstant, speaksOfAbsence } from './out-of-office.ts';
import { readReceipt, type Receipt } from './receipts.ts';
import { readReplyText } from './reply-text.ts';
import type { ReceivedMail } from './received-mail.ts';

export type MailNature =
  | { readonly kind: 'human' }
  | {
      readonly kind: 'outOfOffice';
      /** From when the person reads mail again. */
      readonly until?: Instant;
      /** The sign that decided. */
      readonly sign: string;
    }
  | {
      readonly kind: 'autoReply';
      readonly sign: string;
      /** False: one weak sign alone, which some gateways put on mails of persons. The desk should see it. */
      readonly sure: boolean;
    }
  /** A list or a mass mailing. */
  | { readonly kind: 'bulk'; readonly sign: string }
  | Receipt
  | Bounce
  | DeliveryNotice;

export interface Reception {
  readonly clock: Clock;
  /** Envelope sender as SMTP gave it; `''` or `'<>'` is the null sender. Unknown (IMAP): left out, `Return-Path` counts. */
  readonly envelopeSender?: string;
}

/** Subjects that mail clients give to absences: Exchange, Outlook, Zimbra, Gmail, Notes; from `plain` text. */
const ABSENCE_SUBJECT =
  /^(?:\[?(?:external|externe|ext|spam)\]?:? ?)?(?:(?:re|tr|aw|fw) ?: ?)?(?:reponse automatique|automatic reply|auto(?:matic)?[- ]?re(?:ply|sponse)|autosvar|absence(?: du bureau)? ?[:(-]|absente?s? du bureau|absente? ?[:(-]|message d'absence|out of (?:the )?office|ooo ?[:(-]|on (?:vacation|leave) ?[:(-]|abwesenheit|automatische antwort|vacation ?[:(-]|respuesta automatica|message automatique|\[?auto\]? ?:)/;
const MACHINE_SENDER =
  /^(?:no-?reply|ne-?pas-?repondre|nepasrepondre|noreply|donotreply|do-not-reply|automate|robot|bot)\b/;
const MAX_READ = 3_000;

/**
 * Tells mails of persons from those of machines (RFC 3834, 3464, 8098 and the usual wild forms). What is not human is never
 * an answer (seeds: only the ARS itself reports back).
 */
export function recogniseAutomatic(mail: ReceivedMail, reception: Reception): MailNature {
  const subject = plain(mail.subject).trim().slice(0, 300);
  const nullSender = hasNullSender(mail, reception);
  const bounce = readBounce(mail, { subject, nullSender });
  if (bounce !== null) return bounce;
  const text = plain(mail.text.slice(0, MAX_READ));
  const receipt = readReceipt(mail, subject, text);
  if (receipt !== null) return receipt;
  const bulk = bulkSign(mail);
  const sign = automaticSign(mail, subject, nullSender);
  if (sign === null) return bulk === null ? { kind: 'human' } : { kind: 'bulk', sign: bulk };
  return classify(mail, subject, sign, reception.clock);
}

interface Sign {
  readonly sign: string;
  readonly sure: boolean;
}

function classify(mail: ReceivedMail, subject: string, sign: Sign, clock: Clock): MailNature {
  const words = readReplyText(mail.text).text;
  const absent = ABSENCE_SUBJECT.test(subject) || speaksOfAbsence(subject) || (sign.sure && speaksOfAbsence(words));
  if (!absent) return { kind: 'autoReply', ...sign };
  const until = returnInstant(`${words}\n${mail.subject}`, clock);
  return { kind: 'outOfOffice', sign: sign.sign, ...(until === undefined ? {} : { until }) };
}

function hasNullSender(mail: ReceivedMail, { envelopeSender }: Reception): boolean {
  const written = envelopeSender ?? mail.headers['return-path']?.[0];
  return written !== undefined && /^<?>?$/.test(written.trim());
}

const header = (mail: ReceivedMail, name: string): string => (mail.headers[name]?.[0] ?? '').trim().toLowerCase();

function automaticSign(mail: ReceivedMail, subject: string, nullSender: boolean): Sign | null {
  const submitted = header(mail, 'auto-submitted').split(/[\s;(]/, 1)[0] ?? '';
  if (submitted !== '' && submitted !== 'no') return { sign: `Auto-Submitted: ${submitted}`, sure: true };
  for (const name of ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-vacation']) {
    const value = header(mail, name);
    if (value !== '' && value !== 'no' && value !== 'false') return { sign: name, sure: true };
  }
  const precedence = header(mail, 'precedence');
  if (/^auto[-_]?reply/.test(precedence)) return { sign: `Precedence: ${precedence}`, sure: true };
  if (header(mail, 'x-ms-exchange-generated-message-source') !== '') return { sign: 'Exchange', sure: true };
  if (nullSender) return { sign: 'MAIL FROM:<>', sure: true };
  if (ABSENCE_SUBJECT.test(subject)) return { sign: 'Subject', sure: true };
  return weakSign(mail, precedence);
}

function weakSign(mail: ReceivedMail, precedence: string): Sign | null {
  if (/^(?:bulk|junk)/.test(precedence) && bulkSign(mail) === null)
    return { sign: `Precedence: ${precedence}`, sure: false };
  if (/\b(?:all|oof|autoreply)\b/.test(header(mail, 'x-auto-response-suppress'))) {
    return { sign: 'X-Auto-Response-Suppress', sure: false };
  }
  return MACHINE_SENDER.test(mail.from?.address ?? '') ? { sign: 'From', sure: false } : null;
}

function bulkSign(mail: ReceivedMail): string | null {
  if (header(mail, 'list-id') !== '') return 'List-Id';
  if (header(mail, 'list-unsubscribe') !== '') return 'List-Unsubscribe';
  return /^list/.test(header(mail, 'precedence')) ? 'Precedence: list' : null;
}
