import { type Selectable, sql } from 'kysely';
import type { Actor } from '../../../domain/actor.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Transaction } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { Schema } from '../../schema.ts';
import { type FoundAnswer, valuesBefore } from './survey-answer-reading.ts';

/** Whose answer is written, by whom. */
interface Writer {
  readonly survey: string;
  readonly respondent: string;
  readonly by: Actor;
  readonly now: Instant;
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

/** A survey, held shared until the caller's transaction ends, and one answer to it, locked where the survey is open. */
export interface HeldAnswer
  extends
    Pick<
      Selectable<Schema['survey']>,
      'status' | 'closings' | 'form_id' | 'form_version' | 'thresholds' | 'reuse_days'
    >,
    Pick<LockedAnswer, 'name' | 'organisation' | 'territory' | 'valuesBefore'> {
  readonly respondent: string;
  /** Of the answer. 0: nothing was ever written; null: the survey is not open, and nothing is locked. */
  readonly version: number | null;
}

/**
 * The rows of the surveys first, then those of the answers, in one order for everybody who takes several, in one statement; the
 * first answer of a respondent needs no other.
 * @param writers each of another respondent
 */
export async function holdAnswers(trx: Transaction, writers: readonly Writer[]): Promise<readonly HeldAnswer[]> {
  const { rows } = await sql<HeldAnswer>`${sql.raw(PREPARED)}
    with asked as (
      select * from unnest(${writers.map(({ survey }) => survey)}::uuid[], ${writers.map(({ respondent }) => respondent)}::uuid[],
        ${writers.map(({ by }) => by.sub)}::text[], ${writers.map(({ now }) => new Date(now))}::timestamptz[])
        as one (survey, respondent, sub, at)
    ), held as materialized (
      select id, status, closings, form_id, form_version, thresholds, reuse_days from survey
      where id = any(array(select survey from asked)) order by id for share
    ), answer as (
      insert into survey_answer as a (respondent_id, survey_id, version, updated_at, updated_by)
      select asked.respondent, h.id, 0, asked.at, asked.sub from asked join held h on h.id = asked.survey
      where h.status = 'open' order by asked.respondent
      on conflict (respondent_id) do update set version = a.version returning respondent_id, version
    )
    select r.id as respondent, h.status, h.closings, h.form_id, h.form_version, h.thresholds, h.reuse_days, a.version, r.name,
      r.organisation_id as organisation, r.territory, before.values as "valuesBefore"
    from asked join held h on h.id = asked.survey join survey_respondent r on r.id = asked.respondent
    left join answer a on a.respondent_id = r.id
    left join lateral (select * from (${valuesBefore(sql`r.key`, sql`r.survey_id`)}) b where a.version = 0) before on true`.execute(
    trx,
  );
  if (rows.length !== writers.length) throw new Error('a survey or a respondent is not there');
  return rows;
}

/**
 * Until when closed surveys take the answers that were re-opened alone, or given back; only those that were are there. Locks them: a
 * validation may end that.
 */
export async function unlockedUntil(
  trx: Transaction,
  held: readonly HeldAnswer[],
): Promise<ReadonlyMap<string, Instant>> {
  const closed = held.filter(({ status }) => status === 'closed').map(({ respondent }) => respondent);
  if (closed.length === 0) return new Map();
  const { rows } = await sql<{ respondent: string; until: Date | null }>`
    select respondent_id as respondent, unlocked_until as until from survey_answer
    where respondent_id = any(${closed}::uuid[]) order by respondent_id for update`.execute(trx);
  return new Map(rows.flatMap(({ respondent, until }) => (until === null ? [] : [[respondent, until.getTime()]])));
}

/**
 * The answers of whoever has locked them, by respondent. Two writers of one answer take turns: its row is locked alone, and read
 * only then. (What is joined to a locked row is not read anew after a wait.) One to which nothing was ever written has nothing
 * more to read.
 */
export async function readLocked(
  trx: Transaction,
  held: readonly HeldAnswer[],
): Promise<ReadonlyMap<string, LockedAnswer>> {
  const fresh = held.filter(({ version }) => version === 0).map((one) => [one.respondent, unwritten(one)] as const);
  const written = held.filter(({ version }) => version !== 0).map(({ respondent }) => respondent);
  if (written.length === 0) return new Map(fresh);
  const { rows } = await sql<LockedAnswer & { respondent: string }>`${sql.raw(PREPARED)}
    select r.id as respondent, a.version, a.draft, a.submitted, r.name, r.organisation_id as organisation, r.territory, v.values,
      v.comments, v.not_concerned as "notConcerned", v.reused, last.number as last, last.values as "lastValues",
      last.reused as "lastReused", before.values as "valuesBefore"
    from survey_answer a join survey_respondent r on r.id = a.respondent_id
    left join survey_answer_version v on v.respondent_id = a.respondent_id and v.number = a.submitted
    left join lateral (
      select x.number, x.values, x.reused from survey_answer_version x where x.respondent_id = a.respondent_id order by x.number desc limit 1
    ) last on true
    left join lateral (${valuesBefore(sql`r.key`, sql`r.survey_id`)}) before on true
    where a.respondent_id = any(${written}::uuid[])`.execute(trx);
  return new Map([...fresh, ...rows.map((row) => [row.respondent, row] as const)]);
}

const unwritten = ({ name, organisation, territory, valuesBefore }: HeldAnswer): LockedAnswer => ({
  ...{ version: 0, draft: null, submitted: null, values: null, comments: null, notConcerned: null, reused: null },
  ...{ last: null, lastValues: null, lastReused: null },
  ...{ name, organisation, territory, valuesBefore },
});
