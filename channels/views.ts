import type { DeliveryPurpose } from '../domain/events.ts';
import type { FollowUp } from '../domain/follow-up-state.ts';
import type { Channel, DeliveryTarget, OrganisationId } from '../domain/instruction.ts';
import type { Instant } from '../domain/instant.ts';

/** Bytes of attachments, all together, that still travel in the mail; beyond, they are links. */
export const INLINE_LIMIT = 5_000_000;

export interface OrganisationView {
  readonly id: OrganisationId;
  readonly name: string;
  /** IANA. */
  readonly timeZone: string;
}

/** One delivery with all that its words need. */
export interface DeliveryView {
  readonly id: string;
  readonly purpose: DeliveryPurpose;
  readonly target: DeliveryTarget;
  readonly channel: Channel;
  readonly step: number;
  /** Whom the follow-up is about; CORRUSS for the result. */
  readonly about: OrganisationView;
  /** Who is written to: itself, its zone lead, CORRUSS. */
  readonly addressee: OrganisationView;
  readonly address: string;
  readonly addressName: string;
  readonly messageId: string;
  /** The follow-up as recorded now; null for the result. */
  readonly followUp: FollowUp | null;
  /** As planned by the process: a reason, a deadline… */
  readonly detail: Readonly<Record<string, unknown>>;
  /** Token of the reply link; null where the mail carries none. */
  readonly linkToken: string | null;
  /** Local part of the reply address; null where the mail carries none. */
  readonly replyLocal: string | null;
}

/** Every recipient in one line each: what the result shows. */
export interface Outcome {
  readonly organisation: OrganisationView;
  readonly followUp: FollowUp;
}

export interface ComposeContext {
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
  /** The workflow's time. */
  readonly now: Instant;
  /** Filled for a `result` only. */
  readonly outcomes: readonly Outcome[];
}
