import type { Changes } from '../domain/changes.ts';
import type { EarlySignal, SignalChanges, SignalMailReport } from '../domain/early-signal.ts';
import type { DeliveryReport } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { MailSequel } from '../domain/mail-reading.ts';
import type { InstructionProcess } from '../domain/process.ts';
import type { RelayAnswer, RelayAsk } from '../domain/relay.ts';
import type { ReplyInput } from '../domain/reply-kinds.ts';
import type { SeriesAsk, SeriesStep } from '../domain/survey/series.ts';
import type { SurveyAsk, SurveyStep } from '../domain/survey/survey-step.ts';

export interface ReleaseRequest {
  readonly instruction: string;
  /** The draft's version that the releaser read (If-Match); null when not given. */
  readonly version: number | null;
  readonly by: { readonly sub: string; readonly organisation: string; readonly roles: readonly string[] };
  readonly emergencyReason: string | null;
}

/** Refusals are answers, not failures: `code` is what the API turns into a problem. */
export type ReleaseRefusal = {
  readonly released: false;
  readonly code:
    'notFound' | 'notDraft' | 'ownDraft' | 'stale' | 'superseded' | 'crisisClosed' | 'invalid' | 'noRecipient';
  /** French, for a person. */
  readonly detail: string;
};

export type ReleaseResult = { readonly released: true; readonly process: InstructionProcess } | ReleaseRefusal;

export interface RecordingActivities {
  /** Number, recipients, first deliveries planned, draft → open: one transaction. Asked again for the same instruction: the same answer. */
  releaseInstruction(request: ReleaseRequest, now: Instant): Promise<ReleaseResult>;
  /**
   * One turn: projection, audit, replies, deliveries planned or withdrawn, tasks. `recorded`: done now or before with the same
   * fingerprint; `taken`: the number bears another turn (the workflow task was lost after recording), then `recordWhole`.
   * `noContact`: the plans that had nobody to go to.
   */
  recordTurn(changes: Changes): Promise<RecordResult>;
  /** The same, when the seq was found taken: writes every follow-up of the process again and the facts not told yet, audited as `recordedAgain`. */
  recordWhole(changes: Changes, process: InstructionProcess): Promise<RecordResult>;
}

export type RecordResult =
  | { readonly outcome: 'recorded'; readonly noContact: readonly DeliveryReport[]; readonly planned: number }
  | { readonly outcome: 'taken' }
  /** The database has later turns than this workflow knows: restored apart. Waits for `npm run reconcile`. */
  | { readonly outcome: 'ahead' };

/** A turn that is in the database. */
export type Recorded = Extract<RecordResult, { readonly outcome: 'recorded' }>;

export interface PatientRecordingActivities {
  /**
   * Records a turn whatever stands in its way: `taken` → `recordWhole`; `ahead` → fails, to be tried again until somebody
   * has reconciled, so that the wait and its reason show in the Temporal UI. `process` is the state after the turn.
   */
  recordPatiently(changes: Changes, process: InstructionProcess): Promise<Recorded>;
}

export interface DispatchResult {
  readonly reports: readonly DeliveryReport[];
  /** Deliveries put off by a transient failure, to be tried again. */
  readonly waiting: number;
}

export interface DispatchActivities {
  /** Sends everything planned of one instruction: claims each row right before its sending, heartbeats. */
  dispatchInstruction(instruction: string, now: Instant): Promise<DispatchResult>;
}

export interface InboundActivities {
  /**
   * Reads a stored mail, finds out whose answer it is, stores both and tells its instruction; asked again, it tells the same.
   * @returns what its instruction is still to be told, or the letter that answers it; null when nothing
   */
  understandMail(mail: string, now: Instant): Promise<MailSequel | null>;
  /** The instruction that a mail answers is not followed any more: a person reads it. */
  setMailAside(mail: string): Promise<void>;
}

