import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Actor } from '../../../domain/actor.ts';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Sql, Transaction } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { AnswerContent, Schema } from '../../schema.ts';

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

/** Of one who writes: also where it counts, and the last version whether it counts or was returned. */
export interface LockedAnswer extends FoundAnswer {
  readonly territory: string;
  readonly last: number | null;
  readonly lastValues: AnswerValues | null;
  readonly lastReused: Reused | null;
  /** Of the survey before by the same form; null: this is its first. */
  readonly valuesBefore: AnswerValues | null;
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
const valuesBefore = (key: RawBuilder<unknown>, survey: RawBuilder<unknown>) => sql`
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

/** Whose answer is written, by whom. */
interface Writer {
  readonly survey: string;
  readonly respondent: string;
  readonly by: Actor;
  readonly now: number;
}

/** The survey, held shared until the caller's transaction ends, and the answer to it, locked where the survey is open. */
export type HeldAnswer = Pick<
  Selectable<Schema['survey']>,
  'status' | 'closings' | 'form_id' | 'form_version' | 'thresholds' | 'reuse_days'
> &
  Pick<LockedAnswer, 'name' | 'organisation' | 'territory' | 'valuesBefore'> & {
    /** Of the answer. 0: nothing was ever written; null: the survey is not open, and nothing is locked. */
    readonly version: number | null;
  };

/** The survey's row first, then that of the answer, in one statement; the first answer of a respondent needs no other. */
export async function holdAnswer(trx: Transaction, { survey, respondent, by, now }: Writer): Promise<HeldAnswer> {
  const { rows } = await sql<HeldAnswer>`${sql.raw(PREPARED)}
    with held as materialized (
      select id, status, closings, form_id, form_version, thresholds, reuse_days from survey where id = ${survey}::uuid for share
    ), answer as (
      insert into survey_answer as a (respondent_id, survey_id, version, updated_at, updated_by)
      select ${respondent}::uuid, h.id, 0, ${new Date(now)}::timestamptz, ${by.sub} from held h where h.status = 'open'
      on conflict (respondent_id) do update set version = a.version returning version
    )
    select h.status, h.closings, h.form_id, h.form_version, h.thresholds, h.reuse_days, a.version, r.name, r.organisation_id as organisation,
      r.territory, before.values as "valuesBefore"
    from held h join survey_respondent r on r.id = ${respondent}::uuid left join answer a on true
    left join lateral (select * from (${valuesBefore(sql`r.key`, sql`r.survey_id`)}) b where a.version = 0) before on true`.execute(
    trx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`survey ${survey} or its respondent ${respondent} is not there`);
  return row;
}

/**
 * The answer of whoever has locked it. Two writers of one answer take turns: its row is locked alone, and read only then. (What is
 * joined to a locked row is not read anew after a wait.) One to which nothing was ever written has nothing more to read.
 */
export async function readLocked(trx: Transaction, respondent: string, held: HeldAnswer): Promise<LockedAnswer> {
  const { name, organisation, territory, valuesBefore: before } = held;
  if (held.version === 0) return { ...NOTHING_WRITTEN, name, organisation, territory, valuesBefore: before };
  const { rows } = await sql<LockedAnswer>`${sql.raw(PREPARED)}
    select a.version, a.draft, a.submitted, r.name, r.organisation_id as organisation, r.territory, v.values, v.comments,
      v.not_concerned as "notConcerned", v.reused, last.number as last, last.values as "lastValues", last.reused as "lastReused",
      before.values as "valuesBefore"
    from survey_answer a join survey_respondent r on r.id = a.respondent_id
    left join survey_answer_version v on v.respondent_id = a.respondent_id and v.number = a.submitted
    left join lateral (
      select x.number, x.values, x.reused from survey_answer_version x where x.respondent_id = a.respondent_id order by x.number desc limit 1
    ) last on true
    left join lateral (${valuesBefore(sql`r.key`, sql`r.survey_id`)}) before on true
    where a.respondent_id = ${respondent}::uuid`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new Error('the answer was locked just before');
  return row;
}

const NOTHING_WRITTEN = {
  version: 0,
  draft: null,
  submitted: null,
  values: null,
  comments: null,
  notConcerned: null,
  reused: null,
  last: null,
  lastValues: null,
  lastReused: null,
} as const;

/**
 * Whether somebody has not submitted yet. Asked after a submission has committed: of the last two at once, each would see the other
 * owe an answer, and nobody would be told. Looked for in the order of the links' hashes, which is none:
 * in any other those who have answered would all be passed at each answer.
 */
export async function owesAnybody(db: Sql, survey: string): Promise<boolean> {
  const { rows } = await sql`${sql.raw(PREPARED)}
    select from survey_respondent r where r.survey_id = ${survey}::uuid and not exists (
      select from survey_answer a where a.respondent_id = r.id and a.submitted is not null)
    order by r.link_hash limit 1`.execute(db);
  return rows.length > 0;
}
