import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql as plain } from 'kysely';
import { resultsCsv } from '../../api/documents/survey-csv.ts';
import { readResults } from '../../db/read-models/survey-results.ts';
import { ORGANISATIONS } from '../../db/seeds/organisations.ts';
import { aggregatesOf, figureOf } from '../../domain/survey/aggregate.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { prepareForm } from '../../domain/survey/prepare.ts';
import type { Form } from '../../domain/survey/form.ts';
import { RESULT_LEVELS, type ResultLevel } from '../../domain/survey/results.ts';
import { addCounts } from '../../domain/survey/rates.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { randomOf } from '../support/random.ts';
import { publishForm } from '../support/survey.ts';
import { keepVersions } from '../support/survey-versions.ts';

const FORM: Form = {
  code: 'TOUT',
  title: 'Toutes les règles',
  sections: [
    {
      code: 's',
      title: 'S',
      questions: [
        { code: 'lits', label: 'Lits', type: 'integer', aggregate: 'sum' },
        { code: 'poids', label: 'Poids', type: 'decimal', aggregate: 'max' },
        { code: 'moyenne', label: 'Moyenne', type: 'decimal', aggregate: 'mean', weightedBy: 'poids' },
        { code: 'simple', label: 'Simple', type: 'decimal', aggregate: 'mean' },
        { code: 'mini', label: 'Mini', type: 'integer', aggregate: 'min' },
        { code: 'compte', label: 'Compte', type: 'integer', aggregate: 'count' },
        { code: 'part', label: 'Part', type: 'percentage', aggregate: 'ratio', numerator: 'mini', denominator: 'lits' },
        { code: 'niveau', label: 'Niveau', type: 'choice', choices: choices('a', 'b', 'c'), aggregate: 'count' },
        { code: 'mesures', label: 'Mesures', type: 'choices', choices: choices('x', 'y'), aggregate: 'count' },
        { code: 'jour', label: 'Jour', type: 'date', aggregate: 'max' },
        { code: 'texte', label: 'Texte', type: 'text', aggregate: 'count' },
        {
          code: 'table',
          label: 'Table',
          type: 'table',
          rows: choices('r1', 'r2'),
          columns: [
            { code: 'c1', label: 'C1', type: 'integer', aggregate: 'sum' },
            { code: 'c2', label: 'C2', type: 'decimal', aggregate: 'mean', weightedBy: 'c1' },
          ],
        },
      ],
    },
  ],
};

function choices(...codes: string[]) {
  return codes.map((code) => ({ code, label: code }));
}

const PREPARED = prepareForm(FORM);
const ARS = ORGANISATIONS.filter(({ kind }) => kind === 'ars');
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

interface Given {
  readonly territory: string;
  readonly department?: string | null;
  readonly validated?: boolean;
  readonly versions: readonly {
    readonly values: AnswerValues;
    readonly afterClosings: number;
    readonly out: boolean;
  }[];
}

