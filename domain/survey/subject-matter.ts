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
