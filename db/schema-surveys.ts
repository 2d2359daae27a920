import type { Generated } from 'kysely';
import type { AnswerValues } from '../domain/survey/answer.ts';
import type { AskedCalendar, CampaignCalendar } from '../domain/survey/campaign-calendar.ts';
import type { CampaignStatus } from '../domain/survey/campaign.ts';
import type { SurveyCounts } from '../domain/survey/rates.ts';
import type { SurveyAudience } from '../domain/survey/survey-draft.ts';
import type { SurveyAnswer } from '../domain/survey/survey-step.ts';
import type { AcceptedLoad } from '../domain/survey/load.ts';
import type { Reused } from '../domain/survey/reuse.ts';
import type { Threshold } from '../domain/survey/threshold.ts';
import type { Json, JsonOrDefault, Nullable, NullableJson, SendingColumns } from './schema-columns.ts';

export interface MailingTable {
  id: string;
  subject: string;
  purpose: string;
  detail: Json<Readonly<Record<string, unknown>>>;
  planned_at: Date;
}

export interface MailingMailTable extends SendingColumns {
  mailing_id: string;
  recipient: Nullable<string>;
  status: 'planned' | 'sending' | 'waiting' | 'sent' | 'unconfirmed' | 'failed' | 'withdrawn';
}

export interface SurveyTable {
  id: string;
  form_id: string;
  form_version: Nullable<number>;
  title: string;
  author: string;
  audience: Json<SurveyAudience>;
  asked: Json<AskedCalendar>;
  exercise: boolean;
  crisis_id: Nullable<string>;
  status: CampaignStatus;
  calendar: NullableJson<CampaignCalendar>;
  handled_until: Generated<Date>;
  closings: Generated<number>;
  closed_at: Nullable<Date>;
  all_received_at: Nullable<Date>;
  published_at: Nullable<Date>;
  seq: Generated<number>;
  thresholds: JsonOrDefault<readonly Threshold[]>;
  load: NullableJson<AcceptedLoad>;
  /** How old, in days, an answer may be to be offered for reuse; null: none is. */
  reuse_days: Nullable<number>;
  created_by: string;
  created_at: Date;
}

export interface SurveyAskTable {
  survey_id: string;
  ask: string;
  answer: Json<SurveyAnswer>;
}

export interface SurveyRespondentTable {
  id: string;
  survey_id: string;
  key: string;
  organisation_id: Nullable<string>;
  name: string;
  address: Nullable<string>;
  territory: string;
  department: Nullable<string>;
  contact_at: Nullable<Date>;
  link_hash: string;
}

/** What stands in an answer; `notConcerned`: why the survey does not concern the respondent. */
export interface AnswerContent {
  readonly values: AnswerValues;
  readonly comments: Readonly<Record<string, string>>;
  readonly notConcerned: string | null;
  /** Codes of the values taken over from recent answers, in order; absent: none. */
  readonly reused?: readonly string[];
}

export interface SurveyAnswerTable {
  respondent_id: string;
  survey_id: string;
  version: number;
  draft: NullableJson<AnswerContent>;
  submitted: Nullable<number>;
  on_time: Generated<boolean>;
  at_closing: Nullable<number>;
  validated: Nullable<number>;
  closing_validated: Generated<boolean>;
  returned_at: Nullable<Date>;
  return_reason: Nullable<string>;
  unlocked_until: Nullable<Date>;
  updated_at: Date;
  updated_by: string;
}

export interface SurveyAnswerVersionTable {
  respondent_id: string;
  number: number;
  values: Json<AnswerValues>;
  comments: Json<Readonly<Record<string, string>>>;
  not_concerned: Nullable<string>;
  complete: boolean;
  after_closings: number;
  submitted_at: Date;
  submitted_by: string;
  door: 'api' | 'link' | 'file' | 'mail';
  notices: Nullable<number>;
  reused: NullableJson<Reused>;
}

/** Of each version; `tally`, `extremes` and `cells`: `figureColumns`. */
export interface SurveyAnswerFiguresTable {
  survey_id: string;
  respondent_id: string;
  number: number;
  concerned: boolean;
  complete: boolean;
  tally: string;
  extremes: string;
  cells: string;
}

export interface SurveyAnswerReviewTable {
  id: Generated<string>;
  respondent_id: string;
  number: number;
  verdict: 'validated' | 'returned';
  reason: Nullable<string>;
  reviewed_at: Date;
  reviewed_by: string;
}

export interface SurveyAcceptanceTable {
  id: Generated<string>;
  survey_id: string;
  territory: string;
  counts: Json<SurveyCounts>;
  /** All that its territory had ever submitted, counted while the survey's row was held alone. */
  submissions: number;
  comment: Nullable<string>;
  accepted_at: Date;
  accepted_by: string;
}

/** Part of `Schema`. */
export interface SurveyCampaignTables {
  mailing: MailingTable;
  mailing_mail: MailingMailTable;
  survey: SurveyTable;
  survey_ask: SurveyAskTable;
  survey_respondent: SurveyRespondentTable;
  survey_answer: SurveyAnswerTable;
  survey_answer_version: SurveyAnswerVersionTable;
  survey_answer_figures: SurveyAnswerFiguresTable;
  survey_answer_review: SurveyAnswerReviewTable;
  survey_acceptance: SurveyAcceptanceTable;
}
