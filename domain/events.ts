import type { Actor } from './actor.ts';
import type { DeliveryPurpose } from './delivery-purposes.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import type { MailNotice } from './mail-notice.ts';
import type { Supersession } from './relation.ts';
import type { ReplyInput } from './reply-kinds.ts';
import type { SupportUrgency } from './support.ts';

export { MACHINE, type Actor } from './actor.ts';
export { DELIVERY_PURPOSES, type DeliveryPurpose } from './delivery-purposes.ts';

/** What became of a planned delivery. `noContact`: there was nobody to send it to, known when it was to be planned. */
export const DELIVERY_OUTCOMES = ['sent', 'failed', 'noContact', 'withdrawn'] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

export interface DeliveryReport {
  /** Absent for `noContact`: no delivery was planned. */
  readonly delivery?: string;
  readonly organisation: OrganisationId;
  readonly purpose: DeliveryPurpose;
  /** Which delivery of its purpose: the step's number for the first mail (0) and the ladder, else the turn (`seq`) that planned it. */
  readonly step: number;
  /** The round (`FollowUp.round`) for which it was planned: a report from an older round moves nothing. */
  readonly round: number;
  readonly outcome: DeliveryOutcome;
  /** Why there was no contact, where more is known than that: the roster has nobody on duty. */
  readonly why?: 'nobodyOnDuty';
  readonly at: Instant;
}

/** Every act of a person (or another system) upon an instruction in progress. */
export type Command =
  | { readonly kind: 'reply'; readonly reply: ReplyInput }
  | {
      readonly kind: 'return';
      readonly organisation: OrganisationId;
      readonly reason: string;
      readonly deadline?: Instant;
      readonly by: Actor;
    }
  | { readonly kind: 'accept'; readonly organisation: OrganisationId; readonly by: Actor }
  | { readonly kind: 'close'; readonly organisation: OrganisationId; readonly reason: string; readonly by: Actor }
  | {
      readonly kind: 'moveDeadline';
      readonly organisations: readonly OrganisationId[] | 'all';
      readonly deadline: Instant;
      readonly by: Actor;
    }
  | {
      readonly kind: 'recordCall';
      readonly organisation: OrganisationId;
      readonly step: number;
      readonly answeredBy: string;
      readonly outcome: string;
      readonly by: Actor;
    }
  | {
      readonly kind: 'askSupport';
      readonly organisation: OrganisationId;
      readonly reason: string;
      /** E.164. */
      readonly phone?: string;
      /** Absent: normal. */
      readonly urgency?: SupportUrgency;
      readonly by: Actor;
    }
  | {
      readonly kind: 'recordSupport';
      readonly organisation: OrganisationId;
      /** Number of the request, from 1. */
      readonly request: number;
      readonly answeredBy: string;
      readonly outcome: string;
      readonly by: Actor;
    }
  | {
      readonly kind: 'classifyMail';
      readonly organisation: OrganisationId;
      /** Id of the stored mail. */
      readonly mail: string;
      /** What the officer read in it, on behalf of the organisation; null: no answer. */
      readonly reply: ReplyInput | null;
      readonly by: Actor;
    };

/**
 * Something that a turn of the loop takes in; `at` is the workflow's clock when it came. A rejected signal is kept as
 * rubbish: audited, never obeyed. For the workflow:
 * - `delivery`: one report (a `noContact` of the recording transaction);
 * - `dispatched`: the whole outcome of one `dispatchInstruction`, its reports and how many deliveries were put off. The
 *   domain then sets `dispatchAt` (5 s, 15 s, 30 s, then 60 s) or clears it; `Step.dispatch` says when to dispatch again.
 */
export type Message =
  | { readonly kind: 'command'; readonly at: Instant; readonly command: Command }
  | { readonly kind: 'delivery'; readonly at: Instant; readonly report: DeliveryReport }
  | { readonly kind: 'mail'; readonly at: Instant; readonly notice: MailNotice }
  | { readonly kind: 'superseded'; readonly at: Instant; readonly by: Supersession }
  | {
      readonly kind: 'dispatched';
      readonly at: Instant;
      readonly waiting: number;
      readonly reports: readonly DeliveryReport[];
    }
  | {
      readonly kind: 'rubbish';
      readonly at: Instant;
      readonly door: string;
      readonly errors: readonly string[];
      readonly base64: string;
    };
