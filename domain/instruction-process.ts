import type { Changes } from './changes.ts';
import type { CommandAnswer } from './answers.ts';
import type { Message } from './events.ts';
import { apply, newFollowUp, nextDue as followUpDue } from './follow-up.ts';
import type { FollowUpEvent } from './follow-up-turn.ts';
import { HOUR, type Instant, type Millis } from './instant.ts';
import type { OrganisationId, Terms } from './instruction.ts';
import { settleStatus } from './process-closing.ts';
import { takeMessage } from './process-messages.ts';
import { closeLedger, openLedger, type Ledger } from './process-ledger.ts';
import type { InstructionProcess } from './process.ts';

/** How long a closed instruction listens for a return (shared rules of a follow-up, «Closing»). */
export const LISTENING: Millis = 72 * HOUR;

/** One turn of the loop. */
export interface Step {
  /** The process after the turn; the same object when nothing at all happened. */
  readonly process: InstructionProcess;
  /** What to record in one transaction; null when there is nothing (then `seq` has not moved). */
  readonly changes: Changes | null;
  /** One for each message, in their order: the answer to a command, null for anything else. */
  readonly answers: readonly (CommandAnswer | null)[];
  /** Something was planned, or put-off deliveries are due: dispatch (after recording). */
  readonly dispatch: boolean;
  /** 72 h have passed since closing: this turn is the last; record it, then end. */
  readonly ended: boolean;
}

export interface NewProcess {
  readonly instruction: string;
  readonly number: string;
  readonly terms: Terms;
  readonly releasedAt: Instant;
  readonly recipients: readonly OrganisationId[];
  readonly zoneLeads: Readonly<Record<string, string>>;
}

/** The process at release (turn 1): every recipient awaits its first mail. */
export function newProcess({ recipients, ...release }: NewProcess): InstructionProcess {
  const { instruction, number, terms, releasedAt, zoneLeads } = release;
  return {
    version: 1,
    instruction,
    number,
    terms,
    seq: 1,
    releasedAt,
    status: 'open',
    closedAt: null,
    followUps: recipients.map((organisation) => newFollowUp(organisation, terms, releasedAt)),
    zoneLeads,
    seen: [],
    dispatchAt: null,
    dispatchAttempts: 0,
  };
}

/** The earliest instant at which `step` has something to do without a message; null when nothing ever will. */
export function nextDue(process: InstructionProcess): Instant | null {
  if (process.endedAt !== undefined) return null;
  const due = process.followUps.map(followUpDue);
  if (process.closedAt !== null && process.dispatchAttempts === 0) due.push(process.closedAt + LISTENING);
  const instants = [...due, process.dispatchAt, process.echoesAt ?? null].filter((instant) => instant !== null);
  return instants.length === 0 ? null : instants.reduce((first, one) => Math.min(first, one));
}

/**
 * One turn: takes in the messages in their order, then does what is due at `now`, then closes, re-opens or ends. Pure. Answers
 * come before what is due, so that an answer that arrives with a due instant stops the ladder.
 */
export function step(process: InstructionProcess, messages: readonly Message[], now: Instant): Step {
  const ledger = openLedger(process, now);
  const answers = messages.map((message) => takeMessage(ledger, message));
  doWhatIsDue(ledger);
  settleStatus(ledger, LISTENING);
  const dispatch = takeDispatch(ledger);
  const { process: after, changes } = closeLedger(ledger);
  return {
    process: after,
    changes,
    answers: answers.map((answer) => answer?.(after) ?? null),
    dispatch,
    ended: after.endedAt !== undefined,
  };
}

const DUE: FollowUpEvent = { kind: 'due' };

function doWhatIsDue(ledger: Ledger): void {
  for (const followUp of ledger.followUps.values()) {
    const due = followUpDue(followUp);
    if (due !== null && due <= ledger.now) ledger.take(apply(followUp, DUE, ledger.now, ledger.contextOf(followUp)));
  }
}

/** Whether something is to be sent now: planned in this turn, put off until now, or echoes that have waited long enough. */
function takeDispatch(ledger: Ledger): boolean {
  const { plans } = ledger.outcome();
  const { echoesWithin } = ledger.before.terms;
  const patient = (purpose: string): boolean => purpose === 'echo' && echoesWithin !== undefined;
  const urgent = plans.some(({ purpose }) => !patient(purpose));
  if (echoesWithin !== undefined && plans.length > 0) ledger.echoesAt ??= ledger.now + echoesWithin;
  const putOff = isPast(ledger.dispatchAt, ledger.now);
  if (putOff) ledger.dispatchAt = null;
  const dispatch = urgent || putOff || isPast(ledger.echoesAt, ledger.now);
  // One sending takes everything along that is planned.
  if (dispatch) ledger.echoesAt = null;
  return dispatch;
}

const isPast = (instant: Instant | null, now: Instant): boolean => instant !== null && instant <= now;
