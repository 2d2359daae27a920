import type { ReleaseRefusal, ReleaseRequest } from '../activities/contract.ts';
export type { Command } from '../domain/events.ts';
import type { EarlySignal } from '../domain/early-signal.ts';
import type { InstructionProcess } from '../domain/process.ts';
import { type Instant, toRfc3339 } from '../domain/instant.ts';
import { sha256 } from '../domain/sha256.ts';
import type { SeriesAsk } from '../domain/survey/series.ts';

/** Queues apart, so that a mailing of 100 000 (`mailing`) never delays an instruction. */
export const COORDINATION_QUEUE = 'coordination';
export const DISPATCH_QUEUE = 'dispatch';

/** Also the id of its Schedule. */
export const HISTORY_ARCHIVE_WORKFLOW = 'historyArchive';
/** Also the id of its Schedule. */
export const AUDIT_ROOT_WORKFLOW = 'auditRoot';

/** Also the id of the one there is. */
export const DUTY_WATCH_WORKFLOW = 'dutyWatch';
export interface DutyWatchInput {
  readonly version: 1;
  /** Hand-overs up to here have been looked at; null: from now on. */
  readonly watchedUntil: number | null;
}

/** Also the id of its Schedule. */
export const DAILY_BRIEFING_WORKFLOW = 'dailyBriefing';
export const INSTRUCTION_WORKFLOW = 'instruction';
export const instructionWorkflowId = (id: string): string => `instruction/${id}`;

/** A fresh start brings the release to make; a continuation brings the process whole and what was not yet done. */
export type InstructionInput =
  | { readonly version: 1; readonly release: ReleaseRequest }
  | { readonly version: 1; readonly process: InstructionProcess };

export const INBOUND_WORKFLOW = 'inboundMail';
/** Named after the Message-ID: a mail that comes by two roads is read by one workflow at a time, and counts once. */
export const inboundWorkflowId = (messageId: string): string => `inbound/${sha256(messageId)}`;

export interface InboundInput {
  readonly version: 1;
  /** Id of the stored mail. */
  readonly mail: string;
}

export const MAILING_QUEUE = 'mailing';
export const RELAY_WORKFLOW = 'relay';
/** One relay of one ARS: asked twice, it is found. */
export const relayWorkflowId = (instruction: string, organisation: string): string =>
  `relay/${instruction}/${organisation}`;

export interface RelayInput {
  readonly version: 1;
  readonly instruction: string;
  readonly organisation: string;
  /** Of a continuation: what is still to be sent. */
  readonly relay?: string;
}

/** Update `ask` of a relay: one `RelayAsk`; answers when it is recorded or refused. */
export const RELAY_UPDATE = 'ask';

export const SURVEY_WORKFLOW = 'surveyCampaign';
export const surveyWorkflowId = (id: string): string => `survey/${id}`;

export interface SurveyInput {
  readonly version: 1;
  readonly survey: string;
  /** A continuation: it is running already. */
  readonly running?: boolean;
}

/** Where the process of a survey believes it stands, as its query tells. */
export interface SurveyWhere {
  readonly seq: number;
  readonly nextDue: Instant | null;
}

export const SURVEY_SERIES_WORKFLOW = 'surveySeries';
/** Of the Schedule of a series, and where the ids of what it starts begin: the server appends the instant. */
export const surveySeriesScheduleId = (id: string): string => `survey-series/${id}`;
/** One opening: of an instant as the server names what its Schedule starts; by hand so that the same key finds it again. */
export const surveySeriesWorkflowId = (id: string, ask: SeriesAsk): string =>
  ask.kind === 'due'
    ? `survey-series/${id}-${toRfc3339(ask.at).replace('.000Z', 'Z')}`
    : `survey-series/${id}/trigger/${sha256(ask.key)}`;

export interface SurveySeriesInput {
  readonly version: 1;
  readonly series: string;
  /** Of an opening by hand, or of one that goes on; absent: the instant of the Schedule. */
  readonly ask?: SeriesAsk;
}

/** Update `ask` of a survey: one `CampaignCommand` (sealed); answers when it is recorded or refused. */
export const SURVEY_UPDATE = 'ask';
/** Signal `nudge`, without content: answers have come, the table says which. One that is lost loses nothing. */
export const NUDGE_SIGNAL = 'nudge';

/** One early signal («signal précoce») of an ARS; not a signal of Temporal. */
export const EARLY_SIGNAL_WORKFLOW = 'signal';
export const earlySignalWorkflowId = (id: string): string => `signal/${id}`;

/** A start names the stored signal, which may have been followed before; a continuation brings it whole. */
export type EarlySignalInput =
  { readonly version: 1; readonly signal: string } | { readonly version: 1; readonly process: EarlySignal };

/** Signal `mail`: one `MailNotice`, from `inboundMail` only (sealed). */
export const MAIL_SIGNAL = 'mail';
/** Signal `superseded`: one `Supersession`, from the workflow of the message that overtakes this one (sealed). */
export const SUPERSEDED_SIGNAL = 'superseded';
/** Signal `reply`: the body of the reply route, plus `organisation`, `from`, `messageId`; from anyone, so anything. */
export const REPLY_SIGNAL = 'reply';
/** Update `released`: answers once the release is committed or refused. */
export const RELEASED_UPDATE = 'released';
/** Update `command`: one `Command` (below), of an early signal one `SignalCommand`; answers when its change is recorded. */
export const COMMAND_UPDATE = 'command';
/** Query `process`: the whole process (or early signal), for `npm run reconcile`. */
export const PROCESS_QUERY = 'process';

export type ReleasedAnswer = { readonly released: true; readonly number: string } | ReleaseRefusal;

export type { CommandAnswer, Refusal } from '../domain/answers.ts';

/**
 * How the payload codec hands over what our keys did not seal: it never throws on rubbish (a throwing codec wedges a
 * workflow for ever), it says so inside the value. Nothing sealed ever looks like this, nothing unsealed ever looks otherwise.
 */
export const UNSEALED_MARK = 'vigie:unsealed';
export const UNREADABLE_MARK = 'vigie:unreadable';

/** Plain JSON, as the Temporal CLI sends it. `base64`: the first 4 KB of its bytes, for the audit. */
export interface UnsealedValue {
  readonly [UNSEALED_MARK]: { readonly value: unknown; readonly base64: string };
}
/** Bytes that are no JSON, or that no key opens. */
export interface UnreadableValue {
  readonly [UNREADABLE_MARK]: { readonly reason: string; readonly base64: string };
}

/** Search attributes of an instruction, where the server has them (added at each boot of the embedded one). */
export const SEARCH_ATTRIBUTES = {
  kind: 'VigieKind',
  nature: 'VigieNature',
  exercise: 'VigieExercise',
  dueAt: 'VigieDueAt',
} as const;
