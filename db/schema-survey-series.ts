import type { Generated } from 'kysely';
import type { OpeningOutcome, OpeningReason, SeriesDocument, SeriesStatus } from '../domain/survey/series.ts';
import type { Json, Nullable } from './schema-columns.ts';

export interface SurveySeriesTable {
  id: string;
  author: string;
  form_id: string;
  document: Json<SeriesDocument>;
  exercise: boolean;
  crisis_id: Nullable<string>;
  status: SeriesStatus;
  status_reason: Generated<string>;
  status_by: string;
  status_at: Date;
  version: Generated<number>;
  scheduled_version: Generated<number>;
  request_key: Nullable<string>;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
}

export interface SurveySeriesOpeningTable {
  id: string;
  series_id: string;
  due_at: Date;
  trigger_key: Nullable<string>;
  asked_by: string;
  opens_at: Nullable<Date>;
  outcome: OpeningOutcome;
  reason: Nullable<OpeningReason>;
  detail: Nullable<string>;
  survey_id: Nullable<string>;
  decided_at: Date;
  task_since: Nullable<Date>;
}

/** Part of `Schema`. */
export interface SurveySeriesTables {
  survey_series: SurveySeriesTable;
  survey_series_opening: SurveySeriesOpeningTable;
}
