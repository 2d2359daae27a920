import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../db/database.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { openOrm } from '../../db/orm.ts';
import { seedOrganisations } from '../../db/seeds/apply.ts';
import { appendAudit, surveySubject, surveyTerritorySubject } from '../../db/stores/audit.ts';
import { figureColumns, figuresLiteral } from '../../db/survey-figures.ts';
import type { Fact } from '../../domain/changes.ts';
import { figuresOf } from '../../domain/survey/figure-cells.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { prepareForm } from '../../domain/survey/prepare.ts';
import { emptyDatabase } from '../support/database.ts';
import { BEDS, publishForm } from '../support/survey.ts';
import { KEYS } from './fixture.ts';

/** What was there before acceptances counted, and before answers kept their cells and tallies. */
const BEFORE = 'Migration0035RefusedOpenings';
const [lits, ...others] = BEDS.sections;
/** With a greatest of its own. */
const FORM = prepareForm({
  ...BEDS,
  sections: [
    { ...lits!, questions: [...lits!.questions, { code: 'pic', label: 'Pic', type: 'integer', aggregate: 'max' }] },
    ...others,
  ],
});
/** More than are written at once. */
const MANY = 2_300;
const valuesOf = (index: number): AnswerValues => ({
  installes: index,
  occupes: Math.floor(index / 2),
  pic: index - 9,
});

let empty: Awaited<ReturnType<typeof emptyDatabase>>;
let database: Database;
const survey = randomUUID();

beforeAll(async () => {
  empty = await emptyDatabase();
  const orm = openOrm(empty.url, { as: 'owner' });
  await orm.migrator.up({ to: BEFORE });
  await orm.close(true);
  database = await openDatabase(empty.url, { as: 'owner' });
  await database.sql.transaction().execute(seedOrganisations);
  await fill();
  await accept();
  await migrateDatabase(empty.url, { demoContacts: false });
});
afterAll(async () => {
  await database.close();
  await empty.drop();
});

async function fill(): Promise<void> {
  const { sql: db } = database;
  const form = await publishForm(database, FORM.form);
  await sql`insert into survey (id, form_id, form_version, title, author, audience, asked, exercise, status, closings, created_by, created_at)
    values (${survey}, ${form}, 1, 'T', 'CORRUSS', '{}', '{}', false, 'closed', 1, 'x', now())`.execute(db);
  const answers = Array.from({ length: MANY }, (_, index) => {
    const values = valuesOf(index);
    return { id: randomUUID(), values, figures: figuresLiteral(figuresOf(FORM.cells, values)) };
  });
  await sql`with one as (
      select * from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) as one (id uuid, "values" jsonb, figures text)
    ), asked as (
      insert into survey_respondent (id, survey_id, key, name, territory, link_hash)
      select id, ${survey}, id::text, 'N', 'ARS-84', id::text from one returning id
    )
    insert into survey_answer_version (respondent_id, number, "values", comments, complete, after_closings, submitted_at,
      submitted_by, door, figures)
    select one.id, 1, one."values", '{}', true, 0, now(), 'x', 'api', one.figures::bigint[] from one join asked using (id)`.execute(
    db,
  );
}

/** Accepted once, then two more came. */
async function accept(): Promise<void> {
  const at = Date.now();
  const actor = { sub: 'x', organisation: 'CORRUSS' };
  const fact = (kind: 'surveyAccepted' | 'surveyAnswered', data: object): Fact =>
    ({ at, kind, organisation: 'ARS-84', actor, data }) as Fact;
  const tell = (subject: string, facts: readonly Fact[]) =>
    database.sql.transaction().execute((trx) => appendAudit(trx, KEYS, subject, facts));
  await sql`insert into survey_acceptance (survey_id, territory, counts, accepted_at, accepted_by)
    values (${survey}, 'ARS-84', '{}', to_timestamp(${at} / 1000.0), 'x')`.execute(database.sql);
  await tell(surveySubject(survey), [fact('surveyAccepted', { territories: ['ARS-84'] })]);
  await setTimeout(5); // told later, by the clock of the audit
  const answered = fact('surveyAnswered', {});
  await tell(surveyTerritorySubject(survey, 'ARS-84'), [answered, answered]);
}

test('answers given before cells and tallies were kept have those that they would be given today', async () => {
  const { rows } = await sql<{ values: AnswerValues; cells: string; tally: string; extremes: string }>`
    select v."values", f.cells, f.tally::text as tally, f.extremes::text as extremes from survey_answer_version v
    join survey_answer_figures f on f.respondent_id = v.respondent_id and f.number = v.number and f.survey_id = ${survey}
      and f.complete and f.concerned = (v.not_concerned is null)
    order by (v."values"->>'installes')::int`.execute(database.sql);
  expect(rows).toHaveLength(MANY);
  for (const [index, { values, cells, tally, extremes }] of rows.entries()) {
    const now = figureColumns(FORM, values);
    expect([index, values, cells]).toEqual([index, valuesOf(index), now.cells]);
    expect(digits(tally)).toEqual(digits(now.tally));
    expect(extremes).toBe(now.extremes);
  }
});

test('an acceptance made before submissions were counted has taken over those that the audit tells before it', async () => {
  const found = await database.sql.selectFrom('survey_acceptance').select('submissions').execute();
  expect(found).toEqual([{ submissions: MANY - 2 }]);
});

test('answers are kept for ever again once the migration is over', async () => {
  const change = sql`update survey_answer_figures set tally = '{}'`.execute(database.sql);
  await expect(change).rejects.toThrow(/never changed nor removed/);
});

const digits = (array: string): bigint[] => array.slice(1, -1).split(',').map(BigInt);
