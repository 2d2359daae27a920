import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CrossingView } from '../../db/read-models/survey-crossings.ts';
import { lookAtAnswers } from '../../db/stores/desk/survey-watch.ts';
import { takeSurvey } from '../../db/stores/process/survey.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { inventSites } from '../support/sites.ts';
import { openSurvey, pass, publishForm } from '../support/survey.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());
beforeEach(() => api.desk.sink.clear());

const BUSY = {
  ...{ question: 'taux', level: 'ars', comparison: '>=', value: 90 },
  ...{ then: 'alert', label: 'Réanimation saturée' },
};
const THREE = { ars: ['ARS-84', 'ARS-11', 'ARS-93'] };
const alerts = () => api.desk.sink.mails.filter(({ subject }) => /SEUIL FRANCHI/.test(subject));
const put = async (path: string, installes: number, occupes: number) => {
  const values = { installes, occupes, tension: 'n1' };
  expect((await api.as('corruss-chef').put(path, { values, submit: true })).status).toBe(200);
};
const crossings = async (id: string, query = '') =>
  (await api.as('superviseur').get<{ items: CrossingView[] }>(`/v1/surveys/${id}/crossings${query}`)).body.items;
const tasks = async () =>
  (await api.as('corruss-chef').get<{ items: Record<string, unknown>[] }>('/v1/tasks?kind=surveyThreshold')).body.items;

let later = 0;
/** What the intake's sweep does; @returns the surveys that were told of. Each look is minutes after the one before. */
async function look(): Promise<string[]> {
  const told: string[] = [];
  later += 5 * MINUTE;
  await lookAtAnswers(api.desk.database.sql, Date.now() + later, async (survey) => {
    // Told twice, as after a kill: no crossing counts twice.
    for (const _twice of [1, 2]) await api.desk.surveys.nudge(survey);
    told.push(survey);
  });
  for (const survey of told) await pass(api, survey, MINUTE);
  return told;
}

test('each crossing is told once: over, back, over again are two alerts, whoever looks how often', async () => {
  const { id, answers } = await openSurvey(api, { audience: THREE, thresholds: [BUSY] });
  await put(answers('ARS-84'), 100, 95);
  await put(answers('ARS-11'), 100, 40);
  expect(await look()).toEqual([id]);
  await put(answers('ARS-84'), 100, 96);
  expect(await look()).toEqual([]);
  expect(alerts().map(({ to }) => to)).toEqual(['permanence@corruss.example']);
  expect(alerts()[0]!.text).toMatch(/ARS Auvergne-Rhône-Alpes\s: 95 \(seuil\s: au moins 90\)/);
  await put(answers('ARS-84'), 100, 50);
  expect(await look()).toEqual([id]);
  await put(answers('ARS-84'), 100, 91);
  expect(await look()).toEqual([id]);
  await pass(api, id, HOUR);
  expect(alerts()).toHaveLength(2);
  expect(await crossings(id)).toMatchObject([
    { territory: 'ARS-84', figure: 91, received: 1, expected: 1, endedAt: null },
    { territory: 'ARS-84', figure: 95, endedAt: expect.any(String) },
  ]);
  const handle = api.desk.client.workflow.getHandle(surveyWorkflowId(id));
  expect((await handle.describe()).historyLength).toBeLessThan(120);
});

test('a task of the desk until a person takes note; an agency reads the crossings of its region alone', async () => {
  const { id, answers } = await openSurvey(api, { audience: THREE, thresholds: [BUSY], exercise: true });
  await put(answers('ARS-84'), 10, 10);
  later += 5 * MINUTE;
  const away = () => Promise.reject(new Error('Temporal is away'));
  await expect(lookAtAnswers(api.desk.database.sql, Date.now() + later, away)).rejects.toThrow('away');
  expect(await look()).toEqual([id]);
  expect(alerts()[0]!.subject).toMatch(/^EXERCICE – ENQUÊTE – SEUIL FRANCHI/);
  const [crossing] = await crossings(id, '?lasting=true');
  const task = { id: crossing!.id, survey: id, organisation: 'ARS-84' };
  expect(await tasks()).toContainEqual(
    expect.objectContaining({ ...task, comment: expect.stringMatching(/^EXERCICE – Réanimation saturée – ARS/) }),
  );
  const seen = async (account: 'ars-84' | 'ars-11') =>
    (await api.as(account).get<{ items: object[] }>(`/v1/surveys/${id}/crossings`)).body.items.length;
  expect([await seen('ars-84'), await seen('ars-11')]).toEqual([1, 0]);
  const note = `/v1/surveys/${id}/crossings/${crossing!.id}/note`;
  expect((await api.as('ars-84').post(note)).status).toBe(403);
  expect((await api.as('corruss-chef').post(note, { comment: 'Vu.' })).status).toBe(204);
  expect((await api.as('corruss-chef').post(note)).status).toBe(204);
  expect((await tasks()).map((one) => one['id'])).not.toContain(crossing!.id);
});

