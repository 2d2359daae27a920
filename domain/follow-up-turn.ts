import type { Fact, FactKind, PlannedDelivery, TaskChange, TaskKind, Withdrawal } from './changes.ts';
import { MACHINE, type Actor, type DeliveryPurpose, type DeliveryReport } from './events.ts';
import type { FieldError } from './field-error.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { Instant } from './instant.ts';
import type { Channel, DeliveryTarget, OrganisationId, Terms } from './instruction.ts';
import type { MailNotice, MailTaken } from './mail-notice.ts';
import type { Refusal, RefusalCode } from './answers.ts';
import type { ReplyInput, ReplyKind } from './reply-kinds.ts';
import type { SupportUrgency } from './support.ts';

/** Everything that can happen to a follow-up. `due`: nothing came, but an instant did. */
export type FollowUpEvent =
  | { readonly kind: 'reply'; readonly reply: ReplyInput }
  | { readonly kind: 'return'; readonly reason: string; readonly deadline?: Instant; readonly by: Actor }
  | { readonly kind: 'accept'; readonly by: Actor }
  | { readonly kind: 'close'; readonly reason: string; readonly by: Actor }
  | { readonly kind: 'moveDeadline'; readonly deadline: Instant; readonly by: Actor }
  | {
      readonly kind: 'recordCall';
      readonly step: number;
      readonly answeredBy: string;
      readonly outcome: string;
      readonly by: Actor;
    }
  | {
      readonly kind: 'askSupport';
      readonly reason: string;
      /** E.164. */
      readonly phone?: string;
      /** Absent: normal. */
      readonly urgency?: SupportUrgency;
      readonly by: Actor;
    }
  | {
      readonly kind: 'recordSupport';
      /** Number of the request, from 1. */
      readonly request: number;
      readonly answeredBy: string;
      readonly outcome: string;
      readonly by: Actor;
    }
  | { readonly kind: 'cancel'; readonly reason: string; readonly by: Actor }
  | { readonly kind: 'report'; readonly report: DeliveryReport }
  | { readonly kind: 'mail'; readonly notice: MailNotice }
  | { readonly kind: 'mailTaken'; readonly notice: MailNotice; readonly taken: MailTaken }
  | { readonly kind: 'mailClassified'; readonly mail: string; readonly answer: ReplyKind | null; readonly by: Actor }
  | { readonly kind: 'due' };

/** What a follow-up needs to know of its instruction. */
export interface FollowUpContext {
  readonly terms: Terms;
  readonly releasedAt: Instant;
  /** The lead of the recipient's zone; null when it leads it itself (or has none): a `zoneArs` step is then passed. */
  readonly zoneLead: OrganisationId | null;
  /** The number of the turn under way: tells deliveries of the same purpose apart. */
  readonly seq: number;
}

/** What an event asks to be recorded and done. Withdrawals come before plans. */
export interface Effects {
  readonly facts: readonly Fact[];
  readonly plans: readonly PlannedDelivery[];
  readonly withdrawals: readonly Withdrawal[];
  readonly tasks: readonly TaskChange[];
}

/** A follow-up after an event, or why the event was refused. */
export type Applied = { readonly followUp: FollowUp; readonly effects: Effects } | { readonly refusal: Refusal };

/** What one event does while it is applied: its context and the pen that notes its effects. */
export interface Turn {
  readonly now: Instant;
  readonly context: FollowUpContext;
  note(kind: FactKind, data?: Readonly<Record<string, unknown>>, actor?: Actor): void;
  /** A delivery of one ladder step, or (step omitted) of the turn. */
  plan(purpose: DeliveryPurpose, to: Recipient, detail?: Readonly<Record<string, unknown>>): void;
  /** Withdraws what was planned before, in this turn too. */
  withdraw(...purposes: readonly DeliveryPurpose[]): void;
  task(kind: TaskKind, open: boolean, step?: number, how?: Pick<TaskChange, 'urgent'>): void;
}

/** Where a delivery goes and for which round and step of its follow-up. */
export interface Recipient {
  readonly target: DeliveryTarget;
  readonly channel: Channel;
  readonly round: number;
  readonly step?: number;
}

export const toDesk = (followUp: FollowUp): Recipient => ({ target: 'desk', channel: 'mail', round: followUp.round });
export const toAlertBox = (followUp: FollowUp): Recipient => ({
  target: 'alertBox',
  channel: 'mail',
  round: followUp.round,
});

/** Opens the turn of one follow-up; `effects` fills while the event is applied. */
export function openTurn(
  organisation: OrganisationId,
  now: Instant,
  context: FollowUpContext,
): { turn: Turn; effects: Effects } {
  const facts: Fact[] = [];
  const plans: PlannedDelivery[] = [];
  const withdrawals: Withdrawal[] = [];
  const tasks: TaskChange[] = [];
  const turn: Turn = {
    now,
    context,
    note: (kind, data = {}, actor = MACHINE) => void facts.push({ at: now, kind, organisation, actor, data }),
    plan: (purpose, { target, channel, round, step = context.seq }, detail = {}) =>
      void plans.push({ organisation, purpose, target, channel, step, round, detail }),
    withdraw: (...purposes) => {
      withdrawals.push({ organisation, purposes });
      const kept = plans.filter((plan) => !purposes.includes(plan.purpose));
      plans.splice(0, plans.length, ...kept);
    },
    task: (kind, open, step = 0, how = {}) => void tasks.push({ kind, organisation, step, open, ...how }),
  };
  return { turn, effects: { facts, plans, withdrawals, tasks } };
}

/** A refusal is a value, never thrown. */
export const refuse = (code: RefusalCode, detail: string, errors?: readonly FieldError[]): { refusal: Refusal } => ({
  refusal: errors === undefined ? { code, detail } : { code, detail, errors },
});

export type Decision = FollowUp | { readonly refusal: Refusal };

export const isRefusal = (decision: Decision): decision is { readonly refusal: Refusal } => 'refusal' in decision;
