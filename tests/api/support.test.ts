import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { HOUR } from '../../domain/instant.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
let id: string;
let number: string;
beforeAll(async () => {
  api = await startApiDesk();
  ({ id, number } = await api.desk.release({ audience: { organisations: ['ARS-84', 'ARS-11'] } }));
}, 60_000);
afterAll(() => api.close());

const path = () => `/v1/instructions/${id}/recipients/ARS-84/support`;
const calls = async () =>
  (await api.as('corruss-chef').get<{ items: Record<string, unknown>[] }>('/v1/tasks?kind=support')).body.items;

test('a request for support is told to the desk at once, waits for a call, and stops no reminder', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const body = { reason: 'Un renfort de deux régulateurs.', phone: '+33491555001' };
  const asked = await api.as('ars-84').post(path(), body, key);
  expect([asked.status, asked.body['state']]).toEqual([200, 'sent']);
  expect((await api.as('ars-84').post(path(), body, key)).status).toBe(200);
  expect(await calls()).toMatchObject([{ kind: 'support', organisation: 'ARS-84', instruction: id, step: 1 }]);
  const [mail] = await api.desk.sink.waitFor(
    (one) => one.subject.startsWith('SOUTIEN DEMANDÉ') && one.subject.includes(number),
  );
  expect(mail?.text).toMatch(/\+33491555001[\s\S]*Un renfort de deux régulateurs/);
  await api.desk.advance(id, 2 * HOUR);
  const reminders = (await api.desk.deliveries(id, 'ARS-84')).filter(({ purpose }) => purpose === 'ladder');
  expect(reminders.length).toBeGreaterThan(0);
}, 60_000);

test('an officer notes the outcome, once, also after the ARS has answered', async () => {
  await api.as('ars-84').post(`/v1/instructions/${id}/recipients/ARS-84/replies`, { kind: 'done' });
  const call = { answeredBy: 'Dr Roy', outcome: 'Renfort accordé.' };
  expect((await api.as('ars-84').post(`${path()}/1`, call)).status).toBe(403);
  expect((await api.as('corruss-chef').post(`${path()}/1`, call)).status).toBe(200);
  expect(await calls()).toEqual([]);
  expect((await api.as('corruss-chef').post(`${path()}/1`, call)).status).toBe(409);
  expect((await api.as('corruss-chef').post(`${path()}/7`, call)).status).toBe(422);
  expect((await api.as('ars-84').post(path(), { reason: 'Encore.' })).status).toBe(409);
  const told = await api
    .as('superviseur')
    .get<{ items: { text: string }[] }>(`/v1/instructions/${id}/timeline?limit=500`);
  const lines = told.body.items.map(({ text }) => text);
  expect(lines).toContain(
    'ARS-84 demande un soutien, à rappeler au +33491555001 : « Un renfort de deux régulateurs. »',
  );
  expect(lines).toContain('Soutien de ARS-84 : appel par corruss-chef (CORRUSS), Dr Roy : « Renfort accordé. »');
}, 60_000);

