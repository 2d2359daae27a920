import type { Sql, Transaction } from '../../db/database.ts';
import { figureColumns } from '../../db/survey-figures.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import type { PreparedForm } from '../../domain/survey/prepare.ts';

/** One that was submitted, whatever was checked. */
export interface GivenVersion {
  readonly respondent: string;
  readonly number: number;
  readonly values: AnswerValues;
  readonly complete: boolean;
  readonly afterClosings: number;
  /** Null: it is concerned. */
  readonly notConcerned: string | null;
}

/** Versions of answers with what is counted of each, as a submission keeps them. */
export async function keepVersions(
  db: Sql | Transaction,
  { survey, form }: { readonly survey: string; readonly form: PreparedForm },
  given: readonly GivenVersion[],
): Promise<void> {
  const versions = given.map(({ respondent, number, values, complete, afterClosings, notConcerned }) => ({
    ...{ respondent_id: respondent, number, values: JSON.stringify(values), comments: '{}', complete },
    ...{ not_concerned: notConcerned, after_closings: afterClosings, submitted_at: new Date() },
    ...{ submitted_by: 'x', door: 'api' as const },
  }));
  await db.insertInto('survey_answer_version').values(versions).execute();
  const figures = given.map(({ respondent, number, values, complete, notConcerned }) => ({
    ...{ survey_id: survey, respondent_id: respondent, number, concerned: notConcerned === null, complete },
    ...figureColumns(form, values),
  }));
  await db.insertInto('survey_answer_figures').values(figures).execute();
}