/** Respondents of a closed survey with whatever they have answered, some of them nothing. */
function answers(seed: number): Given[] {
  const random = randomOf(seed);
  const some = <T>(value: T): T | undefined => (random() < 0.75 ? value : undefined);
  const int = (most: number) => Math.floor(random() * most);
  const dec = () => int(10_000) / 100;
  const values = (): AnswerValues => {
    const all = {
      lits: some(int(500)),
      poids: some(dec()),
      moyenne: some(dec()),
      simple: some((int(10_000) - 5_000) / 100),
      mini: some(int(90) - 30),
      compte: some(int(5)),
      niveau: some('abc'[int(3)]),
      mesures: some(['x', 'y'].slice(int(2))),
      jour: some(`2026-11-${String(10 + int(20))}`),
      texte: some('mot'),
      table: some({
        r1: random() < 0.3 ? { notConcerned: 'aucun' } : { c1: int(40), c2: dec() },
        r2: random() < 0.5 ? { c1: int(40) } : { c2: dec() },
      }),
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as AnswerValues;
  };
  const place = () => {
    const { id, departments } = ARS[int(ARS.length)]!;
    return { territory: id, department: random() < 0.9 ? departments[int(departments.length)]! : null };
  };
  return Array.from({ length: 120 }, () => ({
    ...place(),
    validated: random() < 0.4,
    versions: Array.from({ length: int(4) }, (_, n) => ({
      values: values(),
      afterClosings: n < 2 ? 0 : 1,
      out: random() < 0.1,
    })),
  }));
}

async function store(given: readonly Given[]): Promise<string> {
  const { sql } = fresh.database;
  const id = randomUUID();
  const form_id = await publishForm(fresh.database, FORM);
  const [none, at] = ['{}', new Date()];
  await sql
    .insertInto('survey')
    .values({
      ...{ id, form_id, form_version: 1, title: 'T', author: 'CORRUSS', audience: none, asked: none, exercise: false },
      ...{ status: 'closed', closings: 1, created_by: 'x', created_at: at },
    })
    .execute();
  for (const { territory, department = null, versions, validated = false } of given) {
    const respondent = randomUUID();
    const who = {
      id: respondent,
      survey_id: id,
      key: respondent,
      name: 'N',
      territory,
      department,
      link_hash: respondent,
    };
    await sql.insertInto('survey_respondent').values(who).execute();
    if (versions.length === 0) continue;
    const at_closing = versions.findLastIndex(({ afterClosings }) => afterClosings === 0) + 1;
    const said = validated ? { validated: versions.length, closing_validated: versions.length === at_closing } : {};
    const written = {
      version: 1,
      submitted: versions.length,
      at_closing,
      on_time: at_closing > 0,
      ...said,
      updated_at: at,
      updated_by: 'x',
    };
    await sql
      .insertInto('survey_answer')
      .values({ respondent_id: respondent, survey_id: id, ...written })
      .execute();
    const rows = versions.map(({ values, afterClosings, out }, index) => ({
      ...{ respondent, number: index + 1, values: out ? {} : values, complete: false },
      ...{ afterClosings, notConcerned: out ? 'aucun service' : null },
    }));
    await keepVersions(sql, { survey: id, form: PREPARED }, rows);
  }
  return id;
}

const NATION = { scope: 'all' as const, org: 'CORRUSS' };
const results = async (survey: string, by: ResultLevel, as: 'closing' | 'corrected') =>
  Array.from(await readResults(fresh.database.sql, NATION, { survey, by, as }, FORM), (row) => ({
    ...row,
    values: row.figures.byKey(),
  }));
type Result = Awaited<ReturnType<typeof results>>[number];

const levelOf: Readonly<Record<Exclude<ResultLevel, 'site'>, (one: Given) => string>> = {
  department: ({ department, territory }) => department ?? territory,
  ars: ({ territory }) => territory,
  zone: ({ territory }) => ARS.find(({ id }) => id === territory)!.zone!,
  nation: () => 'NATION',
};

test.each([1, 2, 3])(
  'figures by SQL are those of the rules, at every level, at the closing and corrected (seed %i)',
  async (seed) => {
    const given = answers(seed);
    const survey = await store(given);
    for (const as of ['closing', 'corrected'] as const) {
      const counting = given.map((one) => ({
        one,
        last: one.versions.findLast(({ afterClosings }) => as === 'corrected' || afterClosings === 0),
      }));
      for (const by of ['department', 'ars', 'zone', 'nation'] as const) {
        const found = await results(survey, by, as);
        const places = [...new Set(given.map(levelOf[by]))].sort();
        expect(found.map(({ territory }) => territory).sort()).toEqual(places);
        for (const item of found) {
          const here = counting.filter(({ one }) => levelOf[by](one) === item.territory);
          const values = here.flatMap(({ last }) => (last === undefined || last.out ? [] : [last.values]));
          const expected = Object.fromEntries(aggregatesOf(FORM).map((rule) => [rule.key, figureOf(rule, values)]));
          expect([item.territory, item.values]).toEqual([item.territory, expected]);
          expect(item.received).toBe(values.length);
          expect(item.late).toBe(here.filter(({ last }) => last === undefined).length);
        }
      }
    }
  },
);

test('the figures of each respondent are those of the rules over its answer alone', async () => {
  const given = answers(5);
  const found = await results(await store(given), 'site', 'corrected');
  const told = (values: object) => JSON.stringify(values);
  const expected = given.map(({ versions }) => {
    const last = versions.at(-1);
    const alone = last === undefined || last.out ? [] : [last.values];
    return told(Object.fromEntries(aggregatesOf(FORM).map((rule) => [rule.key, figureOf(rule, alone)])));
  });
  expect(found.map(({ values }) => told(values)).sort()).toEqual(expected.sort());
});

const countsOf = ({ territory: _territory, name: _name, figures: _figures, values: _values, ...counts }: Result) =>
  counts;

test.each(['closing', 'corrected'] as const)(
  'sums and counts of each of five levels are those of its parts (%s)',
  async (as) => {
    const survey = await store(answers(7));
    const levels = await Promise.all(RESULT_LEVELS.map((by) => results(survey, by, as)));
    const nation = levels.at(-1)![0]!;
    expect(nation.validated).toBeGreaterThan(0);
    const sum = (items: readonly Result[], key: string) =>
      items.reduce((total, { values }) => total + ((values[key] ?? 0) as number), 0);
    for (const level of levels) {
      expect(addCounts(level.map(countsOf))).toEqual(countsOf(nation));
      for (const key of ['lits', 'compte', 'texte', 'table.r1.c1', 'table.c1']) {
        expect([key, sum(level, key)]).toEqual([key, nation.values[key]]);
      }
    }
  },
);

/** Written by hand over the answers as they came, beside whatever is kept for the figures. */
const byHand = async (survey: string, place: string, version: string) => {
  const { rows } = await plain<{ territory: string; lits: number | null; part: number | null; received: number }>`
    select ${plain.raw(place)} as territory, sum((v.values->>'lits')::numeric)::float8 as lits, count(v.number)::int as received,
      round(100 * sum((v.values->>'mini')::numeric) filter (where v.values ? 'lits')
        / nullif(sum((v.values->>'lits')::numeric) filter (where v.values ? 'mini'), 0), 2)::float8 as part
    from survey_respondent r join organisation o on o.id = r.territory
    left join lateral (select * from survey_answer_version x where x.respondent_id = r.id and ${plain.raw(version)}
      order by x.number desc limit 1) v on v.not_concerned is null
    where r.survey_id = ${survey} group by 1 order by 1`.execute(fresh.database.sql);
  return rows;
};

test.each([
  ['site', 'r.id::text'],
  ['department', 'coalesce(r.department, r.territory)'],
  ['ars', 'r.territory'],
  ['zone', 'o.zone'],
  ['nation', "'NATION'"],
] as const)('figures by %s are those of plain SQL over the answers', async (by, place) => {
  const survey = await store(answers(11));
  for (const [as, version] of [
    ['closing', 'x.after_closings = 0'],
    ['corrected', 'true'],
  ] as const) {
    const found = await results(survey, by, as);
    const told = found.map(({ territory, received, values }) => {
      return { territory, received, lits: values['lits'], part: values['part'] };
    });
    const bySpelling = (a: { territory: string }, b: { territory: string }) => (a.territory < b.territory ? -1 : 1);
    expect(told.sort(bySpelling)).toEqual((await byHand(survey, place, version)).sort(bySpelling));
  }
});

test('nobody has answered is not zero', async () => {
  const survey = await store([{ territory: 'ARS-84', versions: [] }]);
  const [item] = await results(survey, 'nation', 'corrected');
  expect(item).toMatchObject({ expected: 1, received: 0, values: { lits: null, simple: null, compte: 0 } });
  const zero = await store([
    { territory: 'ARS-84', versions: [{ values: { lits: 0 }, afterClosings: 0, out: false }] },
  ]);
  expect((await results(zero, 'nation', 'corrected'))[0]!.values['lits']).toBe(0);
});

test('a reader of one territory gets that territory alone', async () => {
  const survey = await store(answers(9));
  await fresh.database.sql
    .updateTable('survey_respondent')
    .set({ organisation_id: 'ARS-84' })
    .where('survey_id', '=', survey)
    .where('territory', '=', 'ARS-84')
    .where('key', '=', (eb) =>
      eb
        .selectFrom('survey_respondent')
        .select((one) => one.fn.min('key').as('key'))
        .where('survey_id', '=', survey)
        .where('territory', '=', 'ARS-84'),
    )
    .execute();
  const own = { scope: ['ARS-84'], org: 'ARS-84' };
  const found = Array.from(await readResults(fresh.database.sql, own, { survey, by: 'ars', as: 'corrected' }, FORM));
  expect(found.map(({ territory, expected, notConcerned }) => [territory, expected + notConcerned])).toEqual([
    ['ARS-84', 1],
  ]);
});

test('results as CSV: numbers stay numbers, and what is missing is empty', async () => {
  const survey = await store([
    { territory: 'ARS-84', versions: [{ values: { lits: 3, niveau: 'b' }, afterClosings: 0, out: false }] },
  ]);
  const [heading, line] = resultsCsv(await results(survey, 'ars', 'corrected'), FORM)
    .slice(1)
    .split('\r\n');
  const cells = Object.fromEntries(heading!.split(';').map((title, index) => [title, line!.split(';')[index]]));
  expect(cells).toMatchObject({
    territoire: 'ARS-84',
    reçues: '1',
    lits: '3',
    simple: '',
    'niveau.a': '0',
    'niveau.b': '1',
  });
});
