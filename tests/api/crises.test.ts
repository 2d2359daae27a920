import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

interface Crisis {
  readonly id: string;
  readonly [field: string]: unknown;
}

const author = () => api.as('corruss-redacteur');

async function opened(body: object = {}): Promise<Crisis> {
  const made = await author().post<Crisis>('/v1/crises', { name: 'Canicule dans le Sud-Est', ...body });
  expect([made.status, made.body]).toMatchObject([201, { status: 'open', messages: 0 }]);
  return made.body;
}

async function sent(changes: object): Promise<{ id: string; number: string }> {
  const made = await author().post<{ id: string }>('/v1/instructions', { ...DRAFT, ...changes });
  expect([made.status, made.body]).toMatchObject([201, { status: 'draft' }]);
  const { status, body } = await api
    .as('corruss-valideur')
    .post<{ number: string }>(`/v1/instructions/${made.body.id}/release`);
  expect(status).toBe(202);
  await api.desk.settle(made.body.id);
  return { id: made.body.id, number: body.number };
}

const errorsOf = ({ body }: { body: Record<string, unknown> }) =>
  (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`).toSorted();

test('the messages of a crisis stand on one timeline, in order, each reader seeing his own part', async () => {
  const crisis = await opened({ description: 'Vigilance **rouge**.' });
  const first = await sent({ crisisId: crisis.id, audience: { organisations: ['ARS-84'] } });
  const second = await sent({ crisisId: crisis.id, audience: { organisations: ['ARS-93'] } });
  await api.as('ars-84').post(`/v1/instructions/${first.id}/recipients/ARS-84/replies`, { kind: 'takenInCharge' });

  type Line = { text: string; number: string | null; at: string };
  const timeline = async (account: 'superviseur' | 'ars-84', query = '') =>
    (
      await api
        .as(account)
        .get<{ items: Line[]; nextCursor: string | null }>(`/v1/crises/${crisis.id}/timeline${query}`)
    ).body;
  const all = (await timeline('superviseur')).items;
  expect(all[0]).toMatchObject({ number: null, text: expect.stringContaining('Événement ouvert') });
  expect(new Set(all.map(({ number }) => number))).toEqual(new Set([null, first.number, second.number]));
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
  expect(all.at(-1)?.text).toMatch(/pris en charge|parti pour ARS-84/);
  // In pages, nothing twice and nothing left out.
  const paged: Line[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof timeline>> = await timeline(
      'superviseur',
      `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    paged.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(all);

  const ofLyon = (await timeline('ars-84')).items;
  expect(new Set(ofLyon.map(({ number }) => number))).toEqual(new Set([null, first.number]));
  expect((await api.as('ars-84').get(`/v1/crises/${crisis.id}`)).body).toMatchObject({ messages: 1, open: 1 });
  expect((await api.as('superviseur').get(`/v1/crises/${crisis.id}`)).body).toMatchObject({ messages: 2, open: 2 });
  expect((await api.as('ars-11').get(`/v1/crises/${crisis.id}`)).status).toBe(404);
  const listed = await api.as('ars-11').get<{ items: Crisis[] }>('/v1/crises');
  expect(listed.body.items.map(({ id }) => id)).not.toContain(crisis.id);
  const messages = await api
    .as('superviseur')
    .get<{ items: { number: string }[] }>(`/v1/instructions?crisis=${crisis.id}`);
  expect(messages.body.items.map(({ number }) => number)).toEqual([second.number, first.number]);
  const mail = api.desk.sink.mails.find(({ subject }) => subject.startsWith(first.number));
  expect(mail?.text).toContain('Canicule dans le Sud-Est');
}, 60_000);

test('an exercise stays one, whatever is asked: subject, banner, preamble, number', async () => {
  const crisis = await opened({ name: 'EXERCICE EU-RICHTER', exercise: true });
  const { number, id } = await sent({ crisisId: crisis.id, audience: { organisations: ['ARS-84'] } });
  expect(number).toMatch(/^MINSANTE EXERCICE N°/);
  const [mail] = api.desk.sink.mails.filter(({ subject }) => subject.includes(number));
  expect(mail?.subject).toMatch(/^EXERCICE – /);
  expect(mail?.text).toMatch(/EXERCICE/);
  expect((await api.as('superviseur').get(`/v1/instructions/${id}`)).body).toMatchObject({ exercise: true });

  const said = await author().post('/v1/instructions', { ...DRAFT, crisisId: crisis.id, exercise: false });
  expect([said.status, errorsOf(said)]).toEqual([422, ['/exercise notAllowed']]);
  const made = await author().post<{ id: string }>('/v1/instructions', { ...DRAFT, crisisId: crisis.id });
  const draft = `/v1/instructions/${made.body.id}`;
  expect(errorsOf(await author().patch(draft, { exercise: false }))).toEqual(['/exercise notAllowed']);
  // Moved out of the exercise it is still one; into a real crisis it may not go.
  const out = await author().patch<{ exercise: boolean; crisisId: null }>(draft, { crisisId: null });
  expect(out.body).toMatchObject({ exercise: true, crisisId: null });
  expect(errorsOf(await author().patch(draft, { exercise: false }))).toEqual(['/exercise notAllowed']);
  const real = await opened();
  expect(errorsOf(await author().patch(draft, { crisisId: real.id }))).toEqual(['/crisisId exercise']);
  expect(errorsOf(await author().patch(`/v1/crises/${crisis.id}`, { exercise: false }))).toEqual([
    '/exercise additionalProperties',
  ]);
  // Not even by a statement in the database.
  const { sql } = api.desk.database;
  await expect(
    sql.updateTable('crisis').set({ exercise: false }).where('id', '=', crisis.id).execute(),
  ).rejects.toThrow('an exercise stays one');
}, 60_000);

