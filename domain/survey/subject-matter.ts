import type { ContactState } from './contact.ts';
import type { SurveyCounts } from './rates.ts';

/** Of a survey, what its mails are made of; the same for every recipient. */
export interface SurveySubjectMatter {
  readonly survey: string;
  readonly title: string;
  readonly exercise: boolean;
  readonly author: string;
  readonly authorName: string;
  /** Whom to write to; null for the desk, which has its own address. */
  readonly contact: { readonly name: string; readonly address: string; readonly phone: string | null } | null;
  readonly closesAt: number;
  /** Null: it takes answers, or has never been closed. */
  readonly closedAt: number | null;
  readonly crisis: string | null;
  readonly counts: SurveyCounts;
  /** Names of those who owe an answer, the first of them. */
  readonly missing: readonly string[];
}

/** Of a survey, what the mails that tell its results say beside its counts. */
export interface SurveyMailFigures {
  /** The first figures: what is asked, and the figure with its unit. */
  readonly headlines: readonly { readonly label: string; readonly words: string }[];
  /** Agencies with who owes an answer, where it asks for others than itself. */
  readonly late: readonly { readonly name: string; readonly late: number; readonly expected: number }[];
  /** Received, of those that an agency validates, and not validated. */
  readonly notValidated: number;
}

/** An establishment that owes an answer, as its agency is told of it. */
export interface LateSite {
  /** `SITE-010000024` */
  readonly site: string;
  /** `D69` */
  readonly department: string;
  readonly name: string;
  /** Null: nobody knows where to write to. */
  readonly address: string | null;
  readonly contact: ContactState;
  readonly contactName: string | null;
  /** E.164. */
  readonly phone: string | null;
  /** It had answered, and its agency gave that back. */
  readonly returned: boolean;
}
