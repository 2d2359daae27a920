import { MACHINE } from './actor.ts';
import { DISPATCH_DELAYS } from './dispatch-delays.ts';
import {
  mailKey,
  type AwaitedOfArs,
  type EarlySignal,
  type SignalAnswer,
  type SignalChanges,
  type SignalMailReport,
  type SignalMessage,
} from './early-signal.ts';
import { takeCommand } from './early-signal-commands.ts';
import { isRepeated, remindedAt, stepAfter, stepTarget } from './early-signal-delays.ts';
import { change, isWithdrawn, plan, tell, type SignalTurn } from './early-signal-turn.ts';
import type { Instant } from './instant.ts';

export interface NewSignal extends Pick<EarlySignal, 'signal' | 'organisation' | 'exercise' | 'urgency' | 'raisedAt'> {
  /** When the complete signal is promised. */
  readonly dueAt: Instant;
}

/** A signal as it is stored: nobody told yet. */
export const newSignal = ({ dueAt, ...signal }: NewSignal): EarlySignal => ({
  version: 1,
  ...signal,
  seq: 0,
  acknowledged: null,
  ladder: null,
  awaited: [
    {
      number: 0,
      question: null,
      askedAt: signal.raisedAt,
      askedBy: MACHINE,
      dueAt,
      remindAt: remindedAt(signal.raisedAt, dueAt),
      late: false,
      answer: null,
    },
  ],
  ending: null,
  mails: [],
  dispatchAt: null,
  dispatchAttempts: 0,
});

/** One turn of the loop. */
export interface SignalStep {
  readonly signal: EarlySignal;
  /** What to record in one transaction; null when there is nothing. */
  readonly changes: SignalChanges | null;
  /** One for each message, in their order; null for those that nobody waits for. */
  readonly answers: readonly (SignalAnswer | null)[];
  /** Something is to be sent or taken back: dispatch, after recording. */
  readonly dispatch: boolean;
}

