import type { KeyRing } from '../config/keys.ts';
import { hashToken, linkToken, replyLocalPart, tokenOf } from '../config/tokens.ts';
import { InvalidAddress } from '../channels/address.ts';
import { compose, type CompiledInstruction, type Outgoing } from '../channels/compose.ts';
import { describeError, type SendOutcome } from '../channels/outcome.ts';
import type { Sender } from '../channels/sender.ts';
import type { Outcome } from '../channels/views.ts';
import type { Database } from '../db/database.ts';
import { renewTokens, type ClaimedDelivery, type FinishedDelivery } from '../db/stores/process/delivery.ts';
import { HOUR, type Instant } from '../domain/instant.ts';

export interface DispatchDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly sender: Sender;
  readonly publicUrl: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** What one call sends from. */
export interface Dispatch {
  readonly deps: DispatchDeps;
  readonly instruction: CompiledInstruction;
  readonly outcomes: readonly Outcome[];
  /** The workflow's time, going on. */
  readonly clock: () => Instant;
}

/**
 * How long a relay may say «later» of one recipient before its mail counts as failed and the ladder goes on: the customary time
 * after which relays warn the sender. A relay that is away altogether is waited for without end.
 */
const PATIENCE = 4 * HOUR;

/** Composes and sends one claimed delivery. Rejects only for trouble of the database. */
export async function sendDelivery(
  dispatch: Dispatch,
  delivery: ClaimedDelivery,
): Promise<{ readonly finished: FinishedDelivery; readonly relayAway: boolean }> {
  const tokens = await tokensOf(dispatch.deps, delivery);
  const composed = composeDelivery(dispatch, delivery, tokens);
  const outcome = 'outcome' in composed ? composed : await dispatch.deps.sender.send(composed);
  return {
    finished: finishSending(delivery, outcome, dispatch.clock()),
    relayAway: outcome.outcome === 'later' && outcome.relayAway,
  };
}

function composeDelivery(dispatch: Dispatch, delivery: ClaimedDelivery, tokens: Tokens): Outgoing | SendOutcome {
  const { deps, instruction, outcomes, clock } = dispatch;
  const context = { ...deps, now: clock(), outcomes };
  return composing(() => compose(instruction, { ...delivery, ...tokens }, context));
}

/** What is to be sent, or that it cannot be. */
export function composing(make: () => Outgoing): Outgoing | SendOutcome {
  try {
    return make();
  } catch (error) {
    // An address that is none, or words that could not be made: trying again would change nothing, the next contact might.
    const words = error instanceof InvalidAddress ? error.message : `not composed: ${describeError(error)}`;
    return { outcome: 'refused', error: words };
  }
}

/** How one claim ended. */
export function finishSending(
  { id, plannedAt }: Pick<ClaimedDelivery, 'id' | 'plannedAt'>,
  outcome: SendOutcome,
  at: Instant,
): FinishedDelivery {
  const ended = { id, at, inDoubt: outcome.outcome === 'doubt' };
  switch (outcome.outcome) {
    case 'sent':
      return { ...ended, status: 'sent', error: null };
    case 'refused':
      return { ...ended, status: 'failed', error: outcome.error };
    case 'doubt':
      return { ...ended, status: 'waiting', error: outcome.error };
    case 'later': {
      const givenUp = !outcome.relayAway && at - plannedAt >= PATIENCE;
      return { ...ended, status: givenUp ? 'failed' : 'waiting', error: outcome.error };
    }
  }
}

interface Tokens {
  readonly linkToken: string | null;
  readonly replyLocal: string | null;
}

/** The tokens behind the stored hashes, made again; new ones where the key that made them has been dropped. */
async function tokensOf({ keys, database }: DispatchDeps, delivery: ClaimedDelivery): Promise<Tokens> {
  const { id, linkHash, replyHash } = delivery;
  const link = linkHash === null ? null : tokenOf(keys, linkToken, id, linkHash);
  const reply = replyHash === null ? null : tokenOf(keys, replyLocalPart, id, replyHash);
  if (link !== undefined && reply !== undefined) return { linkToken: link, replyLocal: reply };
  const renewed = { linkToken: link ?? linkToken(keys[0], id), replyLocal: reply ?? replyLocalPart(keys[0], id) };
  await renewTokens(database.sql, id, {
    link_hash: hashToken(renewed.linkToken),
    reply_hash: hashToken(renewed.replyLocal),
  });
  return renewed;
}
