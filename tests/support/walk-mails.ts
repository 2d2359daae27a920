import type { Command } from '../../domain/events.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Leg, MailNotice, MailSaid } from '../../domain/mail-notice.ts';
import type { ReplyInput } from '../../domain/reply-kinds.ts';
import { pick } from './random.ts';

type Random = () => number;

export interface MailMatter {
  readonly random: Random;
  readonly followUp: FollowUp;
  readonly now: Instant;
  /** Of the mail. */
  readonly messageId: string;
  /** What a person would say in it. */
  readonly reply: ReplyInput;
}

/** A mail as `inboundMail` hands it over: said by a person or by a machine, sometimes one that came before. */
export function mailOf(matter: MailMatter): MailNotice {
  const { random, followUp, messageId } = matter;
  const said = saidIn(matter);
  return {
    mail: uuidOf(random),
    messageId,
    organisation: followUp.organisation,
    from: `alerte@${followUp.organisation.toLowerCase()}.example`,
    subject: 'RE: MINSANTE',
    said,
  };
}

function saidIn({ random, followUp, now, messageId, reply }: MailMatter): MailSaid {
  const kind = pick(random, [
    'reply',
    'reply',
    'reply',
    'unclear',
    'outOfOffice',
    'bounce',
    'receipt',
    'automatic',
  ] as const);
  // Signed, as a reply that `inboundMail` makes: it bears the name of its mail.
  const { onBehalfBy: _officer, ...own } = { ...reply, channel: 'mail' as const, messageId };
  switch (kind) {
    case 'reply':
      return { kind, why: reply.kind, reply: random() < 0.3 ? { ...own, fromAlertBox: true } : own };
    case 'unclear':
      return { kind, reason: pick(random, ['question', 'unknown', 'empty']) };
    case 'outOfOffice':
      return { kind, until: pick(random, [null, now + 86_400_000]), about: legOf(random, followUp) };
    case 'bounce':
      return { kind, permanent: random() < 0.7, diagnostic: '5.1.1', about: legOf(random, followUp) };
    case 'receipt':
      return {
        kind,
        reply: {
          organisation: own.organisation,
          kind: 'read',
          from: own.from,
          channel: 'mail',
          verified: true,
          messageId,
        },
      };
    case 'automatic':
      return { kind, sign: 'Auto-Submitted' };
  }
}

/** A mail that was sent to it, of this round or of the one before; null: nobody can say which. */
function legOf(random: Random, { steps, round, sentAt }: FollowUp): Leg | null {
  if (sentAt === null || random() < 0.2) return null;
  const sent = steps.filter(({ status, channel }) => status === 'sent' && channel === 'mail');
  const about = random() < 0.85 ? round : Math.max(0, round - 1);
  const last = sent.at(-1);
  if (last === undefined || random() < 0.2) return { purpose: 'instruction', step: 0, round: about };
  return { purpose: 'ladder', step: (random() < 0.7 ? last : pick(random, sent)).number, round: about };
}

/** An officer reads a mail: an answer on behalf of its organisation, or none. */
export function classifying({ random, followUp, messageId, reply }: MailMatter): Command {
  const answer: ReplyInput | null =
    random() < 0.3 ? null : { ...reply, channel: 'mail', messageId, onBehalfBy: 'corruss-chef' };
  return {
    kind: 'classifyMail',
    organisation: followUp.organisation,
    mail: uuidOf(random),
    reply: answer,
    by: { sub: 'corruss-chef', organisation: 'CORRUSS' },
  };
}

const uuidOf = (random: Random): string =>
  `0198c0de-0000-7000-8000-${Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(12, '0')}`;