/** What an ask of a relay came to. */
export interface RelayStep {
  readonly answer: RelayAnswer;
  /** What its instruction is told, counted there once; null: nothing. */
  readonly reply: ReplyInput | null;
}

/** What one slice of a mailing did. */
export interface MailingSlice {
  /** Mails that had an outcome: none while the relay of mails is away. */
  readonly tried: number;
  /** Mails of the mailing still to be sent. */
  readonly waiting: number;
  /** Of these, those that were never tried; absent: told by an activity that did not count them. */
  readonly untried?: number;
}

export interface RelayActivities {
  /** Begins the relay of one ARS, or plans one mail again: one transaction. Asked again, the same answer. */
  takeRelay(instruction: string, organisation: string, ask: RelayAsk, now: Instant): Promise<RelayStep>;
  /** Sends a slice of what is planned: claims each row right before its sending, heartbeats. */
  sendRelay(relay: string, now: Instant): Promise<MailingSlice>;
  /** Nothing is left to be sent: noted once. @returns what the instruction is told */
  endRelay(relay: string, now: Instant): Promise<ReplyInput | null>;
}

export interface SurveyActivities {
  /** One step of a survey's process: one transaction. `ask`: the same when it is tried again. */
  takeSurvey(survey: string, id: string, ask: SurveyAsk, now: Instant): Promise<SurveyStep>;
}

export interface SurveySeriesActivities {
  /**
   * Writes and opens the survey of one instant of a series, or notes why there is none, and tells whoever asks by the series.
   * Asked again, by whomever, the same.
   */
  openSeries(series: string, ask: SeriesAsk): Promise<SeriesStep>;
}

export interface MailingActivities {
  /** Sends a slice of a mailing, whatever it is about: claims each row right before its sending, heartbeats. */
  sendMailing(mailing: string, now: Instant): Promise<MailingSlice>;
}

export interface DutyWatchResult {
  /** When to look again. */
  readonly next: Instant;
  /** Notices that are still to be sent. */
  readonly unsent: number;
}

export interface DutyActivities {
  /** Plans the mails of hand-overs after `since` and of gaps to come; asked again, nothing twice. */
  watchDuty(since: Instant, now: Instant): Promise<DutyWatchResult>;
  /** Plans the desk's briefing of that day, once. @returns how many briefings are still to be sent */
  planBriefing(at: Instant): Promise<number>;
}

export interface NoticeActivities {
  /** Sends what one source has planned. @returns how many are left to be tried again */
  sendNotices(source: 'watch' | 'briefing', now: Instant): Promise<number>;
}

export interface SignalActivities {
  /** A stored signal where the database stands (turn 0: nobody told yet); null when there is none of that id. */
  openSignal(signal: string): Promise<EarlySignal | null>;
  /**
   * One turn: state, audit, mails planned or taken back; recorded before: nothing happens. @returns the mails that had nobody to go
   * to. Fails, to be tried again, while the database has later turns (restored apart).
   */
  recordSignal(changes: SignalChanges): Promise<readonly SignalMailReport[]>;
}

export interface SignalSending {
  /** Whatever is known of the signal's mails, also what was reported before. */
  readonly reports: readonly SignalMailReport[];
  readonly waiting: number;
}

export interface SignalMailActivities {
  /** Sends what is planned of one signal: claims each mail right before its sending, heartbeats. */
  sendSignalMails(signal: string, now: Instant): Promise<SignalSending>;
}

export interface HistoryActivities {
  /** Copies every history that has ended and is not copied yet into PostgreSQL; how many. */
  archiveHistories(): Promise<number>;
}

export interface AuditRootActivities {
  /** Roots all chains of the audit as they are; asked again for the same `now`, the same root. @returns its number */
  rootAudit(now: Instant): Promise<number>;
  /** Mails a root outside; false where there is nobody to mail it to. */
  mailAuditRoot(position: number): Promise<boolean>;
}
