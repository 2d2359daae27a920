import type { FieldError } from '../field-error.ts';
import type { Instant } from '../instant.ts';
import type { CampaignCommand } from './campaign-commands.ts';
import type { CampaignStatus } from './campaign.ts';

/** What the process of a survey is asked: by a person; by its calendar; by answers that have come (`nudge`). */
export type SurveyAsk = CampaignCommand | { readonly kind: 'due' } | { readonly kind: 'nudge' };

export const SURVEY_REFUSALS = [
  'notFound',
  'notAllowed',
  'invalid',
  'noForm',
  'noRespondent',
  'crisisClosed',
  'surveyLoad',
  'nobodyLate',
  'tooSoon',
  'ofRegister',
] as const;
export type SurveyRefusalCode = (typeof SURVEY_REFUSALS)[number];

export type SurveyAnswer =
  | {
      readonly accepted: true;
      readonly status: CampaignStatus;
      readonly respondents: number;
      /** Of a reminder by hand: mails planned, and how many were left out because they were reminded within the hour. */
      readonly reminded?: number;
      readonly tooSoon?: number;
      /** Of a closing that moved: when reminders were to leave that never will. */
      readonly overtaken?: readonly Instant[];
    }
  | {
      readonly accepted: false;
      readonly code: SurveyRefusalCode;
      /** French, for a person. */
      readonly detail: string;
      readonly errors?: readonly FieldError[];
    };

/** What an ask came to, and all that the workflow needs to go on. */
export interface SurveyStep {
  readonly answer: SurveyAnswer;
  /** The later of two steps is the one that counts. */
  readonly seq: number;
  /** False: nothing can come any more. */
  readonly running: boolean;
  readonly nextDue: Instant | null;
  /** Mailings with something still to be sent. */
  readonly mailings: readonly string[];
}
