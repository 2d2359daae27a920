import type { FactKind } from './changes.ts';
import { MACHINE, type Actor } from './events.ts';
import { apply } from './follow-up.ts';
import type { Millis } from './instant.ts';
import { CORRUSS } from './organisation.ts';
import type { Ledger } from './process-ledger.ts';
import { SUPERSEDED_WORDS, type Supersession } from './relation.ts';

/** Closes the instruction with its last follow-up, re-opens it with a return, ends it when it has listened long enough. */
export function settleStatus(ledger: Ledger, listening: Millis): void {
  const open = [...ledger.followUps.values()].filter((one) => !one.closed).length;
  if (ledger.status === 'open' && open === 0) close(ledger);
  else if (ledger.status === 'closed' && open > 0) reopen(ledger);
  else if (ledger.status !== 'open' && hasListened(ledger, listening)) end(ledger);
}

function close(ledger: Ledger): void {
  ledger.status = 'closed';
  ledger.closedAt = ledger.now;
  const result = resultOf(ledger);
  note(ledger, 'closed', result);
  tellResult(ledger, result);
}

/**
 * Another message has amended, cancelled or lifted this one: every open follow-up ends, whatever it was waiting for. What was closed
 * before stays as it was answered; an instruction that was already closed stays closed.
 */
export function supersede(ledger: Ledger, by: Supersession): void {
  if (ledger.supersededBy !== null || ledger.endedAt !== null) return;
  ledger.supersededBy = by;
  const open = [...ledger.followUps.values()].filter((one) => !one.closed);
  const reason = `${SUPERSEDED_WORDS[by.relation]} ${by.number}`;
  for (const one of open)
    ledger.take(apply(one, { kind: 'cancel', reason, by: by.by }, ledger.now, ledger.contextOf(one)));
  for (const { organisation, state } of ledger.followUps.values()) {
    if (state === 'refused') ledger.task({ kind: 'refused', organisation, step: 0, open: false });
  }
  const { instruction, number, relation } = by;
  note(ledger, 'superseded', { instruction, number, relation, stopped: open.length }, by.by);
  if (open.length === 0) return;
  ledger.status = 'cancelled';
  ledger.closedAt = ledger.now;
  tellResult(ledger, { ...resultOf(ledger), number, relation });
}

function tellResult(ledger: Ledger, result: Readonly<Record<string, unknown>>): void {
  ledger.plan({
    organisation: CORRUSS,
    purpose: 'result',
    target: 'desk',
    channel: 'mail',
    step: ledger.seq,
    round: 0,
    detail: result,
  });
}

function reopen(ledger: Ledger): void {
  ledger.status = 'open';
  ledger.closedAt = null;
  ledger.withdraw({ organisation: CORRUSS, purposes: ['result'] });
  note(ledger, 'reopened', {});
}

/** While deliveries wait for the relay the instruction does not end: they would never leave. */
const hasListened = ({ closedAt, now, dispatchAttempts, endedAt }: Ledger, listening: Millis): boolean =>
  closedAt !== null && endedAt === null && dispatchAttempts === 0 && now >= closedAt + listening;

/**
 * A refusal that nobody returned in time has been taken note of: its task ends with the instruction. A call for support that nobody
 * made has not: its task stays until a person closes it (ADR 0028).
 */
function end(ledger: Ledger): void {
  ledger.endedAt = ledger.now;
  for (const { organisation, state } of ledger.followUps.values()) {
    if (state === 'refused') ledger.task({ kind: 'refused', organisation, step: 0, open: false });
  }
  note(ledger, 'ended', {});
}

/** Counts by state, who was late, and for an information who has not read. */
function resultOf(ledger: Ledger): Readonly<Record<string, unknown>> {
  const followUps = [...ledger.followUps.values()];
  const states: Record<string, number> = {};
  for (const { state } of followUps) states[state] = (states[state] ?? 0) + 1;
  const late = followUps.filter((one) => one.late).map((one) => one.organisation);
  if (ledger.before.terms.nature !== 'information') return { states, late };
  return { states, unread: followUps.filter((one) => one.state !== 'read').map((one) => one.organisation) };
}

function note(ledger: Ledger, kind: FactKind, data: Readonly<Record<string, unknown>>, actor: Actor = MACHINE): void {
  ledger.facts.push({ at: ledger.now, kind, organisation: null, actor, data });
}
