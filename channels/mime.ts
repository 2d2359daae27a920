import MailComposer from 'nodemailer/lib/mail-composer';
import { oneLine, type MailAddress } from './address.ts';
import type { OutgoingMail } from './compose.ts';

/**
 * The whole message (RFC 5322) as bytes. Every content is base64: no line is too long, whatever the words.
 * @param date default: the machine's clock
 */
export function encodeMail(mail: OutgoingMail, date: Date = new Date()): Promise<Buffer> {
  const composer = new MailComposer({
    date,
    from: mailbox(mail.from),
    to: mailbox(mail.to),
    ...(mail.replyTo ? { replyTo: [mail.replyTo, ...(mail.replyToAlso ? [mail.replyToAlso] : [])].map(mailbox) } : {}),
    messageId: identifier(mail.messageId),
    ...threading(mail),
    subject: oneLine(mail.subject).toWellFormed(),
    headers: {
      // RFC 3834: a machine speaks; other machines should not answer.
      'Auto-Submitted': mail.answers === null ? 'auto-generated' : 'auto-replied',
      'X-Auto-Response-Suppress': mail.answers === null ? 'OOF, AutoReply' : 'All',
      'Content-Language': 'fr',
      ...(mail.urgent ? { Importance: 'high' } : {}),
      ...(mail.askReceipt === true && mail.replyTo
        ? { 'Disposition-Notification-To': `<${mail.replyTo.address}>` }
        : {}),
    },
    text: mail.text.toWellFormed(),
    html: mail.html.toWellFormed(),
    textEncoding: 'base64',
    attachments: mail.attachments.flatMap(({ name, mediaType, content }) =>
      content === null ? [] : [{ filename: fileName(name), contentType: mediaType, content }],
    ),
    // A content is what it is, never the name of a file or an address to open.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** An object, never a text: a text would be read as a list of addresses. */
const mailbox = ({ name, address }: MailAddress) => ({ name: oneLine(name).toWellFormed(), address });

const fileName = (name: string): string => oneLine(name).toWellFormed().slice(0, 120);

/** Message identifiers are ours; whatever else came would break the header, so it is dropped. */
const identifier = (text: string): string => `<${text.replace(/[^\w.@+-]/g, '')}>`;

/** The mails of one instruction form one thread, beside those of the message that it refers to; an answer to a mail refers to that mail as well. */
function threading(mail: OutgoingMail): { references: string[]; inReplyTo?: string } {
  const { thread, firstThread, answers } = mail;
  const ours = [...(firstThread === null ? [] : [identifier(firstThread)]), identifier(thread)];
  const theirs = answers === null ? '' : answers.replace(/[^\x21-\x7e]|[<>]/g, '').slice(0, 250);
  return theirs === '' ? { references: ours } : { inReplyTo: `<${theirs}>`, references: [...ours, `<${theirs}>`] };
}
