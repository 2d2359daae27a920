import type { ReceivedMail } from './received-mail.ts';
import { fieldGroups } from './report-fields.ts';

export interface Receipt {
  readonly kind: 'receipt';
  /** True: the mail was shown. False: deleted unread, refused, or only processed. */
  readonly displayed: boolean;
  readonly originalMessageId?: string;
}

const READ =
  /^(?:lu|read|message lu|accuse de lecture|confirmation de lecture|read receipt|return receipt \(displayed\)|affiche)\s?[:(-]/;
const UNREAD = /^(?:non lu|supprime|not read|deleted|efface)\s?[:(-]/;
const WORDS =
  /(?:a ete (?:lu|affiche) (?:le|sur)|was (?:read|displayed) on|return receipt for the (?:mail|message)|ceci est un accuse de (?:lecture|reception)|this is a (?:receipt|return receipt) for|accuse de reception pour le (?:mail|message|courrier))/;
const NOT_READ_WORDS = /(?:a ete supprime sans (?:avoir ete|etre) lu|was deleted without being read)/;

/**
 * A receipt after RFC 8098, else one in Outlook's and Thunderbird's words («Lu :», «Read:»).
 * @param subject in plain form
 * @param text in plain form, first lines
 */
export function readReceipt(mail: ReceivedMail, subject: string, text: string): Receipt | null {
  if (mail.report?.type === 'disposition-notification') return fromReport(mail, mail.report.text);
  const original = originalOf(mail, undefined);
  if (UNREAD.test(subject) && NOT_READ_WORDS.test(text)) return { kind: 'receipt', displayed: false, ...original };
  const displayed = READ.test(subject) && (WORDS.test(text) || text.trim() === '');
  if (displayed) return { kind: 'receipt', displayed: true, ...original };
  return null;
}

function fromReport(mail: ReceivedMail, report: string): Receipt {
  const fields = new Map(fieldGroups(report).flatMap((group) => [...group]));
  const disposition = (fields.get('disposition') ?? '').toLowerCase();
  const type = disposition.slice(disposition.indexOf(';') + 1).trim();
  return {
    kind: 'receipt',
    displayed: type.startsWith('displayed'),
    ...originalOf(mail, fields.get('original-message-id')),
  };
}

function originalOf(mail: ReceivedMail, told: string | undefined): { readonly originalMessageId?: string } {
  const id = told?.replace(/[<>\s]/g, '') ?? mail.returned?.messageId ?? mail.inReplyTo ?? mail.references.at(-1);
  return id === undefined || id === '' ? {} : { originalMessageId: id };
}
