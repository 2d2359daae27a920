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
 * What a respondent, by its key and its survey (columns of the caller's: none of the names here is one that it joins by), submitted
 * to the survey that opened before by the same form; of an exercise, to the exercise before. Its own respondents are found first: while the tables have no statistics, PostgreSQL would
 * start from those of the whole survey, at each answer.
 */
export const valuesBefore = (key: RawBuilder<unknown>, survey: RawBuilder<unknown>) => sql`
    select said.values from (select o.id, o.survey_id from survey_respondent o where o.key = ${key} offset 0) asked_too
    join survey this_survey on this_survey.id = ${survey}
    join survey past on past.id = asked_too.survey_id and past.form_id = this_survey.form_id and past.author = this_survey.author
      and past.exercise = this_survey.exercise and past.status <> 'cancelled'
      and ((past.calendar ->> 'opensAt')::bigint, past.id) < ((this_survey.calendar ->> 'opensAt')::bigint, this_survey.id)
    join survey_answer given on given.respondent_id = asked_too.id
    join survey_answer_version said on said.respondent_id = given.respondent_id and said.number = given.submitted
      and said.not_concerned is null
    order by (past.calendar ->> 'opensAt')::bigint desc, past.id desc limit 1`;

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
