import { declaredProblem } from './declared.ts';
import type { Actor } from './events.ts';
import type { FieldError } from './field-error.ts';
import { closedRefusal, mayTakeBack, nothingToAnswer } from './follow-up-limits.ts';
import { deferralProblem } from './follow-up-deferral.ts';
import { echoAnswer } from './follow-up-echo.ts';
import { passDeadline } from './follow-up-clock.ts';
import { pauseUntil, stopLadder } from './follow-up-ladder.ts';
import type { FollowUp, RecipientState } from './follow-up-state.ts';
import { isRefusal, refuse, toDesk, type Decision, type Turn } from './follow-up-turn.ts';
import { HOUR } from './instant.ts';
import { CORRUSS } from './organisation.ts';
import type { ReplyInput } from './reply-kinds.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { isBlank } from './text.ts';

/** The desk is reminded of a completion that waits for its acceptance after this long (shared rules, «done»). */
export const ACCEPTANCE_REMINDER = 2 * HOUR;

/** Who replied: the organisation, or the officer of the desk who answered on its behalf. */
export const actorOf = (reply: ReplyInput): Actor =>
  reply.onBehalfBy === undefined
    ? { sub: reply.from, organisation: reply.organisation }
    : { sub: reply.onBehalfBy, organisation: CORRUSS };

/** One reply upon one follow-up: the table of the shared rules of a follow-up, line by line. */
export function applyReply(followUp: FollowUp, reply: ReplyInput, turn: Turn): Decision {
  const takesBack = mayTakeBack(followUp, reply, turn.now);
  if (followUp.closed && !takesBack) return closedRefusal(followUp);
  const refusal = nothingToAnswer(followUp, reply, turn.context.terms.nature, takesBack);
  if (refusal !== null) return refusal;
  const errors = contentErrors(followUp, reply, turn);
  if (errors.length > 0) return refuse('invalid', 'La réponse n’est pas recevable en l’état.', errors);

  noteReply(followUp, reply, turn);
  const heard = acknowledge(takesBack ? takeBack(followUp, turn) : followUp, reply, turn);
  // A deadline that passed unnoticed until this very turn passes first: the answer then stops the ladder, not the reverse.
  const dated = turn.context.terms.nature === 'information' ? heard : passDeadline(heard, turn);
  const decision = effectOf(dated, reply, turn);
  if (!isRefusal(decision)) echoAnswer(followUp, decision, reply, turn);
  return decision;
}

function contentErrors(followUp: FollowUp, reply: ReplyInput, turn: Turn): readonly FieldError[] {
  if (reply.kind === 'deferred') return deferralProblem(followUp, reply, turn);
  return [...declarationErrors(reply, turn), ...commentErrors(followUp, reply, turn)];
}

/** A door that did not know the nature (the API, the officer who classifies a mail) let it through. */
function declarationErrors({ declared }: ReplyInput, { context }: Turn): readonly FieldError[] {
  const message = declared === undefined ? null : declaredProblem(context.terms.nature);
  return message === null ? [] : [{ pointer: '/declared', code: 'notAllowed', message }];
}

function commentErrors(followUp: FollowUp, reply: ReplyInput, turn: Turn): readonly FieldError[] {
  if (!isBlank(reply.comment ?? '')) return [];
  const before = followUp.percent ?? 0;
  if (reply.kind === 'progress' && (reply.percent ?? before) < before) {
    return commentRequired(`L’avancement baisse (${before} % auparavant) : dites pourquoi.`);
  }
  const bare = turn.context.terms.evidence === 'required' && (reply.evidence ?? []).length === 0;
  if (reply.kind === 'done' && bare)
    return commentRequired('Un justificatif est exigé : un commentaire ou un fichier.');
  return [];
}

const commentRequired = (message: string): readonly FieldError[] => [
  { pointer: '/comment', code: 'required', message },
];

function noteReply(followUp: FollowUp, reply: ReplyInput, turn: Turn): void {
  const { kind, percent, comment, until, channel, verified } = reply;
  const data = {
    kind,
    channel,
    verified,
    ...(percent === undefined ? {} : { percent }),
    ...(comment === undefined ? {} : { comment }),
    ...(until === undefined ? {} : { until }),
    ...((reply.evidence ?? []).length === 0 ? {} : { evidence: reply.evidence }),
    ...(reply.declared === undefined ? {} : { declared: reply.declared }),
    ...(reply.onBehalfBy === undefined ? {} : { onBehalf: true }),
    before: followUp.state,
  };
  turn.note('replied', data, actorOf(reply));
}

