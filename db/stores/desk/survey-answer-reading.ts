import { sql } from 'kysely';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import type { Sql, Transaction } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { AnswerContent } from '../../schema.ts';

/** An answer as it stands. */
export interface FoundAnswer {
  readonly version: number;
  readonly draft: AnswerContent | null;
  readonly submitted: number | null;
  readonly name: string;
  readonly organisation: string | null;
  /** Of the version that counts. */
  readonly values: AnswerValues | null;
  readonly comments: Readonly<Record<string, string>> | null;
  readonly notConcerned: string | null;
}

/** Of one who writes: also where it counts, and the last version whether it counts or was returned. */
export interface LockedAnswer extends FoundAnswer {
  readonly territory: string;
  readonly atClosing: number | null;
  readonly last: number | null;
  readonly lastValues: AnswerValues | null;
}

/** What its writer sees: the draft, else what is submitted. */
export const contentNow = ({ draft, values, comments, notConcerned }: FoundAnswer): AnswerContent =>
  draft ?? { values: values ?? {}, comments: comments ?? {}, notConcerned };

/** The values of the same respondent in the survey before by the same form; null: this is its first. */
export async function answerBefore(
  db: Sql,
  respondent: string,
  { form, author }: { readonly form: string; readonly author: string },
): Promise<AnswerValues | null> {
  const { rows } = await sql<{ values: AnswerValues }>`
    select v.values from survey_respondent this
    join survey_respondent r on r.key = this.key and r.survey_id <> this.survey_id
    join survey own on own.id = this.survey_id
    join survey s on s.id = r.survey_id and s.form_id = ${form}::uuid and s.author = ${author} and s.status <> 'cancelled'
      and (s.created_at, s.id) < (own.created_at, own.id)
    join survey_answer a on a.respondent_id = r.id
    join survey_answer_version v on v.respondent_id = r.id and v.number = a.submitted and v.not_concerned is null
    where this.id = ${respondent}::uuid order by s.created_at desc limit 1`.execute(db);
  return rows[0]?.values ?? null;
}

/** Whether somebody has not submitted yet, as this transaction sees it. */
export async function owesAnybody(trx: Transaction, survey: string): Promise<boolean> {
  const { rows } = await sql`${sql.raw(PREPARED)}
    select from survey_respondent r where r.survey_id = ${survey}::uuid and not exists (
      select from survey_answer a where a.respondent_id = r.id and a.submitted is not null) limit 1`.execute(trx);
  return rows.length > 0;
}