test('wrong input is named, and nobody asks for another', async () => {
  const wrong = await api
    .as('ars-11')
    .post(`/v1/instructions/${id}/recipients/ARS-11/support`, { phone: '0491', x: 1 });
  const pointers = (wrong.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted();
  expect([wrong.status, pointers]).toEqual([422, ['/phone', '/reason', '/x']]);
  expect((await api.as('ars-11').post(path(), { reason: 'x' })).status).toBe(404);
  expect((await api.as('superviseur').post(path(), { reason: 'x' })).status).toBe(403);
});

test('an urgent call stands before the others, in the list and on its next page, and its mail says so', async () => {
  const order = await api.desk.release({ audience: { organisations: ['ARS-11', 'ARS-53', 'ARS-28'] } });
  for (const [ars, urgency] of [
    ['ars-11', 'normal'],
    ['ars-53', 'urgent'],
    ['ars-28', undefined],
  ] as const) {
    const to = `/v1/instructions/${order.id}/recipients/${ars.toUpperCase()}/support`;
    const body = { reason: `Renfort ${ars}.`, ...(urgency === undefined ? {} : { urgency }) };
    expect((await api.as('corruss-chef').post(to, body)).status).toBe(200);
  }
  interface Tasks {
    items: { organisation: string; instruction: string; urgency: string | null }[];
    nextCursor: string | null;
  }
  const found: Tasks['items'] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await api.as('corruss-chef').get<Tasks>(`/v1/tasks?limit=1${from}`);
    found.push(...body.items);
    cursor = body.nextCursor;
  }
  expect(found[0]).toMatchObject({ organisation: 'ARS-53', urgency: 'urgent' });
  const own = found.filter(({ instruction }) => instruction === order.id);
  expect(own.map(({ organisation, urgency }) => [organisation, urgency])).toEqual([
    ['ARS-53', 'urgent'],
    ['ARS-11', 'normal'],
    ['ARS-28', 'normal'],
  ]);
  const [mail] = await api.desk.sink.waitFor(
    ({ subject }) => subject.startsWith('URGENT – SOUTIEN DEMANDÉ') && subject.includes(order.number),
  );
  expect(mail!.text).toContain('Renfort ars-53.');
}, 60_000);

test('a call that nobody made stays after the instruction has ended, until a person notes its outcome, once', async () => {
  const order = await api.desk.release({ audience: { organisations: ['ARS-84'] } });
  const to = `/v1/instructions/${order.id}/recipients/ARS-84/support`;
  expect((await api.as('ars-84').post(to, { reason: 'Un médecin de plus.' })).status).toBe(200);
  await api.desk.reply(order.id, 'ARS-84', 'done');
  await api.desk.settle(order.id);
  const open = async () => (await calls()).filter(({ instruction }) => instruction === order.id);
  const call = { answeredBy: 'Dr Roy', outcome: 'Médecin envoyé.' };
  await api.desk.advance(order.id, 73 * HOUR);
  expect((await api.desk.timeline(order.id)).map(({ kind }) => kind)).toContain('ended');
  expect(await open()).toHaveLength(1);
  const chief = api.as('corruss-chef');
  expect((await api.as('ars-84').post(`${to}/1`, call)).status).toBe(403);
  expect((await chief.post(`${to}/2`, call)).status).toBe(422);
  expect((await chief.post(`${to}/1`, call)).status).toBe(200);
  expect(await open()).toEqual([]);
  expect((await chief.post(`${to}/1`, call)).status).toBe(409);
  const given = (await api.desk.timeline(order.id)).filter(({ kind }) => kind === 'supportGiven');
  expect(given).toMatchObject([{ organisation: 'ARS-84', data: { request: 1, ...call } }]);
  const at = (time: string) =>
    api.as('superviseur').get<{ tasks: unknown[] }>(`/v1/audit/at?subject=instruction/${order.id}&time=${time}`);
  expect((await at('2999-01-01T00:00:00Z')).body.tasks).toEqual([]);
}, 60_000);

test('a reason that nobody can read is no reason, at every door', async () => {
  const wrong = await api
    .as('ars-11')
    .post<{ errors: { pointer: string; message: string }[] }>(path().replace('ARS-84', 'ARS-11'), {
      reason: '\u200b\u2060 \u00ad',
    });
  expect([wrong.status, wrong.body.errors]).toMatchObject([
    422,
    [{ pointer: '/reason', message: 'Ne peut pas être vide.' }],
  ]);
  const refused = await api
    .as('ars-11')
    .post<{ errors: { pointer: string }[] }>(`/v1/instructions/${id}/recipients/ARS-11/replies`, {
      kind: 'refused',
      comment: '\u200b',
    });
  expect([refused.status, refused.body.errors.map(({ pointer }) => pointer)]).toEqual([422, ['/comment']]);
});
