import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Drift, NotCompared } from '../../domain/survey/drift.ts';
import { ORGANISATIONS } from '../../db/seeds/organisations.ts';
import { DAY } from '../../domain/instant.ts';
import { prepareForm } from '../../domain/survey/prepare.ts';
import type { Form } from '../../domain/survey/form.ts';
import { type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { randomOf } from '../support/random.ts';
import { BEDS, publishForm } from '../support/survey.ts';
import { keepVersions } from '../support/survey-versions.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

interface Told {
  readonly previous: { readonly survey: string; readonly title: string; readonly openedAt: string } | null;
  readonly total: number;
  readonly items: readonly Drift[];
  readonly notCompared: readonly NotCompared[];
}
interface Given {
  readonly territory: string;
  readonly department?: string;
  /** Undefined: nothing submitted. */
  readonly values?: Readonly<Record<string, number | string>>;
}

const ASKED = Date.parse('2026-11-24T07:00:00Z');
/** A campaign of a form, so many days before the last, with what was answered. */
async function campaign(form_id: string, days: number, given: readonly Given[], form: Form = BEDS, form_version = 1) {
  const { sql: db } = api.database;
  const opensAt = ASKED - days * DAY;
  const [id, at, none] = [randomUUID(), new Date(opensAt), '{}'];
  await db
    .insertInto('survey')
    .values({
      ...{ id, form_id, form_version, title: `Il y a ${days} jours`, author: 'CORRUSS', audience: none, asked: none },
      ...{ exercise: false, status: 'closed', closings: 1, created_by: 'x', created_at: at },
      calendar: JSON.stringify({
        opensAt,
        closesAt: opensAt + DAY,
        remindBefore: [],
        validateUntil: null,
        acceptUntil: null,
      }),
    })
    .execute();
  for (const { territory, department, values } of given) {
    const who = { id: randomUUID(), key: randomUUID(), link_hash: randomUUID() };
    const respondent = { ...who, survey_id: id, organisation_id: territory, name: 'N', territory };
    await db
      .insertInto('survey_respondent')
      .values({ ...respondent, department: department ?? null })
      .execute();
    if (values === undefined) continue;
    const one = { respondent_id: who.id, updated_at: at, updated_by: 'x' };
    await db
      .insertInto('survey_answer')
      .values({ ...one, survey_id: id, version: 1, submitted: 1, at_closing: 1, on_time: true })
      .execute();
    const version = { respondent: who.id, number: 1, values, complete: true, afterClosings: 0, notConcerned: null };
    await keepVersions(db, { survey: id, form: prepareForm(form) }, [version]);
  }
  return id;
}
const drift = async (id: string, query = '', account: AccountName = 'corruss-chef') =>
  api.as(account).get<Told>(`/v1/surveys/${id}/drift${query}`);
const told = ({ territory, question, previous, now, change }: Drift) => [territory, question, previous, now, change];

const beds = (territory: string, installes: number, occupes: number, tension = 'n1') => ({
  ...{ territory, department: territory === 'ARS-84' ? 'D69' : 'D75' },
  values: { installes, occupes, tension },
});

test('what has moved by more than 20 % since the campaign before, computed by hand; a fifth itself is not more; from zero has no percentage', async () => {
  const form = await publishForm(api.database);
  await campaign(form, 14, [beds('ARS-84', 1, 1)]);
  const before = await campaign(form, 7, [beds('ARS-84', 60, 40), beds('ARS-84', 40, 10), beds('ARS-11', 90, 0)]);
  const id = await campaign(form, 0, [beds('ARS-84', 70, 10), beds('ARS-84', 50, 24), beds('ARS-11', 60, 6, 'n2')]);
  expect((await api.as('corruss-chef').get(`/v1/surveys/${id}`)).body).toMatchObject({
    drift: `/v1/surveys/${id}/drift`,
  });
  const { status, body } = await drift(id);
  const openedAt = new Date(ASKED - 7 * DAY).toISOString();
  expect([status, body.previous]).toEqual([200, { survey: before, title: 'Il y a 7 jours', openedAt }]);
  // ARS-84: 100 → 120 installed is a fifth; 50 → 34 occupied; 50 % → 28.33 %. ARS-11: 90 → 60, from nobody to 6, from 0 % to 10 %.
  expect(body.items.map(told)).toEqual([
    ['ARS-11', 'occupes', 0, 6, null],
    ['ARS-11', 'taux', 0, 10, null],
    ['ARS-11', 'tension.n2', 0, 1, null],
    ['ARS-11', 'tension.n1', 1, 0, -100],
    ['ARS-84', 'taux', 50, 28.33, -43.3],
    ['ARS-11', 'installes', 90, 60, -33.3],
    ['ARS-84', 'occupes', 50, 34, -32],
  ]);
  expect(body.items[5]).toMatchObject({ label: 'Lits installés', unit: 'lits', answered: 100, previousAnswered: 100 });
  expect([body.total, body.notCompared]).toEqual([7, []]);
  expect((await drift(id, '?over=19')).body.items.map(told)).toContainEqual(['ARS-84', 'installes', 100, 120, 20]);
  const first = await drift(id, '?over=40&limit=1');
  expect([first.body.total, first.body.items.map(told)]).toEqual([5, [['ARS-11', 'occupes', 0, 6, null]]]);
  expect((await drift(id, '?by=nation')).body.items.map(told)).toEqual([
    ['NATION', 'tension.n2', 0, 1, null],
    ['NATION', 'tension.n1', 3, 2, -33.3],
  ]);
  expect((await drift(id, '?by=department')).body.items.map(told)).toContainEqual(['D69', 'occupes', 50, 34, -32]);
});

test('where too few have answered nothing is compared and the share is told; missing is no zero; nobody asked before is said', async () => {
  const form = await publishForm(api.database);
  const silent = { territory: 'ARS-84' };
  await campaign(form, 7, [beds('ARS-84', 100, 50), silent, beds('ARS-11', 10, 5)]);
  const id = await campaign(form, 0, [
    silent,
    beds('ARS-84', 30, 10),
    silent,
    { territory: 'ARS-11' },
    beds('ARS-93', 1, 1),
  ]);
  const { body } = await drift(id);
  expect([body.items, body.notCompared]).toEqual([
    [],
    [
      { territory: 'ARS-11', answered: 0, previousAnswered: 100 },
      { territory: 'ARS-84', answered: 33.3, previousAnswered: 50 },
      { territory: 'ARS-93', answered: 100, previousAnswered: null },
    ],
  ]);
  const less = (await drift(id, '?answered=33')).body;
  expect(less.items[0]).toMatchObject({ territory: 'ARS-84', answered: 33.3, previousAnswered: 50 });
  // Nobody at all is never enough.
  expect((await drift(id, '?answered=0')).body.notCompared.map(({ territory }) => territory)).toEqual([
    'ARS-11',
    'ARS-93',
  ]);
});

test('a first campaign has nothing before it; an exercise and another questionnaire are no campaign before', async () => {
  const form = await publishForm(api.database);
  const drill = await campaign(form, 7, [beds('ARS-84', 100, 50)]);
  await api.database.sql.updateTable('survey').set({ exercise: true }).where('id', '=', drill).execute();
  await campaign(await publishForm(api.database), 7, [beds('ARS-84', 100, 50)]);
  const id = await campaign(form, 0, [beds('ARS-84', 1, 1)]);
  expect((await drift(id)).body).toMatchObject({ previous: null, total: 0, items: [], notCompared: [] });
});

/** Over the values as they came, beside whatever is kept for the figures. */
const byHand = async (survey: string, place: string) => {
  const { rows } = await sql<{ territory: string; sum: number | null; share: number }>`
    select ${sql.raw(place)} as territory, sum((v.values->>'occupes')::numeric)::float8 as sum,
      round(100.0 * count(v.number) / count(*), 1)::float8 as share
    from survey_respondent r join organisation o on o.id = r.territory
    left join survey_answer_version v on v.respondent_id = r.id where r.survey_id = ${survey}::uuid group by 1`.execute(
    api.database.sql,
  );
  return new Map(rows.map((row) => [row.territory, row]));
};

test.each([
  ['department', 'coalesce(r.department, r.territory)'],
  ['ars', 'r.territory'],
  ['zone', 'coalesce(o.zone, o.id)'],
  ['nation', "'NATION'"],
])('by %s the drifts of two campaigns are those of plain SQL over the answers', async (by, place) => {
  const random = randomOf(3);
  const agencies = ORGANISATIONS.filter(({ kind }) => kind === 'ars');
  const some = (): Given[] =>
    Array.from({ length: 60 }, (_, n) => {
      const { id: territory, departments } = agencies[n % agencies.length]!;
      const department = departments[n % departments.length]!;
      const values = { installes: 100, occupes: Math.floor(random() * 50), tension: 'n1' };
      return random() < 0.85 ? { territory, department, values } : { territory, department };
    });
  const form = await publishForm(api.database);
  const [before, id] = [await campaign(form, 7, some()), await campaign(form, 0, some())];
  const [then, now] = [await byHand(before, place), await byHand(id, place)];
  const expected = [...now.values()].flatMap(({ territory, sum, share }) => {
    const old = then.get(territory)!;
    if (sum === null || old.sum === null || share < 60 || old.share < 60) return [];
    if (Math.abs(sum - old.sum) <= old.sum * 0.1) return [];
    const change = old.sum === 0 ? null : Math.round(((sum - old.sum) / old.sum) * 1000) / 10;
    return [{ territory, previous: old.sum, now: sum, change, answered: share, previousAnswered: old.share }];
  });
  expect(expected.length).toBeGreaterThan(0);
  const { body } = await drift(id, `?by=${by}&over=10&answered=60&limit=5000`);
  const found = body.items.filter(({ question }) => question === 'occupes');
  expect(found.map(({ question: _q, label: _l, unit: _u, ...one }) => one)).toEqual(expect.arrayContaining(expected));
  expect(found).toHaveLength(expected.length);
});

test('an agency reads its own territory and no sum of the nation; a draft has none; wrong questions are told in French', async () => {
  const form = await publishForm(api.database);
  await campaign(form, 7, [beds('ARS-84', 100, 50), beds('ARS-11', 100, 50)]);
  const id = await campaign(form, 0, [beds('ARS-84', 10, 5), beds('ARS-11', 10, 5)]);
  const own = await drift(id, '', 'ars-84');
  expect([own.status, new Set(own.body.items.map(({ territory }) => territory))]).toEqual([200, new Set(['ARS-84'])]);
  for (const by of ['zone', 'nation']) expect((await drift(id, `?by=${by}`, 'ars-84')).status).toBe(403);
  expect((await drift(id, '', 'ars-93')).status).toBe(404);
  expect((await drift(id, '', 'admin')).status).toBe(403);
  expect((await drift(id, '', 'superviseur')).status).toBe(200);
  const draft = { formId: form, title: 'Brouillon', closesAt: 'PT48H', audience: { ars: 'all' } };
  const written = await api.as('corruss-chef').post<{ id: string }>('/v1/surveys', draft);
  expect((await drift(written.body.id)).status).toBe(409);
  for (const query of [
    'by=site',
    'by=ars&by=zone',
    'over=NaN',
    'over=1.5',
    'over=-1',
    'over=1e400',
    'limit=Infinity',
    'over=1e-7',
    'answered=101',
    'limit=0',
    'level=ars',
  ]) {
    const refused = await drift(id, `?${query}`);
    expect([query, refused.status]).toEqual([query, 422]);
    expect(refused.text).toContain(query.split('=')[0]);
  }
});
