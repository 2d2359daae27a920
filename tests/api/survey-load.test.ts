import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LoadItem } from '../../db/read-models/survey-load.ts';
import type { AcceptedLoad, SurveyLoad } from '../../domain/survey/load.ts';
import { DAY } from '../../domain/instant.ts';
import { weekOf } from '../../domain/survey/week.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { publishForm } from '../support/survey.ts';
import { BACH_SERIES, path } from '../support/survey-series.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

/** A published form of one question. */
const asking = (question: object = {}, owner = 'CORRUSS') => {
  const code = `q${randomUUID().slice(0, 8)}`;
  const only = { code, label: code, type: 'integer', unit: 'lits', aggregate: 'sum', ...question } as const;
  const sections = [{ code: 's', title: 'Section', questions: [only] }];
  return publishForm(api.desk.database, { code: 'CHARGE', title: 'Charge', sections }, owner);
};

interface Body {
  readonly detail: string;
  readonly type: string;
}

async function draft(body: object, account: AccountName = 'corruss-chef'): Promise<string> {
  const title = `Enquête ${randomUUID().slice(0, 8)}`;
  const made = await api.as(account).post<{ id: string }>('/v1/surveys', { title, closesAt: 'PT48H', ...body });
  if (made.status !== 201) throw new Error(made.text);
  return made.body.id;
}

const open = (id: string, body: object = {}, account: AccountName = 'corruss-chef') =>
  api.as(account).post<Body>(`/v1/surveys/${id}/open`, body);

async function opened(body: object, account: AccountName = 'corruss-chef'): Promise<string> {
  const id = await draft(body, account);
  const answer = await open(id, {}, account);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  return id;
}

test('more than three surveys in seven days are opened with a reason only, which stays with the survey', async () => {
  const [busy, both] = [{ ars: ['ARS-84'] }, { ars: ['ARS-84', 'ARS-11'] }];
  const first = await opened({ formId: await asking(), audience: busy, title: 'Première' });
  for (const _n of [2, 3]) await opened({ formId: await asking(), audience: busy });
  const fourth = await draft({ formId: await asking(), audience: both });
  const preview = await api.as('corruss-chef').get<SurveyLoad & { tooMuch: boolean }>(`/v1/surveys/${fourth}/load`);
  expect(preview.body).toMatchObject({ tooMuch: true, overloaded: 1, most: 4, askedAgain: 0 });
  expect(preview.body.surveys.map(({ id }) => id)).toContain(first);
  const refused = await open(fourth);
  expect([refused.status, refused.body.type]).toEqual([409, 'urn:vigie:problem:survey-load']);
  expect(refused.body.detail).toMatch(/1.répondant recevrait plus de 3 enquêtes .*ARS Auvergne-Rhône-Alpes.*Première/);
  expect((await open(fourth, { loadReason: '  ' })).status).toBe(409);
  expect((await open(fourth, { loadReason: 'Canicule.' })).status).toBe(202);
  const found = await api.as('superviseur').get<{ load: AcceptedLoad }>(`/v1/surveys/${fourth}`);
  expect(found.body.load).toMatchObject({ reason: 'Canicule.', overloaded: 1, most: 4 });
  await opened({ formId: await asking(), audience: { ars: ['ARS-11'] } });
  await opened({ formId: await asking(), audience: busy, exercise: true });
  const cancelled = await draft({
    formId: await asking(),
    audience: busy,
    opensAt: new Date(Date.now() + 8 * DAY).toISOString(),
  });
  expect((await open(cancelled)).status).toBe(202);
});

test('the same question within seven days: of the same form, or of another by code, label and unit', async () => {
  const audience = { ars: ['ARS-93'] };
  const question = { code: 'respirateurs', label: 'Respirateurs', unit: 'appareils' };
  const formId = await asking(question);
  const earlier = await opened({ formId, audience, title: 'Respirateurs' });
  const again = await open(await draft({ formId, audience }));
  expect([again.status, again.body.detail]).toEqual([
    409,
    expect.stringContaining('mêmes questions\u00a0: Respirateurs'),
  ]);
  expect((await open(await draft({ formId: await asking(question), audience }))).status).toBe(409);
  await opened({ formId: await asking({ ...question, unit: 'pour cent' }), audience });
  expect((await api.as('corruss-chef').post(`/v1/surveys/${earlier}/cancel`, { reason: 'Doublon.' })).status).toBe(202);
  await opened({ formId, audience });
});

