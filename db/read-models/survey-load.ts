import { sql } from 'kysely';
import type { Instant } from '../../domain/instant.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf } from './cursor.ts';
import { respondentVisible } from './surveys.ts';

/** What one organisation is asked in some time. */
export interface LoadItem {
  readonly organisation: string;
  readonly name: string;
  readonly territory: string;
  readonly department: string | null;
  readonly surveys: number;
  /** Of all of them, what is computed apart; a table is one. */
  readonly questions: number;
  readonly authors: string[];
  readonly asked: {
    readonly survey: string;
    readonly title: string;
    readonly author: string;
    readonly opensAt: string;
    readonly closesAt: string;
    readonly questions: number;
    /** Why it was opened although it was much; null: it was not, or nobody said. */
    readonly loadReason: string | null;
  }[];
}

interface Time {
  readonly from: Instant;
  readonly until: Instant;
  readonly exercise: boolean;
}

/** Who is asked what by whom: organisations of the reader, the most asked first, over surveys that are open at some time of a week. */
export async function listLoad(
  db: Sql,
  reader: SurveyReader,
  { from, until, exercise }: Time,
  { limit, after }: PageRequest,
): Promise<Page<LoadItem>> {
  const next =
    after === null
      ? sql`true`
      : sql`(loaded.surveys < ${after.at}::bigint or (loaded.surveys = ${after.at}::bigint and loaded.organisation > ${after.id}))`;
  const { rows } = await sql<LoadItem>`
    with asking as materialized (
      select s.*, (s.calendar ->> 'opensAt')::bigint as opens, coalesce(extract(epoch from s.closed_at) * 1000, (s.calendar ->> 'closesAt')::bigint)::bigint as closes, (
        select count(*)::int from survey_form_version v cross join lateral jsonb_path_query(v.document, '$.sections[*].questions[*]') q
        where v.form_id = s.form_id and v.number = s.form_version and q ->> 'type' <> 'computed') as questions
      from survey s where s.status in ('scheduled', 'open', 'closed', 'ended') and s.exercise = ${exercise}
    ),
    loaded as (
      select r.organisation_id as organisation, min(r.name) as name, min(r.territory) as territory, min(r.department) as department,
        count(*)::int as surveys, sum(s.questions)::int as questions, array_agg(distinct s.author) as authors,
        jsonb_agg(jsonb_build_object('survey', s.id, 'title', s.title, 'author', s.author, 'questions', s.questions,
          'opensAt', ${iso('s.opens')}, 'closesAt', ${iso('s.closes')}, 'loadReason', s.load ->> 'reason') order by s.opens, s.id) as asked
      from asking s join survey_respondent r on r.survey_id = s.id
      where s.opens < ${until}::bigint and s.closes >= ${from}::bigint and r.organisation_id is not null and ${respondentVisible(reader)}
      group by r.organisation_id
    )
    select * from loaded where ${next} order by surveys desc, organisation limit ${limit + 1}`.execute(db);
  return pageOf(
    rows,
    limit,
    (row) => ({ at: row.surveys, id: row.organisation }),
    (row) => row,
  );
}

const iso = (column: string) =>
  sql`to_char(to_timestamp(${sql.ref(column)} / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
