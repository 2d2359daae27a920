import { type RawBuilder, sql } from 'kysely';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Sql } from '../../database.ts';
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
  /** What was taken over from other answers; null: nothing. */
  readonly reused: Reused | null;
}

/** What its writer sees: the draft, else what is submitted. */
export const contentNow = ({ draft, values, comments, notConcerned, reused }: FoundAnswer): AnswerContent =>
  draft ?? { values: values ?? {}, comments: comments ?? {}, notConcerned, ...reusedIn(reused) };

/** The codes that bear a mark, as a content has them. */
export function reusedIn(marks: Reused | null): Pick<AnswerContent, 'reused'> {
  const codes = Object.keys(marks ?? {}).toSorted();
  return codes.length === 0 ? {} : { reused: codes };
}

/**
 * What a respondent, by its key and its survey (SQL), submitted to the survey before by the same form. Its own respondents are found
 * first: while the tables have no statistics, PostgreSQL would start from those of the whole survey, at each answer.
 */
export const valuesBefore = (key: RawBuilder<unknown>, survey: RawBuilder<unknown>) => sql`
    select v.values from (select o.id, o.survey_id from survey_respondent o where o.key = ${key} offset 0) r
    join survey own on own.id = ${survey}
    join survey s on s.id = r.survey_id and s.form_id = own.form_id and s.author = own.author and s.status <> 'cancelled'
      and (s.created_at, s.id) < (own.created_at, own.id)
    join survey_answer a on a.respondent_id = r.id
    join survey_answer_version v on v.respondent_id = r.id and v.number = a.submitted and v.not_concerned is null
    order by s.created_at desc limit 1`;

/** The values of the same respondent in the survey before by the same form; null: this is its first. */
export async function answerBefore(db: Sql, respondent: string): Promise<AnswerValues | null> {
  const { rows } = await sql<{ values: AnswerValues }>`
    select before.values from survey_respondent this
    cross join lateral (${valuesBefore(sql`this.key`, sql`this.survey_id`)}) before
    where this.id = ${respondent}::uuid`.execute(db);
  return rows[0]?.values ?? null;
}

/**
 * Somebody who has not submitted yet; null: nobody. Asked after a submission has committed: of the last two at once, each would see the
 * other owe an answer, and nobody would be told. Whoever owed one before is looked at first: as long as he does, nobody else is looked
 * for, which takes all respondents of the survey. In the order of the links' hashes, which is none: in any other he would be the next.
 * Not prepared: a plan kept from when a survey had no answers would go through all of them, each time.
 * @param before what this gave the last time
 */
export async function whoOwes(db: Sql, survey: string, before: string | null): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    (select r.id from survey_respondent r where r.id = ${before}::uuid and r.survey_id = ${survey}::uuid and ${OWES})
    union all
    (select r.id from survey_respondent r where r.survey_id = ${survey}::uuid and ${OWES} order by r.link_hash limit 1)
    limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

const OWES = sql`not exists (select from survey_answer a where a.respondent_id = r.id and a.submitted is not null)`;
