import type { Actor } from './actor.ts';
import type { Fact } from './changes.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './organisation-id.ts';

/*
 * An early signal («signal précoce») goes up from an ARS to CORRUSS: a few lines at once, the complete signal by the instant
 * that the ARS itself has promised. Its texts are entries in PostgreSQL; here they are ids only (health data).
 */

/** How soon somebody of the desk must have read it; `domain/early-signal-delays.ts` says what that means in minutes. */
export const SIGNAL_URGENCIES = ['immediate', 'urgent', 'routine'] as const;
export type SignalUrgency = (typeof SIGNAL_URGENCIES)[number];

/**
 * - `received`: stored, not yet followed (the engine is away);
 * - `raised`: nobody of the desk has acknowledged it, whatever else has come;
 * - `acknowledged`: read by a named officer, the complete signal is awaited;
 * - `complete`: both; the desk is to close it;
 * - `closed`, `withdrawn`: final.
 */
export const SIGNAL_STATUSES = ['received', 'raised', 'acknowledged', 'complete', 'closed', 'withdrawn'] as const;
export type SignalStatus = (typeof SIGNAL_STATUSES)[number];

/** What became of a signal: nothing, dealt with as it is, part of a crisis, or an instruction. */
export const SIGNAL_OUTCOMES = ['noFollowUp', 'followed', 'crisis', 'instruction'] as const;
export type SignalOutcome = (typeof SIGNAL_OUTCOMES)[number];

/** What waits for a person of the desk; one at a time, the first of these that holds. */
export const SIGNAL_TASK_KINDS = ['signalToAcknowledge', 'signalLate', 'signalToClose'] as const;
export type SignalTaskKind = (typeof SIGNAL_TASK_KINDS)[number];

/** Texts of a signal: written once, never changed. */
export const SIGNAL_ENTRY_KINDS = [
  'early',
  'acknowledgement',
  'complete',
  'question',
  'answer',
  'closing',
  'withdrawal',
] as const;
export type SignalEntryKind = (typeof SIGNAL_ENTRY_KINDS)[number];

/** What is written in an entry, by its kind. */
export interface SignalWords {
  readonly early: {
    readonly what: string;
    readonly where: string;
    /** RFC 3339. */
    readonly knownAt: string;
    readonly assessment: string;
  };
  readonly acknowledgement: { readonly officer: string; readonly comment: string };
  readonly complete: {
    readonly situation: string;
    readonly measures: string;
    readonly assessment: string;
    readonly needs: string;
  };
  readonly question: { readonly question: string };
  readonly answer: { readonly answer: string };
  readonly closing: { readonly comment: string };
  readonly withdrawal: { readonly reason: string };
}

/** What each mail is for. */
export const SIGNAL_MAILS = [
  'raised',
  'reminder',
  'acknowledged',
  'due',
  'late',
  'complete',
  'details',
  'answered',
  'closed',
  'withdrawn',
] as const;
export type SignalMailPurpose = (typeof SIGNAL_MAILS)[number];

/** `alertBox` is the agency's; the others are the desk's, `onCall` whoever its roster says. */
export type SignalMailTarget = 'desk' | 'onCall' | 'corrussHead' | 'alertBox';

export interface SignalMail {
  readonly purpose: SignalMailPurpose;
  readonly target: SignalMailTarget;
  /** The step of a reminder, the number of a request for details, else 0: one mail for each purpose, target and number. */
  readonly number: number;
}

export const mailKey = (signal: string, { purpose, target, number }: SignalMail): string =>
  `signal/${signal}/${purpose}/${target}/${number}`;

/** Something that the ARS owes: the complete signal (number 0), or the answer to a request of the desk (from 1). */
export interface AwaitedOfArs {
  readonly number: number;
  /** Entry of the question; null for the complete signal, which the ARS has promised. */
  readonly question: string | null;
  readonly askedAt: Instant;
  /** Of the complete signal the machine: the ARS has promised it by itself. */
  readonly askedBy: Actor;
  readonly dueAt: Instant;
  /** When the ARS is reminded; null: it has been, or there is no need any more. */
  readonly remindAt: Instant | null;
  /** `dueAt` has passed without an answer. */
  readonly late: boolean;
  readonly answer: SignalAct | null;
}

/** Who did something, when, and the entry that holds his words. */
export interface SignalAct {
  readonly at: Instant;
  readonly by: Actor;
  readonly entry: string;
}

export interface SignalEnding extends SignalAct {
  /** Null: withdrawn by the ARS. */
  readonly outcome: SignalOutcome | null;
  readonly crisis: string | null;
  readonly instruction: string | null;
}

