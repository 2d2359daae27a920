import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Database, openDatabase, type Sql } from '../db/database.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { consolidate } from '../db/read-models/survey-results.ts';
import { listSurveys } from '../db/read-models/surveys.ts';
import { listCampaigns } from '../db/read-models/survey-trend.ts';
import { readSiteResults } from '../db/read-models/survey-site-results.ts';
import { listRespondents } from '../db/read-models/survey-respondents.ts';
import { toJson } from '../db/stores/json.ts';
import { figureColumns } from '../db/survey-figures.ts';
import { checkAnswer } from '../domain/survey/check-answer.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import type { CampaignCalendar } from '../domain/survey/campaign-calendar.ts';
import { driftsOf } from '../domain/survey/drift.ts';
import { prepareForm } from '../domain/survey/prepare.ts';
import { percentile } from './load.ts';
import { startPostgresAlone } from './postgres.ts';
import { answerOf, fillRegister, publish, SIXTY } from './survey-rows.ts';

const RESPONDENTS = 3_000;
/** Of Tuesdays, with the one before. */
const A_YEAR = 51;
const BAR = { consolidationMs: 50, lateMs: 20 };
const NATION = { scope: 'all' as const, org: 'CORRUSS' };

/** Consolidation of 3 000 × 60 questions to five levels and the late list, beside a bare sum over a table of columns. */
export async function surveyResults(quick: boolean): Promise<void> {
  const server = await startPostgresAlone();
  try {
    await migrateDatabase(server.url, { demoContacts: false });
    const database = await openDatabase(server.url);
    const owner = await openDatabase(server.url, { as: 'owner' });
    const { survey, form } = await fill(owner);
    const rounds = quick ? 11 : 41;
    await told('floor, sixty sums of a bare table by department', rounds, () => bare(owner));
    const levels = ['department', 'ars', 'zone', 'nation'] as const;
    const territories = (as: 'closing' | 'corrected') => async () => {
      const found = await consolidate(database.sql, NATION, { survey, as }, SIXTY);
      for (const level of levels) found.at(level);
    };
    const sites = async () => {
      for (const _site of await readSiteResults(database.sql, NATION, { survey, as: 'corrected' }, SIXTY)); // drawn
    };
    const corrected = territories('corrected');
    await told('department, ARS, zone and nation, as corrected', rounds, corrected);
    await told('the same, as known at closing', rounds, territories('closing'));
    await told('each of the 3 000 sites', rounds, sites);
    const all = async () => {
      await Promise.all([sites(), corrected()]);
    };
    const five = await told(`all five levels (bar ${BAR.consolidationMs})`, rounds, all);
    const page = { limit: 51, after: null, late: true };
    const lateList = () => listRespondents(database.sql, NATION, survey, page);
    const late = await told(`late list, a page of 50 of 300 (bar ${BAR.lateMs})`, rounds, lateList);
    const region = { ...page, territory: 'ARS-84' };
    await told('the same of one region', rounds, () => listRespondents(database.sql, NATION, survey, region));
    const before = await answered(owner.sql, form, 0);
    await told('drift of the departments since the survey before', rounds, () => drift(database, survey, before));
    for (let week = 2; week <= (quick ? 3 : A_YEAR); week += 1) await answered(owner.sql, form, week);
    await told('among a year of Tuesdays: all five levels', rounds, all);
    await told('the same: late list', rounds, lateList);
    await told('the same: the list of the last 50 surveys', rounds, () =>
      listSurveys(database.sql, NATION, {}, { limit: 50, after: null }),
    );
    if (five > BAR.consolidationMs || late > BAR.lateMs) process.exitCode = 1;
    await Promise.all([database.close(), owner.close()]);
  } finally {
    await server.stop();
  }
}

/** As `GET /v1/surveys/{id}/drift` does: the campaign before looked for, both drawn together, compared. */
async function drift({ sql: db }: Database, survey: string, before: string): Promise<void> {
  const campaigns = await listCampaigns(db, NATION, survey, 2);
  if (campaigns[0]?.id !== before) throw new Error('the survey before was not found');
  const figures = async (of: string) => {
    const found = await consolidate(db, NATION, { survey: of, as: 'corrected' }, SIXTY);
    return { form: SIXTY, rows: found.at('department') };
  };
  driftsOf(await figures(survey), await figures(before), { over: 20, answered: 80 });
}

