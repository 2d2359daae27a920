import type { FieldError } from './field-error.ts';
import { closedRefusal } from './follow-up-limits.ts';
import { restartLadder } from './follow-up-ladder.ts';
import { endFollowUp } from './follow-up-replies.ts';
import type { FollowUp, RecipientState } from './follow-up-state.ts';
import { refuse, toAlertBox, type Decision, type FollowUpEvent, type Turn } from './follow-up-turn.ts';
import { settleSending } from './follow-up-delivery.ts';
import type { Instant } from './instant.ts';
import { deadlineErrors } from './deadline.ts';
import { STATE_WORDS } from './wording.ts';

type Event<K extends FollowUpEvent['kind']> = Extract<FollowUpEvent, { kind: K }>;

const RETURNABLE: readonly RecipientState[] = ['done', 'accepted', 'refused'];

/** CORRUSS returns what was said done or refused: the clock starts again, the ladder from its first step. */
export function applyReturn(followUp: FollowUp, event: Event<'return'>, turn: Turn): Decision {
  if (!RETURNABLE.includes(followUp.state)) {
    const state = STATE_WORDS[followUp.state];
    const detail = `État : ${state}. Seul ce qui est réalisé, accepté ou refusé peut être retourné.`;
    return refuse(followUp.closed ? 'closed' : 'notAllowed', detail);
  }
  const errors = event.deadline === undefined ? [] : deadlineErrors(event.deadline, turn.now);
  if (errors.length > 0) return refuse('invalid', 'Le retour n’est pas recevable en l’état.', errors);
  const deadline = event.deadline ?? (followUp.span === null ? null : turn.now + followUp.span);
  const returned = startAgain(followUp, deadline, turn);
  turn.note('returned', { reason: event.reason, deadline, before: followUp.state }, event.by);
  turn.withdraw('instruction', 'ladder', 'return', 'deadline', 'refused', 'late', 'unreachable', 'acceptance');
  turn.task('refused', false);
  turn.task('acceptance', false);
  turn.plan('return', toAlertBox(returned), { reason: event.reason, deadline });
  return returned;
}

function startAgain(followUp: FollowUp, deadline: Instant | null, turn: Turn): FollowUp {
  const { acknowledgeWithin } = turn.context.terms;
  return {
    ...restartLadder(followUp, turn.now, turn.context),
    state: 'sent',
    closed: false,
    percent: null,
    late: false,
    deadline,
    orderedDeadline: deadline,
    acknowledgedAt: null,
    acknowledgeAwaited: acknowledgeWithin !== null,
    acknowledgeBy: acknowledgeWithin === null ? null : turn.now + acknowledgeWithin,
    returns: followUp.returns + 1,
    doneAt: null,
    acceptanceReminderAt: null,
  };
}

export function applyAccept(followUp: FollowUp, event: Event<'accept'>, turn: Turn): Decision {
  if (followUp.closed) return closedRefusal(followUp);
  if (turn.context.terms.acceptance === 'automatic') {
    return refuse('notAllowed', 'L’acceptation est automatique pour cette instruction : rien n’est à accepter.');
  }
  if (followUp.state !== 'done') {
    return refuse('notAllowed', `État : ${STATE_WORDS[followUp.state]}. Seul ce qui est réalisé peut être accepté.`);
  }
  turn.note('accepted', {}, event.by);
  turn.withdraw('acceptance');
  turn.task('acceptance', false);
  return { ...followUp, state: 'accepted', closed: true, acceptanceReminderAt: null };
}

/** The head of desk ends what nothing else ends; CORRUSS cancels. Everything planned is withdrawn. */
export function applyEnd(followUp: FollowUp, event: Event<'close' | 'cancel'>, turn: Turn): Decision {
  if (followUp.closed) return closedRefusal(followUp);
  const ended = endFollowUp(followUp, turn);
  turn.withdraw('instruction', 'return', 'acceptance');
  if (followUp.state === 'done') turn.task('acceptance', false);
  turn.note(
    'closedByHead',
    { reason: event.reason, before: followUp.state, cancelled: event.kind === 'cancel' },
    event.by,
  );
  return { ...ended, state: 'cancelled', closed: true, acceptanceReminderAt: null };
}

/** A new deadline: undone steps shift by the difference; an extension ends the lateness. */
export function applyMove(followUp: FollowUp, event: Event<'moveDeadline'>, turn: Turn): Decision {
  if (followUp.closed) return closedRefusal(followUp);
  const errors = deadlineErrors(event.deadline, turn.now);
  if (errors.length > 0) return refuse('invalid', 'L’échéance n’est pas recevable.', errors);
  const { deadline } = event;
  if (deadline === followUp.deadline) return { ...followUp, orderedDeadline: deadline };
  const shift = followUp.deadline === null ? 0 : deadline - followUp.deadline;
  turn.note('deadlineMoved', { from: followUp.deadline, to: deadline }, event.by);
  turn.withdraw('deadline', 'late');
  turn.plan('deadline', toAlertBox(followUp), { from: followUp.deadline, deadline });
  return {
    ...followUp,
    deadline,
    orderedDeadline: deadline,
    late: false,
    pausedUntil: movedPause(followUp, deadline),
    steps: followUp.steps.map((step) => (step.status === 'waiting' ? { ...step, after: step.after + shift } : step)),
  };
}

/** A deferral lasts until the deadline, wherever it goes; another pause never outlasts it. */
function movedPause(followUp: FollowUp, deadline: Instant): Instant | null {
  if (followUp.pausedUntil === null) return null;
  return followUp.state === 'deferred' ? deadline : Math.min(followUp.pausedUntil, deadline);
}

/** The officer who rang ticks the call of a ladder step, with who answered and what came of it. */
export function applyCall(followUp: FollowUp, event: Event<'recordCall'>, turn: Turn): Decision {
  if (followUp.closed) return closedRefusal(followUp);
  const step = followUp.steps.find((one) => one.number === event.step);
  if (step?.channel !== 'call') {
    const errors: FieldError[] = [{ pointer: '/step', code: 'unknown', message: 'Aucun appel à cette étape.' }];
    return refuse('invalid', 'Cette étape n’est pas un appel.', errors);
  }
  if (step.status !== 'planned') return refuse('notAllowed', 'Cet appel n’est pas à passer, ou il a déjà été noté.');
  const { answeredBy, outcome, by } = event;
  turn.note('callRecorded', { step: step.number, target: step.target, answeredBy, outcome }, by);
  turn.task('call', false, step.number);
  const steps = followUp.steps.map((one) => (one.number === step.number ? { ...one, status: 'sent' as const } : one));
  return settleSending({ ...followUp, steps }, turn);
}
