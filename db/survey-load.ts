import { type RawBuilder, sql } from 'kysely';
import { DAY, type Instant } from '../domain/instant.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { Form } from '../domain/survey/form.ts';
import {
  LOAD_WINDOW,
  loadOf,
  MOST_SURVEYS,
  type OtherSurvey,
  QUESTION_WINDOW,
  type SurveyLoad,
} from '../domain/survey/load.ts';
import type { Sql } from './database.ts';
import { toJson } from './stores/json.ts';
import { type Asking, respondentsOf } from './survey-audience.ts';

/** A survey that is to be opened. */
export interface Loading extends Asking {
  /** Null: not written yet. */
  readonly id: string | null;
  readonly formId: string;
  readonly form: Form;
  readonly opensAt: Instant;
  /** Exercises stand apart. */
  readonly exercise: boolean;
  /** What repeats itself in a series is the series' own; null: none. */
  readonly series: string | null;
  /** How old an answer may be, in days, that its respondents are offered to take over; null: none is. */
  readonly reuseDays: number | null;
  /** Of a series as a whole: how often it opens within the window; its own surveys are counted by it alone. */
  readonly times?: number;
}

/**
 * What opening a survey asks of those who are asked already: set by set, whatever the number of respondents. Of other agencies' own
 * lists nothing is told.
 */
export async function readLoad(db: Sql, loading: Loading): Promise<SurveyLoad> {
  const { rows } = await sql<Omit<SurveyLoad, 'surveys'> & { surveys: OtherSurvey[] }>`
    with asked as materialized (select key, name from (${respondentsOf(loading)}) whom),
    near as materialized (${near(loading)}),
    also as materialized (
      select near.id, near.opens, near.questions, asked.key, asked.name
      from near join survey_respondent r on r.survey_id = near.id join asked on asked.key = r.key
      where ${loading.author} = ${CORRUSS} or r.organisation_id is not null or near.author = ${loading.author}
    ),
    counted as (
      select key, name, max(n) as most from (
        select key, name, opens, count(*) over (
          partition by key order by opens range between ${LOAD_WINDOW - 1}::bigint preceding and current row) as n
        from (
          select key, name, opens from also
          union all select key, name, ${loading.opensAt}::bigint from asked cross join generate_series(1, ${loading.times ?? 1}::int)
        ) asking
      ) windows where opens >= ${loading.opensAt}::bigint group by key, name
    ),
    beyond as (select key, name, most from counted where most > ${MOST_SURVEYS}::int),
    others as (
      select near.id, near.title, near.author, o.name as "authorName", near.opens as "opensAt", near.questions, shared.respondents
      from near join organisation o on o.id = near.author
      join (select id, count(*)::int as respondents from also group by id) shared on shared.id = near.id
      where cardinality(near.questions) > 0 or exists (select from also join beyond using (key) where also.id = near.id)
    )
    select (select count(*)::int from beyond) as overloaded, (select coalesce(max(most), 0)::int from beyond) as most,
      array(select name from beyond order by most desc, name limit 3) as examples,
      (select count(distinct key)::int from also where cardinality(questions) > 0) as "askedAgain",
      coalesce((select jsonb_agg(others order by cardinality(questions) desc, respondents desc, id) from others), '[]') as surveys`.execute(
    db,
  );
  const [load] = rows;
  if (load === undefined) throw new Error('a selection without a source is always one row');
  return load;
}

/** Surveys that open about the same time, each with the questions that both ask. */
function near(loading: Loading): RawBuilder<unknown> {
  const { id, formId, form, opensAt, exercise, series, times } = loading;
  return sql`
  select s.id, s.title, s.author, s.opens, array(
    select distinct q ->> 'label' from survey_form_version v
    cross join lateral jsonb_path_query(v.document, '$.sections[*].questions[*]') q
    join jsonb_to_recordset(${toJson(loadOf(form))}::jsonb) as mine (code text, label text, unit text) on mine.code = q ->> 'code'
      and (s.form_id = ${formId}::uuid or (mine.label = q ->> 'label' and mine.unit is not distinct from q ->> 'unit'))
    where v.form_id = s.form_id and v.number = s.form_version and abs(s.opens - ${opensAt}::bigint) < ${QUESTION_WINDOW}::bigint
      and not ${ofSeries(series)} and not ${answeredBefore(loading)}
  ) as questions
  from (select survey.*, (calendar ->> 'opensAt')::bigint as opens from survey where status in ('scheduled', 'open', 'closed', 'ended')) s
  where s.id is distinct from ${id}::uuid and s.exercise = ${exercise}
    and abs(s.opens - ${opensAt}::bigint) < ${LOAD_WINDOW}::bigint and (${times === undefined} or not ${ofSeries(series)})`;
}

/** What another survey asked before, and this one offers to take over, nobody is asked again: whom that asked may be offered it. */
const answeredBefore = ({ author, opensAt, reuseDays }: Loading): RawBuilder<boolean> =>
  reuseDays === null
    ? sql<boolean>`false`
    : sql<boolean>`(s.opens between ${opensAt - reuseDays * DAY}::bigint and ${opensAt}::bigint
        and (s.author = ${author} or not s.audience ? 'respondents'))`;

const ofSeries = (series: string | null): RawBuilder<boolean> =>
  sql`exists (select from survey_series_opening p where p.survey_id = s.id and p.series_id = ${series}::uuid)`;
