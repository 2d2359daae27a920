import type { SignalMailTarget, SignalUrgency } from './early-signal.ts';
import { DAY, HOUR, MINUTE, type Instant, type Millis } from './instant.ts';

/*
 * The delays of an early signal, as data. No public rule fixes them (`domain.md` of the field gives the classes of the Hub Santé
 * only): they are the desk's, and stand here alone.
 */

interface SignalLadder {
  /** From the first mail to the desk; nobody has acknowledged by then. */
  readonly steps: readonly { readonly after: Millis; readonly target: Exclude<SignalMailTarget, 'alertBox'> }[];
  /** The head is reminded so often from then on, without end: a signal that nobody has read must never fall silent. */
  readonly repeat: Millis;
}

const ladder = (desk: Millis, onCall: Millis, head: Millis, repeat: Millis): SignalLadder => ({
  steps: [
    // The desk's box once more: its officer may have been on the telephone.
    { after: desk, target: 'desk' },
    // Whoever the desk's roster has on duty, by name; passed at once where it has none.
    { after: onCall, target: 'onCall' },
    { after: head, target: 'corrussHead' },
  ],
  repeat,
});

export const SIGNAL_LADDERS: Readonly<Record<SignalUrgency, SignalLadder>> = {
  // «Without delay» is 15 minutes (DEL0), its reminders come at 5, 10 and 15: the desk owes an ARS what it asks of one.
  immediate: ladder(5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
  // Half an hour (class 30M): first reminder at half the time, the head when it is over.
  urgent: ladder(15 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR),
  // Two hours (class 2H): the desk works day and night, so nothing of its own waits for a morning.
  routine: ladder(HOUR, 90 * MINUTE, 2 * HOUR, 4 * HOUR),
};

/** When the step of that number (from 0) comes, counted from the one before it. */
export function stepAfter(urgency: SignalUrgency, step: number): Millis {
  const { steps, repeat } = SIGNAL_LADDERS[urgency];
  const this_ = steps[step];
  return this_ === undefined ? repeat : this_.after - (steps[step - 1]?.after ?? 0);
}

/** Whom the step of that number (from 0) reaches. */
export const stepTarget = (urgency: SignalUrgency, step: number): Exclude<SignalMailTarget, 'alertBox'> =>
  SIGNAL_LADDERS[urgency].steps[step]?.target ?? 'corrussHead';

/** Beyond the last step reminders repeat: one that could not leave is then not followed by the next at once. */
export const isRepeated = (urgency: SignalUrgency, step: number): boolean =>
  step >= SIGNAL_LADDERS[urgency].steps.length;

/** The ARS is reminded of its promise half an hour before: time to write a page, too late to forget it again. */
const REMINDED_BEFORE = 30 * MINUTE;

/** When the ARS is reminded of what it owes; never in the first half of the time that it has. */
export const remindedAt = (askedAt: Instant, dueAt: Instant): Instant =>
  Math.max(dueAt - REMINDED_BEFORE, askedAt + Math.ceil((dueAt - askedAt) / 2));

/** A complete signal promised for later than this is no follow-up of an early one. */
export const LONGEST_PROMISE: Millis = 7 * DAY;

/** An answer to the desk's request, where the desk sets no time: a look into the file and a call. */
export const DETAILS_WITHIN: Millis = HOUR;

/** Requests for details of one signal: beyond, a conference call serves better. */
export const MOST_REQUESTS = 50;

/** Clocks of two machines may differ: an event «known» so far in the future is accepted as known now. */
export const CLOCK_TOLERANCE: Millis = 5 * MINUTE;
