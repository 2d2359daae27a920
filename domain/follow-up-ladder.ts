import { MINUTE, SECOND, type Instant } from './instant.ts';
import type { LadderStep } from './instruction.ts';
import type { FollowUp, StepState } from './follow-up-state.ts';
import { toDesk, type FollowUpContext, type Turn } from './follow-up-turn.ts';

/** The steps of a ladder before the first. */
export const freshSteps = (ladder: readonly LadderStep[]): readonly StepState[] =>
  ladder.map(({ target, channel, after }, index) => ({
    number: index + 1,
    target,
    channel,
    after,
    status: 'waiting',
    at: null,
  }));

export const nextWaiting = (followUp: FollowUp): StepState | undefined =>
  followUp.steps.find((step) => step.status === 'waiting');

/** True while the ladder runs: the follow-up is open, nothing was answered that stops it, and no completion waits. */
export const ladderRuns = (followUp: FollowUp): boolean =>
  !followUp.closed && followUp.state !== 'done' && followUp.pausedUntil === null;

/** When the next undone step is due; null while the ladder stands still or is done. */
export function stepDue(followUp: FollowUp): Instant | null {
  const step = nextWaiting(followUp);
  if (step === undefined || !ladderRuns(followUp)) return null;
  const planned = plannedFor(followUp, step);
  const due = planned === null ? followUp.hastenedAt : Math.min(planned, followUp.hastenedAt ?? planned);
  return due === null ? null : notBefore(followUp, due);
}

/** While a person reads a mail of the organisation its ladder waits (issue «answers by return of mail»: 30 minutes). */
export const notBefore = ({ heldUntil }: FollowUp, due: Instant): Instant =>
  heldUntil === undefined || heldUntil === null ? due : Math.max(due, heldUntil);

/** By its delay; a deadline shortened many times over still never makes two steps in one second. */
function plannedFor({ ladderFrom, ladderStep, steps }: FollowUp, step: StepState): Instant | null {
  if (ladderFrom === null) return null;
  const before = steps.find((one) => one.number === ladderStep)?.at ?? null;
  return before === null ? ladderFrom + step.after : Math.max(ladderFrom + step.after, before + SECOND);
}

/** Half the time that remains, at least 15 minutes (shared rules of a follow-up, «takenInCharge»). */
const LEAST_PAUSE = 15 * MINUTE;

/**
 * Until when an answer stops the ladder: the expiry set by the desk or by default, never past the deadline. Where the deadline
 * has passed already nothing is left to cut it: the answer still stops the ladder.
 */
export function pauseUntil(followUp: FollowUp, { terms }: FollowUpContext, now: Instant): Instant {
  const { deadline } = followUp;
  const left = deadline === null ? 0 : deadline - now;
  const expiry = now + (terms.takenInChargeExpires ?? Math.max(left / 2, LEAST_PAUSE));
  return deadline === null || left <= 0 ? Math.round(expiry) : Math.round(Math.min(expiry, deadline));
}

/**
 * Stops the ladder at once: what is planned and not yet sent is withdrawn, calls not yet made are no longer owed, in the same
 * turn as the answer. (A mail already claimed leaves all the same: its report says so.)
 */
export function stopLadder(followUp: FollowUp, turn: Turn): FollowUp {
  turn.withdraw('ladder');
  const steps = followUp.steps.map((step) => {
    if (step.status !== 'planned') return step;
    if (step.channel === 'call') turn.task('call', false, step.number);
    return { ...step, status: 'passed' as const };
  });
  return { ...followUp, hastenedAt: null, steps };
}

/** The ladder from its first step again, in a new round. */
export const restartLadder = (followUp: FollowUp, from: Instant, { terms }: FollowUpContext): FollowUp => ({
  ...followUp,
  round: followUp.round + 1,
  ladderFrom: from,
  ladderStep: 0,
  steps: freshSteps(terms.ladder),
  hastenedAt: null,
  pausedUntil: null,
  ...withoutHold(followUp),
});

/** Nothing where there never was a hold: records of mailless follow-ups stay as they always were. */
export const withoutHold = ({ heldUntil }: FollowUp): Pick<FollowUp, 'heldUntil'> =>
  heldUntil === undefined ? {} : { heldUntil: null };

/**
 * Does the next undone step, once: passes over those that reach nobody but the recipient, plans a mail or an SMS, or opens
 * the task of a call. When the step was overdue the later ones keep their spacing from now on. After the last step the
 * recipient is unreachable: still open, and the desk is told.
 */
export function doNextStep(followUp: FollowUp, turn: Turn): FollowUp {
  const due = stepDue(followUp);
  let current = keepSpacing(followUp, turn.now);
  for (let step = nextWaiting(current); step !== undefined; step = nextWaiting(current)) {
    if (step.target !== 'zoneArs' || turn.context.zoneLead !== null)
      return announceEnd(doStep(current, step, due, turn), turn);
    current = mark(current, step, 'passed', turn.now);
    turn.note('stepPassed', { step: step.number, target: step.target, channel: step.channel, reason: 'self' });
  }
  return announceEnd(current, turn);
}

/** After an outage: the first overdue step counts as done now, the later ones as far from it as they were meant to be. */
function keepSpacing(followUp: FollowUp, now: Instant): FollowUp {
  const step = nextWaiting(followUp);
  if (step === undefined || followUp.ladderFrom === null) return { ...followUp, hastenedAt: null };
  const overdue = now - (followUp.ladderFrom + step.after);
  return { ...followUp, hastenedAt: null, ladderFrom: followUp.ladderFrom + Math.max(overdue, 0) };
}

function doStep(followUp: FollowUp, step: StepState, due: Instant | null, turn: Turn): FollowUp {
  const { number, target, channel } = step;
  turn.note('stepDone', { step: number, target, channel, due });
  if (channel === 'call') turn.task('call', true, number);
  else turn.plan('ladder', { target, channel, round: followUp.round, step: number });
  // A call makes no delivery whose outcome could start the ladder: where none has, it starts here.
  const ladderFrom = followUp.ladderFrom ?? (channel === 'call' ? turn.now : null);
  return { ...mark(followUp, step, 'planned', turn.now), ladderFrom };
}

export function announceEnd(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.state === 'unreachable' || nextWaiting(followUp) !== undefined) return followUp;
  turn.note('unreachable', { steps: followUp.steps.length });
  turn.plan('unreachable', toDesk(followUp), { deadline: followUp.deadline, late: followUp.late });
  turn.task('unreachable', true);
  return { ...followUp, state: 'unreachable' };
}

export function mark(followUp: FollowUp, step: StepState, status: StepState['status'], at: Instant | null): FollowUp {
  return {
    ...followUp,
    ladderStep: Math.max(followUp.ladderStep, step.number),
    steps: followUp.steps.map((one) => (one.number === step.number ? { ...one, status, at } : one)),
  };
}
