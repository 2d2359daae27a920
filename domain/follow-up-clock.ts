import { doNextStep, nextWaiting, restartLadder, stepDue } from './follow-up-ladder.ts';
import type { FollowUp } from './follow-up-state.ts';
import { toDesk, type Turn } from './follow-up-turn.ts';
import type { Instant } from './instant.ts';

/** The deadline that still has to pass: not once late, not for what is done or closed. */
const deadlineDue = (followUp: FollowUp): Instant | null =>
  followUp.closed || followUp.late || followUp.state === 'done' ? null : followUp.deadline;

/** The earliest instant at which something is due by itself; null when only a message can move the follow-up. */
export function nextDue(followUp: FollowUp): Instant | null {
  if (followUp.closed) return null;
  const due = [
    deadlineDue(followUp),
    followUp.pausedUntil,
    followUp.acknowledgeBy,
    followUp.acceptanceReminderAt,
    stepDue(followUp),
  ].filter((instant) => instant !== null);
  return due.length === 0 ? null : Math.min(...due);
}

/** Does all that is due now, at most one step of the ladder. */
export function applyDue(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.closed) return followUp;
  const awaited = missAcknowledgement(followUp, turn);
  const dated = passDeadline(awaited, turn);
  const resumed = endPause(dated, turn);
  const reminded = remindAcceptance(resumed, turn);
  const due = stepDue(reminded);
  return due !== null && due <= turn.now ? doNextStep(reminded, turn) : reminded;
}

/** No reply of any kind in time: the first undone step is done now. */
function missAcknowledgement(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.acknowledgeBy === null || followUp.acknowledgeBy > turn.now) return followUp;
  turn.note('acknowledgementMissed', { due: followUp.acknowledgeBy });
  const hastenedAt = nextWaiting(followUp) === undefined ? followUp.hastenedAt : turn.now;
  return { ...followUp, acknowledgeAwaited: false, acknowledgeBy: null, hastenedAt };
}

/** Late: the desk is told, and a paused ladder goes on. An information ends here: who has not read it is on the list. */
export function passDeadline(followUp: FollowUp, turn: Turn): FollowUp {
  const due = deadlineDue(followUp);
  if (due === null || due > turn.now) return followUp;
  const { nature } = turn.context.terms;
  turn.note('deadlinePassed', { deadline: due, state: followUp.state, nature });
  if (nature === 'information') return endUnread(followUp, turn);
  turn.plan('late', toDesk(followUp), { deadline: due, state: followUp.state, percent: followUp.percent });
  return { ...followUp, late: true, pausedUntil: followUp.pausedUntil === null ? null : turn.now };
}

function endUnread(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.state === 'unreachable') turn.task('unreachable', false);
  return { ...followUp, late: true, closed: true, acknowledgeAwaited: false, acknowledgeBy: null, pausedUntil: null };
}

/** The answer has expired: the ladder goes on at its next undone step; after a deferral, at its first. */
function endPause(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.closed || followUp.pausedUntil === null || followUp.pausedUntil > turn.now) return followUp;
  turn.note('pauseEnded', { state: followUp.state });
  const restarted = followUp.state === 'deferred' ? restartLadder(followUp, turn.now, turn.context) : followUp;
  return resume({ ...restarted, pausedUntil: null }, turn);
}

/** Goes on with a step now; where none is left there is nobody more to turn to. */
function resume(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.steps.length === 0) return followUp;
  return nextWaiting(followUp) === undefined ? doNextStep(followUp, turn) : { ...followUp, hastenedAt: turn.now };
}

function remindAcceptance(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.acceptanceReminderAt === null || followUp.acceptanceReminderAt > turn.now) return followUp;
  turn.plan('acceptance', toDesk(followUp), { doneAt: followUp.doneAt });
  turn.note('acceptanceAwaited', { reminder: true, doneAt: followUp.doneAt });
  return { ...followUp, acceptanceReminderAt: null };
}