test('a question that recent answers may be taken over for needs no reason: said in the draft, or at the opening', async () => {
  const audience = { ars: ['ARS-76'] };
  const formId = await asking({ code: 'lits', label: 'Lits' });
  await opened({ formId, audience });
  const again = await draft({ formId, audience });
  const preview = await api.as('corruss-chef').get<{ reusable: boolean }>(`/v1/surveys/${again}/load`);
  expect(preview.body).toMatchObject({ tooMuch: true, reusable: true });
  const refused = await api.as('corruss-chef').post<Body & { errors: object[] }>(`/v1/surveys/${again}/open`);
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('(reuse)')]);
  expect(refused.body.errors).toMatchObject([{ pointer: '/loadReason' }, { pointer: '/reuse', code: 'possible' }]);
  expect((await open(again, { reuse: { withinDays: 40 } })).status).toBe(422);
  expect((await open(again, { reuse: { withinDays: 3 } })).status).toBe(202);
  const found = await api.as('superviseur').get(`/v1/surveys/${again}`);
  expect(found.body).toMatchObject({ reuse: { withinDays: 3 }, load: null });
  await opened({ formId, audience, reuse: { withinDays: 3 } });
  // Too many surveys are too many all the same, and what opens only later nobody has answered.
  expect((await open(await draft({ formId, audience, reuse: { withinDays: 3 } }))).status).toBe(409);
  const elsewhere = { ars: ['ARS-75'] };
  await opened({ formId, audience: elsewhere, opensAt: new Date(Date.now() + DAY).toISOString(), closesAt: 'P3D' });
  const before = await open(await draft({ formId, audience: elsewhere, reuse: { withinDays: 3 } }));
  expect([before.status, before.body.detail]).toEqual([409, expect.not.stringContaining('(reuse)')]);
});

test('an own list: nothing is told of the lists of other agencies', async () => {
  const question = { code: 'garde', label: 'Garde', unit: 'postes' };
  const audience = { respondents: [{ name: 'SAMU', email: 'samu@exemple.example' }] };
  await opened({ formId: await asking(question, 'ARS-11'), audience }, 'ars-11');
  await opened({ formId: await asking(question, 'ARS-84'), audience }, 'ars-84');
  const mine = await open(await draft({ formId: await asking(question, 'ARS-84'), audience }, 'ars-84'), {}, 'ars-84');
  expect(mine.status).toBe(409);
});

test('who is asked what by whom this week, the most asked first, each agency its own', async () => {
  const load = async (account: AccountName, query = '') =>
    api.as(account).get<{ items: LoadItem[]; nextCursor: string | null }>(`/v1/survey-load${query}`);
  const { items } = (await load('superviseur')).body;
  expect(items[0]).toMatchObject({ organisation: 'ARS-84', surveys: 4, questions: 4, authors: ['CORRUSS'] });
  expect(items[0]!.asked.map(({ title, loadReason }) => [title, loadReason])).toContainEqual(['Première', null]);
  const page = (await load('superviseur', '?limit=1')).body;
  const second = (await load('superviseur', `?limit=1&cursor=${page.nextCursor}`)).body.items;
  expect(second.map(({ organisation }) => organisation)).toEqual([items[1]!.organisation]);
  expect((await load('ars-93')).body.items.map(({ organisation }) => organisation)).not.toContain('ARS-84');
  expect((await load('superviseur', '?exercise=true')).body.items).toMatchObject([
    { organisation: 'ARS-84', surveys: 1 },
  ]);
  const past = weekOf(Date.now() - 30 * DAY).week;
  expect((await load('superviseur', `?week=${past}`)).body.items).toEqual([]);
  expect((await load('superviseur', '?week=2026-W99')).status).toBe(422);
});

test('the cursor of another list is answered, never a failure', async () => {
  const { body } = await api.as('superviseur').get<{ nextCursor: string | null }>('/v1/surveys?limit=1');
  expect(body.nextCursor).toEqual(expect.any(String));
  const answer = await api.as('superviseur').get(`/v1/survey-load?cursor=${body.nextCursor}`);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
});

test('a series gives its reason once, when it is written, and never fails to open for its load', async () => {
  const { loadReason: _, ...series } = BACH_SERIES;
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const daily = {
    ...series,
    audience: { ars: ['ARS-44'] },
    recurrence: { days, at: '08:00' },
    closesAt: { after: 'PT10H' },
  };
  const post = (body: object) => api.as('corruss-chef').post<Body & { id: string }>('/v1/survey-series', body);
  const refused = await post(daily);
  expect([refused.status, refused.body.type]).toEqual([409, 'urn:vigie:problem:survey-load']);
  expect((await post({ ...series, audience: { ars: ['ARS-44'] } })).status).toBe(201);
  const made = await post({ ...daily, loadReason: 'Canicule.' });
  expect(made.status).toBe(201);
  const trigger = async () => {
    const key = { 'idempotency-key': randomUUID() };
    return (await api.as('corruss-chef').post<{ survey: string }>(path(made.body.id, '/trigger'), {}, key)).body.survey;
  };
  const surveys = [await trigger(), await trigger(), await trigger(), await trigger()];
  const found = await api.as('superviseur').get<{ load: AcceptedLoad }>(`/v1/surveys/${surveys[3]}`);
  expect(found.body.load).toMatchObject({ reason: 'Canicule.', overloaded: 1, most: 4, askedAgain: 0 });
});
