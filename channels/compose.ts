import type { DeliveryPurpose } from '../domain/events.ts';
import type { InstructionMatter, SentAttachment } from '../domain/instruction-matter.ts';
import { mailAddress, oneLine, type MailAddress } from './address.ts';
import { renderMarkdown } from './markdown.ts';
import { deadlineLetter, returnLetter } from './templates/changes.ts';
import { echoLetter, mailAnswerLetter } from './templates/answers.ts';
import { deskLetter, resultLetter } from './templates/desk.ts';
import type { Letter, Rendered } from './templates/blocks.ts';
import { headLetter, zoneLetter } from './templates/escalation.ts';
import { firstLetter } from './templates/first.ts';
import { renderLetter } from './templates/layout.ts';
import { detailText, type CompiledInstruction, type Matter } from './templates/parts.ts';
import { reminderLetter } from './templates/reminder.ts';
import { smsText } from './templates/sms.ts';
import type { ComposeContext, DeliveryView } from './views.ts';

export type { CompiledInstruction } from './templates/parts.ts';

/** A mail ready to be encoded: one recipient, always. */
export interface OutgoingMail {
  readonly from: MailAddress;
  readonly to: MailAddress;
  /** Sender of the envelope: where bounces go. */
  readonly envelopeFrom: string;
  readonly replyTo: MailAddress | null;
  /** Answers go there as well. */
  readonly replyToAlso?: MailAddress;
  /** Without angle brackets. */
  readonly messageId: string;
  /** Message-ID that ties all mails of an instruction together in a mailbox; without angle brackets. */
  readonly thread: string;
  /** The same of the message that this one amends, cancels or lifts; null: it refers to none. */
  readonly firstThread: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly urgent: boolean;
  /** Asks the mail client to tell when it is read (RFC 8098): where reading is all that is asked. */
  readonly askReceipt?: boolean;
  /** Message-ID of the mail that this one answers by itself (RFC 3834), without angle brackets; null: it answers none. */
  readonly answers: string | null;
  readonly attachments: readonly SentAttachment[];
}

export interface OutgoingSms {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** The same for every attempt: the gateway's idempotency key. */
  readonly messageId: string;
}

export type Outgoing =
  { readonly kind: 'mail'; readonly mail: OutgoingMail } | { readonly kind: 'sms'; readonly sms: OutgoingSms };

/** Renders the desk's words once for all recipients of an instruction. */
export function compileInstruction(instruction: InstructionMatter): CompiledInstruction {
  return { ...instruction, rendered: renderMarkdown(instruction.body) };
}

/**
 * What one delivery sends.
 * @throws InvalidAddress when the address on record is not one bare address
 */
export function compose(instruction: CompiledInstruction, delivery: DeliveryView, context: ComposeContext): Outgoing {
  const matter = { instruction, delivery, context };
  if (delivery.channel === 'mail') return { kind: 'mail', mail: composeMail(matter) };
  return { kind: 'sms', sms: { to: delivery.address, text: smsText(matter), messageId: delivery.messageId } };
}

/** Subject, HTML and text of one delivery, without its addresses: what the preview shows. */
export const renderDelivery = (matter: Matter): Rendered => renderLetter(letterFor(matter));

/** They ask for nothing. */
const QUIET: ReadonlySet<DeliveryPurpose> = new Set<DeliveryPurpose>(['echo', 'mailAnswer']);

function composeMail(matter: Matter): OutgoingMail {
  const { instruction, delivery, context } = matter;
  const rendered = renderDelivery(matter);
  const first = instruction.terms.refersTo;
  const from = mailAddress(context.mailFrom, 'CORRUSS');
  const reply = delivery.replyLocal === null ? null : `${delivery.replyLocal}@${context.mailReplyDomain}`;
  return {
    from,
    to: mailAddress(delivery.address, delivery.addressName),
    // What a machine answers is sent by nobody: no machine can answer it again (RFC 3834, 3.3).
    envelopeFrom: delivery.purpose === 'mailAnswer' ? '' : (reply ?? from.address),
    replyTo: reply === null ? null : mailAddress(reply, `CORRUSS – ${instruction.number}`),
    messageId: delivery.messageId,
    thread: `${instruction.id}@${context.mailReplyDomain}`,
    firstThread: first === undefined ? null : `${first.instruction}@${context.mailReplyDomain}`,
    subject: oneLine(rendered.subject),
    text: rendered.text,
    html: rendered.html,
    urgent: instruction.nature === 'action' && !QUIET.has(delivery.purpose),
    askReceipt: instruction.nature === 'information' && delivery.purpose === 'instruction',
    answers: delivery.purpose === 'mailAnswer' ? detailText(matter, 'messageId') : null,
    attachments: carriesFiles(delivery) ? instruction.attachments : [],
  };
}

/** The recipient's own people get the files; those who only read follow the link. */
const carriesFiles = ({ purpose, linkToken }: DeliveryView): boolean =>
  linkToken !== null && (purpose === 'instruction' || purpose === 'ladder');

function letterFor(matter: Matter): Letter {
  const { purpose, target } = matter.delivery;
  switch (purpose) {
    case 'instruction':
      return firstLetter(matter);
    case 'ladder':
      if (target === 'zoneArs') return zoneLetter(matter);
      return target === 'corrussHead' ? headLetter(matter) : reminderLetter(matter);
    case 'return':
      return returnLetter(matter);
    case 'deadline':
      return deadlineLetter(matter);
    case 'result':
      return resultLetter(matter);
    case 'echo':
      return echoLetter(matter);
    case 'mailAnswer':
      return mailAnswerLetter(matter);
    default:
      return deskLetter(matter, purpose);
  }
}
