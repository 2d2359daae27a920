import type { Instant, Millis } from './instant.ts';
import type { Reference } from './relation.ts';

/** The nature stated in a message's preamble (seeds/annexe-2-outils-operationnels.txt, «Les messages MINSANTE/CORRUSS»). */
export const NATURES = ['information', 'action', 'diffusion'] as const;
export type Nature = (typeof NATURES)[number];

export const INSTRUCTION_STATUSES = ['draft', 'releasing', 'open', 'closed', 'cancelled'] as const;
export type InstructionStatus = (typeof INSTRUCTION_STATUSES)[number];

/** Deadline classes of the State's emergency message hub (Hub Santé). */
export const DEADLINE_CLASSES = ['DEL0', '30M', '1H', '2H', '4H', '8H', '12H', '24H'] as const;
export type DeadlineClass = (typeof DEADLINE_CLASSES)[number];

export const ACCEPTANCES = ['automatic', 'required'] as const;
export type Acceptance = (typeof ACCEPTANCES)[number];

export const EVIDENCES = ['optional', 'required'] as const;
export type Evidence = (typeof EVIDENCES)[number];

export const LADDER_TARGETS = ['alertBox', 'secondary', 'onCall', 'director', 'zoneArs', 'corrussHead'] as const;
export type LadderTarget = (typeof LADDER_TARGETS)[number];

export const CHANNELS = ['mail', 'sms', 'call'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Whose address a delivery is written to. `sender`: whoever wrote the mail that it answers. */
export type DeliveryTarget = LadderTarget | 'desk' | 'sender';

/** One step of a ladder: `after` milliseconds from the sending of the first mail. */
export interface LadderStep {
  readonly after: Millis;
  readonly target: LadderTarget;
  readonly channel: Channel;
}

export type { OrganisationId } from './organisation-id.ts';

/** What an instruction asks and how long it waits: everything that the follow-up of each recipient needs, fixed at release. */
export interface Terms {
  readonly nature: Nature;
  readonly exercise: boolean;
  /** From sending to the deadline; null where the deadline is absolute or there is none. `DEL0` is 15 minutes. */
  readonly span: Millis | null;
  /** Absolute deadline; null where `span` counts, or where there is none (an information without a term). */
  readonly deadline: Instant | null;
  readonly acknowledgeWithin: Millis | null;
  readonly acceptance: Acceptance;
  readonly evidence: Evidence;
  /** Null: half the time that remains, at least 15 minutes. */
  readonly takenInChargeExpires: Millis | null;
  /** How far after the deadline a deferral may go; null: 24 hours. */
  readonly deferralLimit: Millis | null;
  /** Ordered by `after`; empty for an information. */
  readonly ladder: readonly LadderStep[];
  /** Answers are echoed to the alert box. Absent in instructions released before that rule: their histories replay as recorded. */
  readonly echoes?: true;
  /** Echoes wait this long for others, and leave together. Absent, as above: each leaves at once. */
  readonly echoesWithin?: Millis;
  /** The message that this one amends, cancels or lifts: told so by the workflow once it is released. */
  readonly refersTo?: Reference;
}
