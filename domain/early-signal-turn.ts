import { MACHINE, type Actor } from './actor.ts';
import type { Fact, FactKind } from './changes.ts';
import {
  mailKey,
  type EarlySignal,
  type SignalMail,
  type SignalMailPurpose,
  type SignalWithdrawal,
} from './early-signal.ts';
import type { Instant } from './instant.ts';

/** What one turn writes while it runs; alive only inside `step`. */
export interface SignalTurn {
  readonly now: Instant;
  readonly facts: Fact[];
  readonly plans: SignalMail[];
  readonly withdrawals: SignalWithdrawal[];
  signal: EarlySignal;
}

export function change(turn: SignalTurn, fields: Partial<EarlySignal>): void {
  turn.signal = { ...turn.signal, ...fields };
}

/** A mail to plan, once for each purpose, target and number. */
export function plan(turn: SignalTurn, ...mails: readonly SignalMail[]): void {
  const known = new Set(turn.signal.mails.map((one) => mailKey('', one)));
  const fresh = mails.filter((one) => !known.has(mailKey('', one)));
  turn.plans.push(...fresh);
  change(turn, { mails: [...turn.signal.mails, ...fresh] });
}

/** @param number of the request, 0 for the complete signal; null: whatever the number */
export const withdraw = (
  turn: SignalTurn,
  purposes: readonly SignalMailPurpose[],
  number: SignalWithdrawal['number'] = null,
): void => void turn.withdrawals.push(...purposes.map((purpose) => ({ purpose, number })));

export const isWithdrawn = ({ withdrawals }: SignalTurn, mail: SignalMail): boolean =>
  withdrawals.some(({ purpose, number }) => purpose === mail.purpose && (number === null || number === mail.number));

interface Told {
  readonly by?: Actor;
  readonly at?: Instant;
  readonly data?: Fact['data'];
}

export function tell(turn: SignalTurn, kind: FactKind, { by = MACHINE, at = turn.now, data = {} }: Told): void {
  turn.facts.push({ at, kind, organisation: turn.signal.organisation, actor: by, data });
}