test('a crisis closes when nothing of it is open; then nothing joins it, but its all-clear still leaves', async () => {
  const crisis = await opened({ name: 'Inondations' });
  const path = `/v1/crises/${crisis.id}`;
  const { id } = await sent({ crisisId: crisis.id, audience: { organisations: ['ARS-84'] } });
  const reason = 'Retour à la normale.';
  const early = await api.as('corruss-chef').post(`${path}/close`, { reason });
  expect([early.status, early.body['detail']]).toEqual([409, expect.stringContaining('1 message(s) en cours')]);
  await api.as('ars-84').post(`/v1/instructions/${id}/recipients/ARS-84/replies`, { kind: 'done' });
  const closed = await api.as('corruss-chef').post(`${path}/close`, { reason });
  expect([closed.status, closed.body]).toMatchObject([200, { status: 'closed', closedBy: 'corruss-chef' }]);
  expect((await author().patch(path, { name: 'Autre' })).status).toBe(409);
  const late = await author().post('/v1/instructions', { ...DRAFT, crisisId: crisis.id });
  expect([late.status, errorsOf(late)]).toEqual([422, ['/crisisId closed']]);

  const made = await author().post<{ id: string }>(`/v1/instructions/${id}/all-clear`, { reason });
  expect((await api.as('corruss-valideur').post(`/v1/instructions/${made.body.id}/release`)).status).toBe(202);
  expect((await api.as('superviseur').get(path)).body).toMatchObject({ messages: 2 });
  await api.desk.settle(made.body.id);
}, 60_000);

test('wrong input is named, and only the desk writes', async () => {
  expect(errorsOf(await author().post('/v1/crises', { name: 'a\nb' }))).toEqual(['/name format']);
  expect((await author().post('/v1/crises', { name: '' })).status).toBe(422);
  expect(errorsOf(await author().post('/v1/crises', { name: 'x', surprise: 1 }))).toEqual([
    '/surprise additionalProperties',
  ]);
  expect((await api.as('ars-84').post('/v1/crises', { name: 'x' })).status).toBe(403);
  expect((await api.as('superviseur').post('/v1/crises', { name: 'x' })).status).toBe(403);
  const unknown = await author().post('/v1/instructions', { ...DRAFT, crisisId: randomUUID() });
  expect([unknown.status, errorsOf(unknown)]).toEqual([422, ['/crisisId unknown']]);
  expect(errorsOf(await author().post('/v1/instructions', { ...DRAFT, crisisId: 'x' }))).toEqual(['/crisisId unknown']);
  expect((await author().get('/v1/crises/x')).status).toBe(404);
  const crisis = await opened();
  const stale = await author().patch(`/v1/crises/${crisis.id}`, { name: 'Canicule' }, { 'if-match': '"7"' });
  expect(stale.status).toBe(412);
  const key = { 'idempotency-key': randomUUID() };
  const twice = await Promise.all([1, 2].map(() => author().post<Crisis>('/v1/crises', { name: 'Séisme' }, key)));
  expect(new Set(twice.filter(({ status }) => status === 201).map(({ body }) => body.id)).size).toBe(1);
});

test('a draft that its crisis did not wait for leaves only out of it, and so does a copy', async () => {
  const crisis = await opened({ name: 'Crue' });
  const made = await author().post<{ id: string }>('/v1/instructions', { ...DRAFT, crisisId: crisis.id });
  const closed = await api.as('corruss-chef').post(`/v1/crises/${crisis.id}/close`, { reason: 'Décrue.' });
  expect(closed.status).toBe(200);
  const copy = await author().post<{ id: string }>(`/v1/instructions/${made.body.id}/duplicate`);
  for (const { id } of [made.body, copy.body]) {
    const { status, body } = await api.as('corruss-valideur').post(`/v1/instructions/${id}/release`);
    expect([status, body]).toMatchObject([409, { type: 'urn:vigie:problem:crisis-closed' }]);
  }
  const draft = `/v1/instructions/${made.body.id}`;
  expect((await author().patch(draft, { crisisId: null })).status).toBe(200);
  expect((await api.as('corruss-valideur').post(`${draft}/release`)).status).toBe(202);
  await api.desk.settle(made.body.id);
}, 60_000);

test('a cursor of another list, or of no time that is, is refused', async () => {
  const cursors = [
    [1, 'instruction/x 0000000001'],
    [-8e15, randomUUID()],
    [8e15, randomUUID()],
  ].map((position) => Buffer.from(JSON.stringify(position)).toString('base64url'));
  for (const path of ['/v1/crises', '/v1/instructions', '/v1/inbound-mails']) {
    for (const cursor of cursors) {
      const answer = await author().get(`${path}?cursor=${cursor}`);
      expect([path, answer.status, errorsOf(answer)]).toEqual([path, 422, ['/cursor cursor']]);
    }
  }
});

test('a timeline goes on from a position of its own only', async () => {
  const { body } = await author().post<{ id: string }>('/v1/instructions', DRAFT);
  for (const id of ['abc', '1e400', '-1', '99999999999999999999', '1.5']) {
    const cursor = Buffer.from(JSON.stringify([0, id])).toString('base64url');
    const answer = await author().get(`/v1/instructions/${body.id}/timeline?cursor=${cursor}`);
    expect([id, answer.status, errorsOf(answer)]).toEqual([id, 422, ['/cursor cursor']]);
  }
});
