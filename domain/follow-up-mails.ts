import type { Actor } from './events.ts';
import { nextAtOnce } from './follow-up-delivery.ts';
import { mark, withoutHold } from './follow-up-ladder.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { FollowUpEvent, Turn } from './follow-up-turn.ts';
import { MINUTE, type Millis } from './instant.ts';
import type { Leg, MailNotice, MailSaid, MailTaken } from './mail-notice.ts';
import type { ReplyKind } from './reply-kinds.ts';

/** How long the ladder of an organisation waits while a person reads its mail, once for each mail. */
export const MAIL_HOLD: Millis = 30 * MINUTE;
/** What changes nothing is acknowledged no oftener than this: two machines that answer each other stay bored. */
export const ANSWER_SPACING: Millis = 10 * MINUTE;

type MailEvent = Extract<FollowUpEvent, { kind: 'mail' | 'mailTaken' | 'mailClassified' }>;

const MAIL_EVENTS: ReadonlySet<string> = new Set<MailEvent['kind']>(['mail', 'mailTaken', 'mailClassified']);

export const isMailEvent = (event: FollowUpEvent): event is MailEvent => MAIL_EVENTS.has(event.kind);

/** What a received mail does to a follow-up, beside the reply that it may bring. */
export function applyMail(followUp: FollowUp, event: MailEvent, turn: Turn): FollowUp {
  if (event.kind === 'mail') return takeNotice(followUp, event.notice, turn);
  return event.kind === 'mailTaken' ? answerReply(followUp, event, turn) : takeClassified(followUp, event, turn);
}

/** A mail that is no reply: what a person must read, and what machines wrote. */
function takeNotice(followUp: FollowUp, notice: MailNotice, turn: Turn): FollowUp {
  const { said } = notice;
  const about = { mail: notice.mail, from: notice.from };
  switch (said.kind) {
    case 'unclear':
      turn.note('mailUnclear', { ...about, subject: notice.subject, reason: said.reason });
      return answer(hold(followUp, turn), notice, { outcome: 'unclear' }, { turn, news: false });
    case 'outOfOffice':
      turn.note('outOfOffice', { ...about, until: said.until });
      return isCurrent(followUp, said.about) ? nextAtOnce(followUp, turn) : followUp;
    case 'bounce':
      return bounced(followUp, said, about, turn);
    case 'automatic':
      turn.note('mailAutomatic', { ...about, sign: said.sign });
      return followUp;
    default:
      return followUp;
  }
}

/** Tells the sender what was understood of his mail, and what became of it. */
function answerReply(
  followUp: FollowUp,
  { notice, taken }: { readonly notice: MailNotice; readonly taken: MailTaken },
  turn: Turn,
): FollowUp {
  if (notice.said.kind !== 'reply') return followUp;
  const { reply, why } = notice.said;
  const { kind, percent, until, evidence = [] } = reply;
  const understood = {
    kind,
    why,
    files: evidence.length,
    ...(percent === undefined ? {} : { percent }),
    ...(until === undefined ? {} : { until }),
  };
  if (!taken.recorded) {
    const { detail, errors } = taken;
    return answer(followUp, notice, { outcome: 'refused', ...understood, detail, errors }, { turn, news: false });
  }
  return answer(followUp, notice, { outcome: 'recorded', ...understood }, { turn, news: taken.changed });
}

/** An officer has read the mail: the ladder need not wait for it any more. */
function takeClassified(
  followUp: FollowUp,
  { mail, answer: kind, by }: { readonly mail: string; readonly answer: ReplyKind | null; readonly by: Actor },
  turn: Turn,
): FollowUp {
  turn.note('mailClassified', { mail, answer: kind }, by);
  return { ...followUp, ...withoutHold(followUp) };
}

const hold = (followUp: FollowUp, turn: Turn): FollowUp =>
  followUp.closed ? followUp : { ...followUp, heldUntil: turn.now + MAIL_HOLD };

function bounced(
  followUp: FollowUp,
  { permanent, diagnostic, about: leg }: Extract<MailSaid, { kind: 'bounce' }>,
  about: Readonly<Record<string, unknown>>,
  turn: Turn,
): FollowUp {
  turn.note('bounced', { ...about, permanent, diagnostic });
  if (!permanent || leg?.round !== followUp.round) return followUp;
  const step = leg.purpose === 'ladder' ? followUp.steps.find((one) => one.number === leg.step) : undefined;
  const marked = step === undefined || step.status === 'waiting' ? followUp : mark(followUp, step, 'failed', step.at);
  return isCurrent(followUp, leg) ? nextAtOnce(marked, turn) : marked;
}

/** Whether the ladder now stands at the delivery that the mail is about: only then is there anything to hurry. */
function isCurrent({ round, ladderStep }: FollowUp, leg: Leg | null): boolean {
  if (leg?.round !== round) return false;
  if (leg.purpose === 'ladder') return leg.step === ladderStep;
  return ladderStep === 0 && (leg.purpose === 'instruction' || leg.purpose === 'return');
}

function answer(
  followUp: FollowUp,
  { mail, messageId }: MailNotice,
  detail: Readonly<Record<string, unknown>>,
  { turn, news }: { readonly turn: Turn; readonly news: boolean },
): FollowUp {
  const last = followUp.mailAnswers;
  if (!news && last !== undefined && turn.now < last.at + ANSWER_SPACING) return followUp;
  const count = (last?.count ?? 0) + 1;
  const to = { target: 'sender', channel: 'mail', round: followUp.round, step: count } as const;
  turn.plan('mailAnswer', to, { mail, messageId, ...detail });
  return { ...followUp, mailAnswers: { count, at: turn.now } };
}
