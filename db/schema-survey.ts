import type { Generated } from 'kysely';
import type { Form } from '../domain/survey/form.ts';
import type { Json, Nullable } from './schema-columns.ts';

/** A questionnaire of the nation (`CORRUSS`) or of an agency. */
interface SurveyFormTable {
  id: string;
  owner_id: string;
  /** Once in the forms of its owner. */
  code: string;
  /** Shipped, to be adapted. */
  model: Generated<boolean>;
  created_by: string;
  created_at: Date;
}

/** One version; a trigger refuses any change of a published one. */
interface SurveyFormVersionTable {
  form_id: string;
  number: number;
  status: 'draft' | 'published';
  document: Json<Form>;
  version: Generated<number>;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
  published_by: Nullable<string>;
  published_at: Nullable<Date>;
}

export interface SurveySchema {
  survey_form: SurveyFormTable;
  survey_form_version: SurveyFormVersionTable;
}
