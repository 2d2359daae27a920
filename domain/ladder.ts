import { spanOf } from './deadline.ts';
import { SECOND, type Millis } from './instant.ts';
import type { Channel, DeadlineClass, LadderStep, LadderTarget } from './instruction.ts';

/** One step of the default ladder, for a deadline of 15 minutes, with the reason of its delay. */
interface DefaultStep {
  /** Minutes after the sending for DEL0. */
  readonly minutes: number;
  readonly target: LadderTarget;
  readonly channel: Channel;
  readonly reason: string;
}

/**
 * The delays of DEL0 (shared rules of a follow-up, «Ladder»: 5, 10, 15, 20, 30, 45 minutes for a deadline of 15); those of
 * the other classes keep the same proportion, so that the first reminder comes at a third of the time: never later than half.
 */
const DEFAULT_STEPS: readonly DefaultStep[] = [
  {
    minutes: 5,
    target: 'alertBox',
    channel: 'mail',
    reason: 'a third of the time: the mail was overlooked, two thirds are left to act',
  },
  {
    minutes: 10,
    target: 'secondary',
    channel: 'mail',
    reason: 'two thirds: the alert box is not being read, a third is left for whoever reads the second address',
  },
  {
    minutes: 15,
    target: 'onCall',
    channel: 'mail',
    reason: 'the deadline itself: whoever is on call answers for the agency outside office hours',
  },
  {
    minutes: 20,
    target: 'director',
    channel: 'mail',
    reason: 'a third late: the person on call had as long as each box before, now the agency itself is silent',
  },
  {
    minutes: 30,
    target: 'zoneArs',
    channel: 'mail',
    reason: 'twice the time: help from outside, twice the usual gap because a director must be woken first',
  },
  {
    minutes: 45,
    target: 'corrussHead',
    channel: 'mail',
    reason: 'three times the time: nobody answers, the head of desk decides (a conference may be convened)',
  },
];

const DEL0_MINUTES = 15;

/** A default ladder's step, with why it comes when it does. */
export interface ReasonedStep extends LadderStep {
  readonly reason: string;
}

/**
 * The ladder for a deadline class, or for the time (in milliseconds) left until an absolute deadline. Delays are whole
 * seconds, at least one apart: even a deadline a moment away never makes two mails at once.
 */
export function defaultLadder(time: DeadlineClass | Millis): readonly ReasonedStep[] {
  const span = typeof time === 'number' ? time : spanOf(time);
  let earliest = SECOND;
  return DEFAULT_STEPS.map(({ minutes, target, channel, reason }) => {
    const proportional = Math.floor((span * minutes) / DEL0_MINUTES / SECOND) * SECOND;
    const after = Math.max(proportional, earliest);
    earliest = after + SECOND;
    return { after, target, channel, reason };
  });
}