/** @returns the median, ms */
async function told(what: string, rounds: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = -3; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    if (round >= 0) took.push(performance.now() - began);
  }
  const median = percentile(took, 0.5);
  const best = Math.min(...took);
  console.log(`${what.padEnd(52)}: median ${median.toFixed(1)} ms, fastest ${best.toFixed(1)} ms`);
  return median;
}

/** The survey, its questionnaire and the floor. */
async function fill(database: Database): Promise<{ readonly survey: string; readonly form: string }> {
  const { sql: db } = database;
  await fillRegister(database, RESPONDENTS);
  const form = await publish(database, SIXTY);
  const survey = await answered(db, form, 1);
  await sql`create table bare as select r.department, ${columns((n) => `(f.cells::json ->> ${n - 1})::bigint as c${n}`)}
    from survey_answer_figures f join survey_respondent r on r.id = f.respondent_id where f.number = 1`.execute(db);
  await sql`vacuum analyze bare`.execute(db);
  return { survey, form };
}

/** A closed survey of the nth week: nine tenths have answered, a tenth of those twice, half are validated. */
async function answered(db: Sql, form: string, week: number): Promise<string> {
  const survey = randomUUID();
  const prepared = prepareForm(SIXTY);
  await sql`
    insert into survey (id, form_id, form_version, title, author, audience, asked, exercise, status, closings, calendar, created_by, created_at)
    values (${survey}, ${form}, 1, 'Mesure', 'CORRUSS', '{}', '{}', false, 'closed', 1, ${toJson(calendarOf(week * 7 * DAY))},
      'bench', now())`.execute(db);
  await sql`
    insert into survey_respondent (id, survey_id, key, organisation_id, name, territory, department, link_hash)
    select gen_random_uuid(), ${survey}, s.id, s.id, s.name, s.ars_id, s.department, ${survey} || s.id
    from site s`.execute(db);
  const asked = sql<{ id: string }>`select id from survey_respondent where survey_id = ${survey} order by key`;
  const { rows } = await asked.execute(db);
  const versions = rows.flatMap(({ id }, index) => {
    if (index % 10 === 0) return [];
    const { values } = checkAnswer(prepared, { values: answerOf(index + week) }, { mode: 'submit' });
    const one = { id, number: 1, closings: 0, values, ...figureColumns(prepared, values) };
    return index % 10 === 1 ? [one, { ...one, number: 2, closings: 1 }] : [one];
  });
  await sql`
    with one as (
      select * from jsonb_to_recordset(${toJson(versions)}::jsonb)
        as one (id uuid, number int, closings int, "values" jsonb, cells text, tally text, extremes text)
    ), version as (
      insert into survey_answer_version (respondent_id, number, "values", comments, complete, after_closings, submitted_at, submitted_by, door)
      select id, number, "values", '{}', true, closings, now(), 'bench', 'api' from one
    )
    insert into survey_answer_figures (survey_id, respondent_id, number, concerned, complete, tally, extremes, cells)
    select ${survey}, id, number, true, true, tally::numeric[], extremes::bigint[], cells from one`.execute(db);
  await sql`
    insert into survey_answer (respondent_id, survey_id, version, submitted, at_closing, on_time, validated, updated_at, updated_by)
    select respondent_id, ${survey}, 1, max(number), 1, true, case when random() < 0.5 then max(number) end, now(), 'bench'
    from survey_answer_version where respondent_id in (select id from survey_respondent where survey_id = ${survey})
    group by respondent_id`.execute(db);
  await sql`vacuum analyze`.execute(db);
  return survey;
}

const calendarOf = (opensAt: Instant): CampaignCalendar => ({
  ...{ opensAt, closesAt: opensAt + DAY, remindBefore: [], validateUntil: null, acceptUntil: null },
});

const columns = (of: (n: number) => string) =>
  sql.raw(Array.from({ length: 60 }, (_, index) => of(index + 1)).join(', '));

const bare = ({ sql: db }: Database): Promise<unknown> =>
  sql`select department, ${columns((n) => `sum(c${n})`)} from bare group by department`.execute(db);
