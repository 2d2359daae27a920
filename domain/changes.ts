import type { Actor, DeliveryPurpose } from './events.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { Instant } from './instant.ts';
import type { Channel, DeliveryTarget, InstructionStatus, OrganisationId } from './instruction.ts';
import type { InstructionProcess } from './process.ts';
import type { ReplyInput } from './reply-kinds.ts';

/** A fact for the audit and the timeline. `data` is small JSON without health data; `domain/timeline.ts` puts it into words. */
export interface Fact {
  readonly at: Instant;
  readonly kind: FactKind;
  readonly organisation: OrganisationId | null;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

export const FACT_KINDS = [
  'drafted',
  'edited',
  'draftDeleted',
  'released',
  'sent',
  'deliveryFailed',
  'stepDone',
  'stepPassed',
  'replied',
  'replyRefused',
  'rubbishReceived',
  'pauseEnded',
  'acknowledgementMissed',
  'deadlinePassed',
  'unreachable',
  'returned',
  'accepted',
  'closedByHead',
  'deadlineMoved',
  'acceptanceAwaited',
  'callRecorded',
  'supportAsked',
  'supportGiven',
  'deliveryWithdrawn',
  'recordedAgain',
  'turnRecorded',
  'historyArchived',
  'closed',
  'superseded',
  'reopened',
  'ended',
  'mailReceived',
  'mailUnclear',
  'mailClassified',
  'mailAutomatic',
  'deletedUnread',
  'outOfOffice',
  'bounced',
  'crisisOpened',
  'crisisChanged',
  'crisisClosed',
  'contactReported',
  'contactsChanged',
  'partnersChanged',
  'sitesImported',
  'relayStarted',
  'relayResent',
  'relayEnded',
  'dutyChanged',
  'surveyDrafted',
  'surveyScheduled',
  'surveyOpened',
  'surveyReminded',
  'surveyMailReturned',
  'surveyContactCorrected',
  'surveyAnswered',
  'surveyFileRefused',
  'surveyComplete',
  'surveyMoved',
  'surveyClosed',
  'surveyReopened',
  'surveyCancelled',
  'surveyValidationEnded',
  'surveyEnded',
  'surveyValidated',
  'surveyReturned',
  'surveyUnlocked',
  'surveyAccepted',
  'surveyPublished',
  'surveyLoadAccepted',
  'surveyReuseOffered',
  'surveyThresholdCrossed',
  'surveyThresholdBack',
  'surveyThresholdNoted',
  'surveyFormCreated',
  'surveyFormChanged',
  'surveyFormVersionOpened',
  'surveyFormPublished',
  'surveySeriesCreated',
  'surveySeriesChanged',
  'surveySeriesPaused',
  'surveySeriesResumed',
  'surveySeriesEnded',
  'surveySeriesOpened',
  'surveySeriesSkipped',
  'surveySeriesRefused',
  'surveySeriesNoted',
  'signalRaised',
  'signalAcknowledged',
  'signalReminded',
  'signalCompleted',
  'signalDue',
  'signalLate',
  'signalDetailsAsked',
  'signalDetailsGiven',
  'signalClosed',
  'signalWithdrawn',
  'signalMailSent',
  'signalMailFailed',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** A delivery to plan. The recording transaction looks the address up; where there is none it reports `noContact`. */
export interface PlannedDelivery {
  /** Whom the follow-up is about; `CORRUSS` for the result of the whole. */
  readonly organisation: OrganisationId;
  readonly purpose: DeliveryPurpose;
  readonly target: DeliveryTarget;
  readonly channel: Channel;
  /** The ladder's step, 0 for the first mail, else the turn (`seq`) that planned it. */
  readonly step: number;
  readonly round: number;
  /** What its words need (a reason, a deadline); never an address. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Planned deliveries made needless: of one organisation, of these purposes (all steps), unless already claimed.
 * Withdrawals are applied before the plans of the same turn: they never reach those.
 */
export interface Withdrawal {
  readonly organisation: OrganisationId;
  readonly purposes: readonly DeliveryPurpose[];
}

export const TASK_KINDS = ['refused', 'unreachable', 'acceptance', 'call', 'support'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface TaskChange {
  readonly kind: TaskKind;
  readonly organisation: OrganisationId;
  /** The ladder step of a `call`, the number of a `support`, else 0. */
  readonly step: number;
  readonly open: boolean;
  /** Of a `support`: it stands before all else. */
  readonly urgent?: true;
}

/** The fields of a follow-up that a turn changed; `steps` by number where only their status moved. `gone`: fields taken away. */
export interface FollowUpPatch {
  readonly [field: string]: unknown;
  readonly gone?: readonly string[];
}

/** One patch and everybody to whom it happened: eighteen first mails of one turn are told once. */
export type PatchOfMany = readonly [readonly OrganisationId[], FollowUpPatch];

/**
 * What a turn did to the state, so that the audit alone rebuilds it: the difference from the turn before or, where `whole`
 * is there (release, recording over lost turns), all of it.
 */
export interface TurnRecord {
  readonly whole?: Pick<InstructionProcess, 'number' | 'terms' | 'releasedAt' | 'zoneLeads' | 'supersededBy'>;
  readonly endedAt?: number;
  readonly followUps: readonly PatchOfMany[];
}

/** What one turn of the loop decided, recorded in one transaction: idempotent by (instruction, seq). */
export interface Changes {
  readonly instruction: string;
  readonly seq: number;
  readonly at: Instant;
  readonly status: InstructionStatus;
  /** When the last follow-up closed; null while one is open. */
  readonly closedAt: Instant | null;
  /** Every follow-up changed in this turn, whole. */
  readonly followUps: readonly FollowUp[];
  readonly facts: readonly Fact[];
  readonly replies: readonly { readonly at: Instant; readonly reply: ReplyInput }[];
  readonly plans: readonly PlannedDelivery[];
  readonly withdrawals: readonly Withdrawal[];
  readonly tasks: readonly TaskChange[];
  /** What the turn did to the state, for the audit. */
  readonly turn: TurnRecord;
  /** SHA-256 (hex) of the whole process after this turn, in canonical form: a database that is ahead of its workflow is noticed. */
  readonly fingerprint: string;
}
