import type { Generated } from 'kysely';
import type { Nullable } from './schema-columns.ts';

interface SurveyWatchTable {
  survey_id: string;
  due_at: Nullable<Date>;
  looked_at: Nullable<Date>;
  looking: Generated<boolean>;
}

interface SurveyCrossingTable {
  id: string;
  survey_id: string;
  rule: number;
  territory: string;
  name: string;
  ars_id: Nullable<string>;
  figure: number;
  received: number;
  expected: number;
  began_at: Date;
  ended_at: Nullable<Date>;
  instruction_id: Nullable<string>;
  noted_at: Nullable<Date>;
  noted_by: Nullable<string>;
}

/** Part of `Schema`. */
export interface ThresholdTables {
  survey_watch: SurveyWatchTable;
  survey_crossing: SurveyCrossingTable;
}
