import type { Declared } from './declared.ts';
import type { Channel, LadderTarget, OrganisationId } from './instruction.ts';
import type { Instant, Millis } from './instant.ts';
import type { ReplyKind } from './reply-kinds.ts';

export const RECIPIENT_STATES = [
  'pending',
  'sent',
  'received',
  'read',
  'takenInCharge',
  'inProgress',
  'done',
  'accepted',
  'refused',
  'deferred',
  'unreachable',
  'cancelled',
] as const;
export type RecipientState = (typeof RECIPIENT_STATES)[number];

export const STEP_STATUSES = ['waiting', 'planned', 'sent', 'failed', 'passed'] as const;
/** `waiting` until due; `planned` once its delivery is planned; then what became of it. `passed`: no contact, the recipient itself, or needless. */
export type StepStatus = (typeof STEP_STATUSES)[number];

export interface StepState {
  /** 1-based; step 0 is the first mail. */
  readonly number: number;
  readonly target: LadderTarget;
  readonly channel: Channel;
  /** Counted from `ladderFrom`. */
  readonly after: Millis;
  readonly status: StepStatus;
  /** When it was done (planned, passed); null while waiting. A `call` stays `planned` until it is recorded (`sent`). */
  readonly at: Instant | null;
}

export interface LastReply {
  readonly kind: ReplyKind;
  readonly at: Instant;
  readonly percent: number | null;
  readonly comment: string | null;
  readonly from: string;
  readonly channel: string;
}

/** What a recipient last declared to have relayed by its own means, and when it said so. */
export type LastDeclared = Declared & { readonly at: Instant };

/** The follow-up of one recipient: a plain record, changed only by the pure functions of follow-up.ts. */
export interface FollowUp {
  readonly organisation: OrganisationId;
  readonly state: RecipientState;
  /** Recipients closed for good or for counting: done (automatic), accepted, refused, cancelled; information: read. */
  readonly closed: boolean;
  readonly percent: number | null;
  readonly late: boolean;
  readonly deadline: Instant | null;
  /** The deadline as the desk last set it: deferrals are limited from here, so that they cannot be chained without end. */
  readonly orderedDeadline: Instant | null;
  /** From the (re)start of the clock to the deadline first given: what a return without a deadline grants again. */
  readonly span: Millis | null;
  readonly sentAt: Instant | null;
  /** First reply of any kind since the clock (re)started. */
  readonly acknowledgedAt: Instant | null;
  /** False once `acknowledgeWithin` has passed without a reply and its step was done. */
  readonly acknowledgeAwaited: boolean;
  /** When `acknowledgeWithin` passes; null once met, passed, or before the first mail is sent. */
  readonly acknowledgeBy: Instant | null;
  readonly returns: number;
  /** How often the ladder started again (return, end of a deferral): told apart in deliveries and their reports. */
  readonly round: number;
  /** The instant from which the ladder's `after` count; null until the first mail is sent, or while there is no ladder. */
  readonly ladderFrom: Instant | null;
  /** Number of the last step done (planned or passed); 0 before the first. */
  readonly ladderStep: number;
  readonly steps: readonly StepState[];
  /** The ladder is stopped until then (taken in charge, progress, deferral); null when it runs. */
  readonly pausedUntil: Instant | null;
  /** The next undone step is due at this instant whatever its `after` (a mail failed, a pause ended); null otherwise. */
  readonly hastenedAt: Instant | null;
  /** When `done` was said; the ARS may take it back for 30 minutes. */
  readonly doneAt: Instant | null;
  /** Next reminder to the desk that an acceptance waits; null when none. */
  readonly acceptanceReminderAt: Instant | null;
  readonly lastReply: LastReply | null;
  /** Of a «pour diffusion»: the last declaration counts, whatever was said after it without one. */
  readonly declared?: LastDeclared;
  /** A person reads a mail of the organisation: the ladder does nothing before this instant. */
  readonly heldUntil?: Instant | null;
  /** Requests for support: how many, and the numbers of those that wait for a call. */
  readonly supports?: { readonly asked: number; readonly open: readonly number[] };
  /** Mails answered with what was understood of them: how many, and when the last one. */
  readonly mailAnswers?: { readonly count: number; readonly at: Instant };
}