/** Any reply meets `acknowledgeWithin` and is the last word of the recipient; a declaration takes the place of the former. */
function acknowledge(followUp: FollowUp, reply: ReplyInput, turn: Turn): FollowUp {
  return {
    ...followUp,
    acknowledgedAt: followUp.acknowledgedAt ?? turn.now,
    acknowledgeAwaited: false,
    acknowledgeBy: null,
    ...(reply.declared === undefined ? {} : { declared: { ...reply.declared, at: turn.now } }),
    lastReply: {
      kind: reply.kind,
      at: turn.now,
      percent: reply.percent ?? null,
      comment: reply.comment ?? null,
      from: reply.from,
      channel: reply.channel,
    },
  };
}

function takeBack(followUp: FollowUp, turn: Turn): FollowUp {
  turn.note('reopened', { reason: 'takenBack' });
  turn.withdraw('acceptance');
  if (!followUp.closed) turn.task('acceptance', false);
  const state = followUp.percent === null ? 'takenInCharge' : 'inProgress';
  return { ...followUp, state, closed: false, doneAt: null, acceptanceReminderAt: null };
}

function effectOf(followUp: FollowUp, reply: ReplyInput, turn: Turn): Decision {
  switch (reply.kind) {
    case 'received':
      return raise(followUp, 'received', ['pending', 'sent']);
    case 'read':
      return read(followUp, turn);
    case 'takenInCharge':
      return answered(followUp, followUp.percent === null ? 'takenInCharge' : 'inProgress', turn);
    case 'progress':
      return { ...answered(followUp, 'inProgress', turn), percent: reply.percent ?? followUp.percent };
    case 'deferred':
      return deferred(followUp, reply, turn);
    case 'refused':
      return refused(followUp, reply, turn);
    case 'done':
      return done(followUp, turn);
  }
}

/** `received` and `read` never lower a state: an unreachable ARS stays so until it answers (or the head of desk closes). */
const raise = (followUp: FollowUp, state: RecipientState, from: readonly RecipientState[]): FollowUp =>
  from.includes(followUp.state) ? { ...followUp, state } : followUp;

function read(followUp: FollowUp, turn: Turn): FollowUp {
  if (turn.context.terms.nature !== 'information') return raise(followUp, 'read', ['pending', 'sent', 'received']);
  endUnreachable(followUp, turn);
  return { ...followUp, state: 'read', closed: true };
}

/** Stops the ladder until the answer expires; the recipient is reachable again. */
function answered(followUp: FollowUp, state: RecipientState, turn: Turn): FollowUp {
  endUnreachable(followUp, turn);
  return { ...stopLadder(followUp, turn), state, pausedUntil: pauseUntil(followUp, turn.context, turn.now) };
}

function deferred(followUp: FollowUp, reply: ReplyInput, turn: Turn): Decision {
  const until = parseRfc3339(reply.until ?? '');
  if (until === null) return refuse('invalid', 'Un report nomme sa date.');
  const stopped = answered(followUp, 'deferred', turn);
  if (isRefusal(stopped)) return stopped;
  turn.withdraw('late', 'deadline');
  return { ...stopped, deadline: until, late: false, pausedUntil: until };
}

function refused(followUp: FollowUp, reply: ReplyInput, turn: Turn): FollowUp {
  const ended = endFollowUp(followUp, turn);
  turn.plan('refused', toDesk(followUp), { comment: reply.comment ?? '' });
  turn.task('refused', true);
  return { ...ended, state: 'refused', closed: true };
}

function done(followUp: FollowUp, turn: Turn): FollowUp {
  const ended: FollowUp = { ...endFollowUp(followUp, turn), state: 'done', doneAt: turn.now };
  if (turn.context.terms.acceptance === 'automatic') return { ...ended, closed: true };
  if (followUp.state === 'done') return ended;
  turn.note('acceptanceAwaited', {});
  turn.task('acceptance', true);
  return { ...ended, acceptanceReminderAt: turn.now + ACCEPTANCE_REMINDER };
}

/** Nothing more is owed by the recipient: no reminder, no mail about its deadline or its silence. */
export function endFollowUp(followUp: FollowUp, turn: Turn): FollowUp {
  endUnreachable(followUp, turn);
  const stopped = stopLadder(followUp, turn);
  turn.withdraw('deadline', 'late');
  return { ...stopped, pausedUntil: null, acknowledgeAwaited: false, acknowledgeBy: null };
}

export function endUnreachable(followUp: FollowUp, turn: Turn): void {
  if (followUp.state !== 'unreachable') return;
  turn.withdraw('unreachable');
  turn.task('unreachable', false);
}
