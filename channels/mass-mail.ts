import type { SentAttachment } from '../domain/instruction-matter.ts';
import { type MailAddress, mailAddress, oneLine } from './address.ts';
import type { Outgoing } from './compose.ts';

/** One of the mails of a relay or of a mailing. */
export interface MassMail {
  /** Whoever asks: the answers go there as well. */
  readonly from: MailAddress;
  readonly to: { readonly id: string; readonly name: string; readonly address: string };
  /** Local part of the sender of the envelope: what comes back undelivered goes to Vigie. */
  readonly reply: string;
  readonly mailReplyDomain: string;
  /** Ties the mails of one matter together in a mailbox: local part of a Message-ID. */
  readonly thread: string;
  readonly rendered: { readonly subject: string; readonly text: string; readonly html: string };
  readonly attachments?: readonly SentAttachment[];
  /** Name under which Vigie takes answers as well, at the address of this mail; absent: it takes none. */
  readonly answersTo?: string;
}

/** @throws InvalidAddress when an address on record is not one bare address */
export const massMail = ({
  from,
  to,
  reply,
  mailReplyDomain,
  thread,
  rendered,
  attachments = [],
  answersTo,
}: MassMail): Outgoing => ({
  kind: 'mail',
  mail: {
    from,
    to: mailAddress(to.address, to.name),
    envelopeFrom: `${reply}@${mailReplyDomain}`,
    replyTo: from,
    ...(answersTo === undefined ? {} : { replyToAlso: mailAddress(`${reply}@${mailReplyDomain}`, answersTo) }),
    messageId: `${to.id}@${mailReplyDomain}`,
    thread: `${thread}@${mailReplyDomain}`,
    subject: oneLine(rendered.subject),
    text: rendered.text,
    html: rendered.html,
    firstThread: null,
    urgent: false,
    answers: null,
    attachments,
  },
});