test('a nudge that is lost loses nothing: the calendar reads the table; a lack is known once all have answered, or at the closing', async () => {
  const few = {
    ...BUSY,
    question: 'installes',
    level: 'nation',
    comparison: '<',
    value: 250,
    label: 'Trop peu de lits',
  };
  const audience = THREE;
  const { id, answers } = await openSurvey(api, { audience, thresholds: [few, BUSY], remindBefore: ['PT24H'] });
  await put(answers('ARS-84'), 100, 95);
  await put(answers('ARS-11'), 100, 10);
  await pass(api, id, 25 * HOUR);
  expect((await crossings(id)).map(({ territory }) => territory)).toEqual(['ARS-84']);
  await pass(api, id, 24 * HOUR);
  expect(await crossings(id)).toMatchObject([
    { territory: 'NATION', name: 'France entière', figure: 200, received: 2, expected: 3 },
    { territory: 'ARS-84' },
  ]);
  expect(alerts()).toHaveLength(2);
});

test('a lack is told as well where one step, after a long outage, closes the survey and ends it', async () => {
  const few = { ...BUSY, question: 'installes', level: 'nation', comparison: '<', value: 250 };
  const { id, answers } = await openSurvey(api, { audience: THREE, thresholds: [few] });
  await put(answers('ARS-84'), 100, 10);
  const { database, keys } = api.desk;
  const due = { survey: id, id: randomUUID(), ask: { kind: 'due' }, now: Date.now() + 150 * HOUR } as const;
  expect(await takeSurvey({ sql: database.sql, keys }, due)).toMatchObject({ running: false });
  expect(await crossings(id)).toMatchObject([{ territory: 'NATION', figure: 100, received: 1, expected: 3 }]);
});

test('a draft instruction to the agency, once a crossing; a person takes it over and another releases it', async () => {
  const form = await publishForm(api.desk.database);
  const [site] = await inventSites(api.desk.database, { in: { D69: 2 } });
  const few = {
    ...BUSY,
    question: 'installes',
    level: 'department',
    comparison: '<',
    value: 12,
    then: 'draftInstruction',
  };
  const audience = { sites: { territories: ['D69'] } };
  const { id, answers } = await openSurvey(api, { formId: form, audience, thresholds: [few] });
  await put(answers(site!), 5, 1);
  expect(await look()).toEqual([]);
  const other = (
    await api.as('corruss-chef').get<{ items: { organisation: string }[] }>(`/v1/surveys/${id}/respondents`)
  ).body.items
    .map(({ organisation }) => organisation)
    .find((one) => one !== site);
  await put(answers(other!), 6, 1);
  expect(await look()).toEqual([id]);
  const [{ instruction } = { instruction: null }] = await crossings(id);
  const draft = `/v1/instructions/${instruction ?? ''}`;
  const found = await api.as('corruss-chef').get<{ status: string; draft: { audience: object; body: string } }>(draft);
  expect(found.body).toMatchObject({ status: 'draft', draft: { audience: { organisations: ['ARS-84'] } } });
  expect(found.body.draft.body).toContain('Département 69\u00a0: 11');
  const release = () => api.as('corruss-valideur').post<{ detail: string }>(`${draft}/release`);
  const alone = await release();
  expect([alone.status, alone.body.detail]).toEqual([expect.any(Number), expect.stringContaining('préparé par Vigie')]);
  expect((await api.as('corruss-redacteur').patch(draft, { body: 'Ouvrez des lits.' })).status).toBe(200);
  expect((await release()).status).toBe(202);
});

test('every wrong field of a threshold is told at once, for a survey and for a series', async () => {
  const formId = await publishForm(api.desk.database);
  const wrong = [
    { ...BUSY, question: 'rien', level: 'department' },
    { ...BUSY, then: 'sms' },
  ];
  const body = { formId, title: 'Lits', audience: THREE, closesAt: 'P1D' };
  const shape = await api
    .as('corruss-chef')
    .post<{ errors: { pointer: string }[] }>('/v1/surveys', { ...body, thresholds: wrong });
  expect([shape.status, shape.body.errors.map(({ pointer }) => pointer)]).toEqual([422, ['/thresholds/1/then']]);
  const rules = await api.as('corruss-chef').post<{ errors: { pointer: string }[] }>('/v1/surveys', {
    ...body,
    thresholds: wrong.slice(0, 1),
  });
  expect(rules.body.errors.map(({ pointer }) => pointer)).toEqual(['/thresholds/0/question', '/thresholds/0/level']);
  const series = await api.as('corruss-chef').post<{ errors: { pointer: string }[] }>('/v1/survey-series', {
    ...{ formCode: 'BACH', title: 'BACH', audience: { ars: 'all' }, closesAt: { after: 'PT10H' } },
    ...{ recurrence: { days: ['tuesday'], at: '08:00' }, thresholds: wrong.slice(0, 1) },
  });
  expect(series.body.errors.map(({ pointer }) => pointer)).toEqual(['/thresholds/0/question', '/thresholds/0/level']);
});
