import type { Instant } from './instant.ts';
import type { MailNotice } from './mail-notice.ts';
import type { ReplyKind } from './reply-kinds.ts';

/**
 * Where a received mail ends. Of nobody's follow-up: `unknownSender` (not a contact of that organisation), `noMatch` (no
 * instruction found), `noSender` (none, several, a group), `notAuthenticated` (the relay says that it is forged),
 * `quarantined` (beyond the limits of reading), `duplicate` (another mail of the same Message-ID), `ended` (nobody follows
 * that instruction any more). Of a survey: `surveyAnswered` and `surveyRefused` (the sheet attached; its respondent was told),
 * `surveyReply` (words to its author, who has them as well).
 */
export const MAIL_STATES = [
  'stored',
  'answered',
  'unclear',
  'outOfOffice',
  'automatic',
  'bounce',
  'receipt',
  'surveyAnswered',
  'surveyRefused',
  'surveyReply',
  'unknownSender',
  'noMatch',
  'noSender',
  'notAuthenticated',
  'quarantined',
  'duplicate',
  'ended',
] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** States in which a person of the desk reads the mail: nothing else has been done with it. */
export const MAILS_TO_READ: readonly MailState[] = [
  'stored',
  'unclear',
  'unknownSender',
  'noMatch',
  'noSender',
  'notAuthenticated',
  'quarantined',
  'ended',
];

/** What the workflow of an instruction is told of a mail. */
export interface MailSignal {
  readonly instruction: string;
  readonly notice: MailNotice;
}

/** What is kept of a mail about a survey: the letter that answers it (null: nobody to write to), and the survey that it has answered. */
export interface SurveyMailKept {
  readonly mailing: string | null;
  readonly answered: string | null;
}

/** What is to be done about it: the letter to be sent, and the survey in which nobody owes an answer any more, if so. */
export interface MailAnswered {
  readonly mailing: string | null;
  readonly complete: string | null;
}

/** What a received mail brings about. */
export type MailSequel = MailSignal | MailAnswered;

export interface MailVerdict {
  readonly result: string;
  readonly domain: string | null;
}

/** What our relay said of the sender (RFC 8601). */
export interface MailChecks {
  readonly authservId: string | null;
  readonly spf: MailVerdict | null;
  readonly dkim: readonly MailVerdict[];
  readonly dmarc: MailVerdict | null;
}

export interface MailFile {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** Kept as an attachment; null: it stays in the raw mail. */
  readonly id: string | null;
  /** Why it was not kept. */
  readonly reason: 'tooLarge' | 'mediaType' | 'tooMany' | 'notAnEvidence' | null;
}

export interface MailCandidate {
  readonly kind: ReplyKind;
  readonly confidence: number;
  readonly percent?: number;
  readonly until?: Instant;
}

/** How its instruction was found. */
export const MAIL_ROADS = ['token', 'references', 'number'] as const;
export type MailRoad = (typeof MAIL_ROADS)[number];

/** What was read in a mail, for the person who looks at it. */
export interface MailReading {
  /** `human`, or what kind of machine wrote; why it is in quarantine. */
  readonly nature: string;
  readonly road: MailRoad | null;
  /** The writer's own words, without what he quotes. */
  readonly words: string;
  /** The whole text, cut at 20 000 characters. */
  readonly text: string;
  readonly files: readonly MailFile[];
  readonly authentication: MailChecks | null;
  /** Of a reply understood, its kind; of an unclear one, what it resembles, best first. */
  readonly intent: {
    readonly kind: ReplyKind | 'unclear';
    readonly why: string;
    readonly reason: string | null;
    readonly candidates: readonly MailCandidate[];
  } | null;
  /** Of an out-of-office: when the person is back. */
  readonly until: Instant | null;
  readonly diagnostic: string | null;
}
