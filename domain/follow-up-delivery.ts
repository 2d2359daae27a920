import type { FactKind } from './changes.ts';
import type { DeliveryReport } from './events.ts';
import { announceEnd, mark } from './follow-up-ladder.ts';
import type { FollowUp, StepState, StepStatus } from './follow-up-state.ts';
import type { Turn } from './follow-up-turn.ts';

/**
 * What became of a delivery. Only the first mail, the mail of a return and the ladder move anything, and only in the round
 * for which they were planned; everything is told in the timeline.
 */
export function applyReport(followUp: FollowUp, report: DeliveryReport, turn: Turn): FollowUp {
  const { purpose, step, round, outcome } = report;
  const current = report.round === followUp.round;
  const where = current && purpose === 'ladder' ? contactOf(followUp, step) : {};
  // The delivery's id lets the recording mark its outcome as told.
  const id = report.delivery === undefined ? {} : { delivery: report.delivery };
  turn.note(factOf(report), {
    ...id,
    purpose,
    step,
    round,
    ...where,
    reason: outcome,
    ...(report.why === undefined ? {} : { why: report.why }),
    ...(current ? {} : { older: true }),
  });
  if (!current) return followUp;
  if (purpose === 'ladder') return ladderReport(followUp, report, turn);
  if (purpose === 'instruction' || purpose === 'return') return firstReport(followUp, report, turn);
  return followUp;
}

function factOf({ purpose, outcome }: DeliveryReport): FactKind {
  if (outcome === 'sent') return 'sent';
  if (outcome === 'withdrawn') return 'deliveryWithdrawn';
  return outcome === 'noContact' && purpose === 'ladder' ? 'stepPassed' : 'deliveryFailed';
}

function contactOf(followUp: FollowUp, number: number): Partial<Pick<StepState, 'target' | 'channel'>> {
  const step = followUp.steps.find((one) => one.number === number);
  return step === undefined ? {} : { target: step.target, channel: step.channel };
}

function firstReport(followUp: FollowUp, { outcome }: DeliveryReport, turn: Turn): FollowUp {
  if (outcome === 'sent') return settleSending(followUp, turn);
  if (outcome === 'withdrawn' || followUp.ladderStep > 0) return followUp;
  return nextAtOnce(followUp, turn);
}

const STEP_OUTCOMES: Readonly<Record<DeliveryReport['outcome'], StepStatus>> = {
  sent: 'sent',
  failed: 'failed',
  noContact: 'passed',
  withdrawn: 'passed',
};

function ladderReport(followUp: FollowUp, { step, outcome }: DeliveryReport, turn: Turn): FollowUp {
  const reported = followUp.steps.find((one) => one.number === step);
  if (reported === undefined || reported.status === 'waiting') return followUp;
  const marked = mark(followUp, reported, STEP_OUTCOMES[outcome], reported.at);
  if (outcome === 'sent') return settleSending(marked, turn);
  // A later step has already been done in its place, or an answer has stopped the ladder: nothing to hurry.
  return outcome === 'withdrawn' || step !== followUp.ladderStep ? marked : nextAtOnce(marked, turn);
}

/** The next contact at once; where nobody is left, the recipient is unreachable. */
export function nextAtOnce(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.closed || followUp.state === 'done' || followUp.pausedUntil !== null) return followUp;
  if (followUp.steps.every((step) => step.status !== 'waiting')) return announceEnd(followUp, turn);
  return { ...followUp, hastenedAt: turn.now };
}

/**
 * The first thing that reached the recipient starts its clock: the ladder and `acknowledgeWithin` count from here, and so
 * does a deadline given as a class, unless the desk has moved it meanwhile.
 */
export function settleSending(followUp: FollowUp, turn: Turn): FollowUp {
  if (followUp.sentAt !== null) return followUp;
  const { now } = turn;
  return awaitAcknowledgement(
    countDeadline(
      {
        ...followUp,
        state: followUp.state === 'pending' ? 'sent' : followUp.state,
        sentAt: now,
        ladderFrom: followUp.ladderFrom ?? now,
      },
      turn,
    ),
    turn,
  );
}

/** A deadline given as a class, which nobody has moved since the release, counts from now. */
function countDeadline(followUp: FollowUp, turn: Turn): FollowUp {
  const { now, context } = turn;
  const { span } = context.terms;
  if (span === null || followUp.returns > 0 || followUp.closed) return followUp;
  if (followUp.deadline !== context.releasedAt + span) return followUp;
  // Deferred before it was ever sent: the date asked for stands.
  if (followUp.state === 'deferred') return followUp;
  if (followUp.late) turn.withdraw('late');
  const deadline = now + span;
  return { ...followUp, deadline, orderedDeadline: deadline, late: false };
}

function awaitAcknowledgement(followUp: FollowUp, { now, context }: Turn): FollowUp {
  const { acknowledgeWithin } = context.terms;
  const owed = followUp.acknowledgedAt === null && !followUp.closed;
  if (acknowledgeWithin === null || !owed) return { ...followUp, acknowledgeAwaited: false, acknowledgeBy: null };
  return { ...followUp, acknowledgeAwaited: true, acknowledgeBy: now + acknowledgeWithin };
}