/** One signal as its workflow holds it, carried whole into a new run. */
export interface EarlySignal {
  readonly version: 1;
  readonly signal: string;
  readonly organisation: OrganisationId;
  readonly exercise: boolean;
  readonly urgency: SignalUrgency;
  /** Last turn recorded; 0: stored, nobody told yet. */
  readonly seq: number;
  readonly raisedAt: Instant;
  readonly acknowledged: SignalAct | null;
  /** The next reminder to the desk; null once somebody has acknowledged, or it is over. */
  readonly ladder: { readonly step: number; readonly at: Instant } | null;
  readonly awaited: readonly AwaitedOfArs[];
  readonly ending: SignalEnding | null;
  /** Mails whose outcome is not known yet. */
  readonly mails: readonly SignalMail[];
  readonly dispatchAt: Instant | null;
  readonly dispatchAttempts: number;
}

interface Said {
  /** Id of the entry that holds the words; asked again with the same one, nothing happens twice. */
  readonly entry: string;
  readonly by: Actor;
}

/** Every act of a person upon a signal. `raise` changes nothing: it answers once the signal is followed. */
export type SignalCommand =
  | { readonly kind: 'raise' }
  | ({ readonly kind: 'acknowledge' } & Said)
  | ({ readonly kind: 'complete' } & Said)
  | ({ readonly kind: 'askDetails'; readonly dueAt: Instant } & Said)
  | ({ readonly kind: 'answerDetails'; readonly request: number } & Said)
  | ({
      readonly kind: 'close';
      readonly outcome: SignalOutcome;
      readonly crisis: string | null;
      readonly instruction: string | null;
    } & Said)
  | ({ readonly kind: 'withdraw' } & Said);

export type SignalRefusalCode = 'ended' | 'acknowledged' | 'complete' | 'answered' | 'unknownRequest' | 'tooMany';

/** `replayed`: the same entry had been counted before. */
export type SignalAnswer =
  | { readonly accepted: true; readonly replayed: boolean }
  | { readonly accepted: false; readonly code: SignalRefusalCode; readonly detail: string };

export interface SignalMailReport extends SignalMail {
  readonly outcome: 'sent' | 'failed' | 'withdrawn' | 'noContact';
  readonly at: Instant;
}

/** What a turn takes in; `at` is the workflow's clock when it came. `waiting`: mails put off, null where nothing was tried. */
export type SignalMessage =
  | { readonly kind: 'command'; readonly at: Instant; readonly command: SignalCommand }
  | {
      readonly kind: 'mails';
      readonly at: Instant;
      readonly reports: readonly SignalMailReport[];
      readonly waiting: number | null;
    };

/** Planned mails of one purpose made needless, of that number alone or, null, of all. */
export interface SignalWithdrawal {
  readonly purpose: SignalMailPurpose;
  readonly number: number | null;
}

/** What one turn decided, recorded in one transaction: idempotent by (signal, seq). `after` is the whole state. */
export interface SignalChanges {
  readonly at: Instant;
  readonly after: EarlySignal;
  readonly facts: readonly Fact[];
  readonly plans: readonly SignalMail[];
  /** Not of mails already claimed; applied before the plans. */
  readonly withdrawals: readonly SignalWithdrawal[];
}

/** The complete signal, as far as it is owed or given: always there. */
export const completeOf = ({ awaited }: EarlySignal): AwaitedOfArs | undefined =>
  awaited.find(({ number }) => number === 0);

export function statusOf(signal: EarlySignal): Exclude<SignalStatus, 'received'> {
  const { ending, acknowledged } = signal;
  if (ending !== null) return ending.outcome === null ? 'withdrawn' : 'closed';
  if (acknowledged === null) return 'raised';
  return (completeOf(signal)?.answer ?? null) === null ? 'acknowledged' : 'complete';
}

/** True while something of the ARS is overdue. */
export const isLate = ({ ending, awaited }: EarlySignal): boolean =>
  ending === null && awaited.some(({ late, answer }) => late && answer === null);

/** What the desk is to do, and since when; null: nothing but wait. */
export function taskOf(signal: EarlySignal): { readonly kind: SignalTaskKind; readonly since: Instant } | null {
  if (signal.ending !== null) return null;
  if (signal.acknowledged === null) return { kind: 'signalToAcknowledge', since: signal.raisedAt };
  const open = signal.awaited.filter(({ answer }) => answer === null);
  const late = open.filter((one) => one.late).map(({ dueAt }) => dueAt);
  if (late.length > 0) return { kind: 'signalLate', since: Math.min(...late) };
  if (open.length > 0) return null;
  const answers = signal.awaited.map(({ answer, askedAt }) => answer?.at ?? askedAt);
  return { kind: 'signalToClose', since: Math.max(signal.acknowledged.at, ...answers) };
}

/** Entries that the state refers to. */
export function entriesOf({ acknowledged, awaited, ending }: EarlySignal): readonly string[] {
  const found = awaited.flatMap(({ question, answer }) => [question, answer?.entry]);
  return [acknowledged?.entry, ...found, ending?.entry].filter((entry) => typeof entry === 'string');
}