/** The earliest instant at which `step` has something to do without a message; null when nothing ever will. */
export function nextDue(signal: EarlySignal): Instant | null {
  const { ladder, awaited, ending, dispatchAt } = signal;
  const owed = ending === null ? awaited.flatMap(dueOf) : [];
  const instants = [...owed, ladder?.at ?? null, dispatchAt].filter((instant) => instant !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

const dueOf = ({ remindAt, dueAt, late, answer }: AwaitedOfArs): readonly Instant[] =>
  answer !== null || late ? [] : [Math.min(remindAt ?? dueAt, dueAt)];

/** Nothing is left to be done: it has ended, and everybody has been told. */
export const isOver = ({ ending, mails }: EarlySignal): boolean => ending !== null && mails.length === 0;

/**
 * One turn: takes in the messages in their order, then does what is due at `now`. Pure. What people say comes before what is due,
 * so that an acknowledgement that arrives together with a due instant stops the ladder.
 */
export function step(before: EarlySignal, messages: readonly SignalMessage[], now: Instant): SignalStep {
  const turn: SignalTurn = { now, facts: [], plans: [], withdrawals: [], signal: before };
  if (before.seq === 0) raise(turn);
  const answers = messages.map((message) => take(turn, message));
  doWhatIsDue(turn);
  const dispatch = takeDispatch(turn);
  return { ...closeTurn(before, turn), answers, dispatch };
}

/** The desk is told at once, its ladder counts from now: what an outage has eaten is no fault of the desk. */
function raise(turn: SignalTurn): void {
  plan(turn, { purpose: 'raised', target: 'desk', number: 0 });
  change(turn, { ladder: { step: 0, at: turn.now + stepAfter(turn.signal.urgency, 0) } });
}

function take(turn: SignalTurn, message: SignalMessage): SignalAnswer | null {
  if (message.kind === 'command') return takeCommand(turn, message.command, message.at);
  for (const report of message.reports) takeReport(turn, report);
  if (message.waiting !== null) putOff(turn, message.waiting);
  return null;
}

/** What became of one mail, told once. A first mail or a reminder that reached nobody: the next step is done at once. */
function takeReport(turn: SignalTurn, report: SignalMailReport): void {
  const { purpose, target, number, outcome, at } = report;
  const { mails, ladder, urgency } = turn.signal;
  const key = mailKey('', report);
  if (!mails.some((one) => mailKey('', one) === key)) return;
  change(turn, { mails: mails.filter((one) => mailKey('', one) !== key) });
  if (outcome === 'withdrawn') return;
  const data = { purpose, target, ...(purpose === 'reminder' ? { step: number } : {}) };
  if (outcome === 'sent') {
    tell(turn, 'signalMailSent', { at, data });
    return;
  }
  tell(turn, 'signalMailFailed', { at, data: { ...data, reason: outcome } });
  const climbs = purpose === 'raised' || purpose === 'reminder';
  if (climbs && ladder !== null && !isRepeated(urgency, ladder.step)) change(turn, { ladder: { ...ladder, at } });
}

function putOff(turn: SignalTurn, waiting: number): void {
  const { dispatchAttempts } = turn.signal;
  if (waiting === 0) {
    change(turn, { dispatchAt: null, dispatchAttempts: 0 });
    return;
  }
  const delay = DISPATCH_DELAYS[Math.min(dispatchAttempts, DISPATCH_DELAYS.length - 1)] ?? 0;
  change(turn, { dispatchAt: turn.now + delay, dispatchAttempts: dispatchAttempts + 1 });
}

function doWhatIsDue(turn: SignalTurn): void {
  const { signal, now } = turn;
  if (signal.ending !== null) return;
  if (signal.ladder !== null && signal.ladder.at <= now) remindDesk(turn, signal.ladder);
  for (const owed of signal.awaited) {
    if (owed.answer !== null || owed.late) continue;
    if (owed.dueAt <= now) becomeLate(turn, owed);
    else if (owed.remindAt !== null && owed.remindAt <= now) remindArs(turn, owed);
  }
}

/** One mail. After an outage the first overdue step is done now, the later ones keep their spacing. */
function remindDesk(
  turn: SignalTurn,
  { step: number, at: due }: { readonly step: number; readonly at: Instant },
): void {
  const { urgency } = turn.signal;
  const target = stepTarget(urgency, number);
  plan(turn, { purpose: 'reminder', target, number: number + 1 });
  change(turn, { ladder: { step: number + 1, at: turn.now + stepAfter(urgency, number + 1) } });
  tell(turn, 'signalReminded', { data: { step: number + 1, target, due } });
}

function remindArs(turn: SignalTurn, owed: AwaitedOfArs): void {
  replace(turn, owed, { remindAt: null });
  plan(turn, { purpose: 'due', target: 'alertBox', number: owed.number });
  tell(turn, 'signalDue', { data: { request: owed.number, due: owed.dueAt } });
}

function becomeLate(turn: SignalTurn, owed: AwaitedOfArs): void {
  const { number, dueAt } = owed;
  replace(turn, owed, { remindAt: null, late: true });
  plan(turn, { purpose: 'late', target: 'alertBox', number }, { purpose: 'late', target: 'desk', number });
  tell(turn, 'signalLate', { data: { request: number, due: dueAt } });
}

const replace = (turn: SignalTurn, owed: AwaitedOfArs, fields: Partial<AwaitedOfArs>): void =>
  change(turn, {
    awaited: turn.signal.awaited.map((one) => (one.number === owed.number ? { ...one, ...fields } : one)),
  });

/** Also for what was taken back: only the sending knows whether a mail had left. */
function takeDispatch(turn: SignalTurn): boolean {
  const { dispatchAt, mails } = turn.signal;
  const again = dispatchAt !== null && dispatchAt <= turn.now;
  if (again) change(turn, { dispatchAt: null });
  return again || turn.plans.length > 0 || mails.some((mail) => isWithdrawn(turn, mail));
}

function closeTurn(
  before: EarlySignal,
  turn: SignalTurn,
): { readonly signal: EarlySignal; readonly changes: SignalChanges | null } {
  const { now, facts, plans, withdrawals, signal } = turn;
  const { dispatchAt: _at, dispatchAttempts: _attempts, ...was } = before;
  const { dispatchAt, dispatchAttempts, ...is } = signal;
  // The instant of the next sending moves without a turn: nobody needs to read it.
  const moved = Object.keys(is).some((field) => is[field as keyof typeof is] !== was[field as keyof typeof was]);
  if (!moved && facts.length === 0) return { signal, changes: null };
  const after: EarlySignal = { ...is, seq: before.seq + 1, dispatchAt, dispatchAttempts };
  return { signal: after, changes: { at: now, after, facts, plans, withdrawals } };
}
