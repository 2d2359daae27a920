import type { KeyRing } from '../../../config/keys.ts';
import { hashToken, linkToken, replyLocalPart } from '../../../config/tokens.ts';
import type { PlannedDelivery } from '../../../domain/changes.ts';
import type { DeliveryReport } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { newId } from '../../ids.ts';
import type { FoundContact } from './contacts.ts';
import { whoIsOnCall } from './on-call.ts';

export interface DeliveryRow {
  readonly id: string;
  readonly organisation: string;
  readonly purpose: string;
  readonly target: string;
  readonly channel: string;
  readonly step: number;
  readonly round: number;
  readonly addressee: string;
  readonly address: string;
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly message_id: string;
  readonly link_hash: string | null;
  readonly reply_hash: string | null;
}

export interface Mailing {
  readonly keys: KeyRing;
  /** Domain of message ids and reply addresses. */
  readonly mailReplyDomain: string;
}

/** Those who read over a recipient's shoulder: their mails carry neither its reply link nor its reply address. */
const ONLOOKERS: ReadonlySet<string> = new Set(['zoneArs', 'corrussHead', 'desk']);

const NOBODY = { addressee: null, address: null, name: null };

/** The rows to insert for plans that have somebody to go to, and the reports of those that have nobody. */
export function addressPlans(
  plans: readonly PlannedDelivery[],
  contacts: readonly FoundContact[],
  at: Instant,
  mailing: Mailing,
): { readonly rows: readonly DeliveryRow[]; readonly noContact: readonly DeliveryReport[] } {
  const byPlan = new Map(contacts.map((contact) => [contact.n, contact]));
  const rows: DeliveryRow[] = [];
  const noContact: DeliveryReport[] = [];
  plans.forEach((plan, n) => {
    const found = whoIsOnCall(byPlan.get(n) ?? { n, ...NOBODY }, plan.channel, at);
    const { addressee, address, name } = found;
    if (addressee === null || address === null) noContact.push(noContactReport(plan, at, found.nobodyOnDuty));
    else rows.push(rowOf(plan, { addressee, address, name: name ?? '' }, mailing));
  });
  return { rows, noContact };
}

/** @param nobodyOnDuty there is a roster, and nobody on it at that instant */
export function noContactReport(plan: PlannedDelivery, at: Instant, nobodyOnDuty = false): DeliveryReport {
  const { organisation, purpose, step, round } = plan;
  const why = nobodyOnDuty ? { why: 'nobodyOnDuty' as const } : {};
  return { organisation, purpose, step, round, outcome: 'noContact', ...why, at };
}

function rowOf(
  plan: PlannedDelivery,
  contact: { readonly addressee: string; readonly address: string; readonly name: string },
  { keys, mailReplyDomain }: Mailing,
): DeliveryRow {
  const id = newId();
  const answerable = !ONLOOKERS.has(plan.target);
  return {
    id,
    organisation: plan.organisation,
    purpose: plan.purpose,
    target: plan.target,
    channel: plan.channel,
    step: plan.step,
    round: plan.round,
    ...contact,
    detail: plan.detail,
    message_id: `${id}@${mailReplyDomain}`,
    link_hash: answerable ? hashToken(linkToken(keys[0], id)) : null,
    reply_hash: answerable ? hashToken(replyLocalPart(keys[0], id)) : null,
  };
}
