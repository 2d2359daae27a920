import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listInstructions } from '../../db/read-models/instructions.ts';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

interface Recipient {
  readonly organisation: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

const written = async (changes: object = {}): Promise<string> =>
  (await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', { ...DRAFT, ...changes })).body.id;

/** Written, released, and its first mails sent. */
const released = async (changes: object = {}): Promise<{ id: string; number: string; base: string }> => {
  const id = await written(changes);
  const { status, body } = await api.as('corruss-valideur').post<{ number: string }>(`/v1/instructions/${id}/release`);
  expect([status, body]).toEqual([202, { number: expect.anything(), workflowId: `instruction/${id}` }]);
  await api.desk.settle(id);
  return { id, number: body.number, base: `/v1/instructions/${id}` };
};

test('whoever wrote a draft may not release it; another person may, and an emergency of the head is kept', async () => {
  const id = await written();
  const refused = await api.as('corruss-chef').patch(`/v1/instructions/${id}`, { subject: 'Relu par le chef' });
  expect(refused.status).toBe(200);
  const own = await api.as('corruss-chef').post(`/v1/instructions/${id}/release`);
  expect([own.status, own.body['type']]).toEqual([403, 'urn:vigie:problem:own-draft']);
  const forged = await api.as('corruss-valideur').post(`/v1/instructions/${id}/release`, { emergencyReason: 'vite' });
  expect(forged.status).toBe(403);
  expect((await api.as('corruss-redacteur').post(`/v1/instructions/${id}/release`)).status).toBe(403);

  const urgent = await api
    .as('corruss-chef')
    .post(`/v1/instructions/${id}/release`, { emergencyReason: 'Séisme, valideur injoignable' });
  expect(urgent.status).toBe(202);
  expect((await api.as('superviseur').get(`/v1/instructions/${id}`)).body).toMatchObject({
    emergencyReason: 'Séisme, valideur injoignable',
    releasedBy: 'corruss-chef',
  });
});

test('a release honours If-Match, takes an unknown field for wrong, and happens once however many ask', async () => {
  const id = await written();
  const path = `/v1/instructions/${id}/release`;
  const releaser = api.as('corruss-valideur');
  expect((await releaser.post(path, {}, { 'if-match': '"7"' })).status).toBe(412);
  expect((await releaser.post(path, { surprise: 1 })).status).toBe(422);
  const answers = await Promise.all([1, 2, 3].map(() => releaser.post(path, {}, { 'if-match': '"1"' })));
  const numbers = answers.filter(({ status }) => status === 202).map(({ body }) => body['number']);
  expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
  expect(new Set(numbers).size).toBe(1);
  await api.desk.settle(id);
  expect(api.desk.sink.mails.filter((mail) => mail.subject.includes(String(numbers[0])))).toHaveLength(4);
  const changed = await api.as('corruss-redacteur').patch(`/v1/instructions/${id}`, { subject: 'Trop tard' });
  expect([changed.status, changed.body['type']]).toEqual([409, 'urn:vigie:problem:not-draft']);
});

test('a reply answers 200 with the recipient’s new state, which every reader then reads', async () => {
  const { base } = await released();
  const reply = await api
    .as('ars-84')
    .post<Recipient>(`${base}/recipients/ARS-84/replies`, { kind: 'progress', percent: 40, comment: 'En route' });
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({
    organisation: 'ARS-84',
    state: 'inProgress',
    percent: 40,
    late: false,
    returns: 0,
  });
  const list = await api.as('corruss-chef').get<{ items: Recipient[] }>(`${base}/recipients`);
  expect(list.body.items.map(({ organisation, state }) => [organisation, state])).toEqual([
    ['ARS-11', 'sent'],
    ['ARS-84', 'inProgress'],
    ['ARS-93', 'sent'],
    ['ARS-94', 'sent'],
  ]);
  const card = await api.as('superviseur').get(base);
  expect(card.body).toMatchObject({
    status: 'open',
    recipients: 4,
    open: 4,
    counts: { sent: 3, inProgress: 1 },
    late: [],
  });
  // Four first mails, and the echo of the answer to its alert box, which waits a moment for others.
  const deliveries = Object.values(card.body['deliveries'] as Record<string, number>);
  expect(deliveries.reduce((sum, count) => sum + count, 0)).toBe(5);
  const one = await api.as('superviseur').get(`${base}/recipients/ARS-84`);
  expect(one.body).toMatchObject({
    replies: [{ kind: 'progress', percent: 40, channel: 'api', from: 'ars-84', verified: true }],
  });
  const told = await api
    .as('ars-84')
    .get<{ items: { text: string; organisation: string | null }[] }>(`${base}/timeline`);
  expect(told.body.items.some(({ text }) => text.includes('40 %'))).toBe(true);
});

test('wrong replies get every wrong field; nothing is counted', async () => {
  const { base } = await released();
  const path = `${base}/recipients/ARS-84/replies`;
  const ars = api.as('ars-84');
  const pointers = async (body: object) => {
    const answer = await ars.post<{ errors?: { pointer: string }[] }>(path, body);
    return [answer.status, ...(answer.body.errors ?? []).map((error) => error.pointer)];
  };
  expect(await pointers({ kind: 'progress', percent: 0 })).toEqual([422, '/percent']);
  expect(await pointers({ kind: 'progress', percent: 100 })).toEqual([422, '/percent']);
  expect(await pointers({ kind: 'refused', until: 'demain', autre: 1 })).toEqual([
    422,
    expect.anything(),
    expect.anything(),
    expect.anything(),
  ]);
  expect(await pointers({ kind: 'done', comment: 'x'.repeat(1_000_000) })).toEqual([422, '/comment']);
  expect(await pointers({ kind: 'done', comment: 'a\0b' })).toEqual([422, '/comment']);
  expect(await pointers({ kind: 'done', evidence: ['0198c0de-0000-7000-8000-000000000000'] })).toEqual([
    422,
    '/evidence/0',
  ]);
  expect((await ars.get(`${base}/recipients/ARS-84`)).body).toMatchObject({ state: 'sent', replies: [] });
});

test('a reply to a closed recipient gets 409 that says so; the same key again gets the first answer', async () => {
  const { base } = await released();
  const path = `${base}/recipients/ARS-84/replies`;
  const key = { 'idempotency-key': 'done-1' };
  const first = await api.as('ars-84').post(path, { kind: 'refused', comment: 'Aucun lit' }, key);
  expect(first.body).toMatchObject({ state: 'refused', closed: true });
  const late = await api.as('ars-84').post(path, { kind: 'done' });
  expect(late).toMatchObject({
    status: 409,
    body: { type: 'urn:vigie:problem:closed', detail: expect.stringContaining('clos') },
  });
  expect(await api.as('ars-84').post(path, { kind: 'refused', comment: 'Aucun lit' }, key)).toMatchObject({
    status: 200,
    text: first.text,
  });
});

test('an ARS sees and touches its own territory only; an ARS de zone reads its zone and does not act', async () => {
  const { id, base } = await released();
  const reply = { kind: 'received' };
  expect((await api.as('ars-84').post(`${base}/recipients/ARS-11/replies`, reply)).status).toBe(404);
  expect((await api.as('ars-84').get(`${base}/recipients/ARS-11`)).status).toBe(404);
  expect((await api.as('ars-93').get(`${base}/recipients/ARS-94`)).status).toBe(200);
  expect((await api.as('ars-93').post(`${base}/recipients/ARS-94/replies`, reply)).status).toBe(403);
  const zone = await api.as('ars-93').get<{ items: Recipient[] }>(`${base}/recipients`);
  expect(zone.body.items.map((one) => one.organisation)).toEqual(['ARS-93', 'ARS-94']);
  expect((await api.as('ars-84').get(base)).body).toMatchObject({ recipients: 1, counts: { sent: 1 } });
  const told = await api.as('ars-84').get<{ items: { organisation: string | null }[] }>(`${base}/timeline`);
  expect(new Set(told.body.items.map((item) => item.organisation))).toEqual(new Set([null, 'ARS-84']));
  expect((await api.as('superviseur').post(`${base}/recipients/ARS-84/replies`, reply)).status).toBe(403);
  expect((await api.as('stock-national').get(base)).status).toBe(403);

  const elsewhere = await released({ audience: { organisations: ['ARS-32'] } });
  expect((await api.as('ars-84').get(elsewhere.base)).status).toBe(404);
  expect((await api.as('ars-84').get('/v1/instructions/not-an-id')).status).toBe(404);
  const mine = await api.as('ars-84').get<{ items: { id: string }[] }>('/v1/instructions?limit=500');
  expect(mine.body.items.map((item) => item.id)).toContain(id);
  expect(mine.body.items.map((item) => item.id)).not.toContain(elsewhere.id);
});

test('the desk answers on behalf of an ARS, recorded as such', async () => {
  const { base } = await released();
  const reply = await api.as('corruss-valideur').post(`${base}/recipients/ARS-11/replies`, { kind: 'takenInCharge' });
  expect(reply.body).toMatchObject({ state: 'takenInCharge', replies: [{ onBehalfBy: 'corruss-valideur' }] });
});

test('return, acceptance, deadline and closing: who may, and what becomes of the recipient', async () => {
  const { base } = await released({ acceptance: 'required' });
  const desk = api.as('corruss-valideur');
  const on = (org: string, act: string) => `${base}/recipients/${org}/${act}`;
  expect((await desk.post(on('ARS-84', 'accept'))).status).toBe(409);
  await api.as('ars-84').post(on('ARS-84', 'replies'), { kind: 'done' });
  expect((await api.as('ars-84').post(on('ARS-84', 'accept'))).status).toBe(403);
  expect((await desk.post(on('ARS-84', 'accept'))).body).toMatchObject({ state: 'accepted', closed: true });

  await api.as('ars-11').post(on('ARS-11', 'replies'), { kind: 'done' });
  expect((await desk.post(on('ARS-11', 'return'), { reason: ' ' })).status).toBe(422);
  expect((await desk.post(on('ARS-11', 'return'), { reason: 'Pièce manquante' })).body).toMatchObject({
    state: 'sent',
    returns: 1,
    closed: false,
  });

  expect((await desk.post(`${base}/deadline`, { deadline: '2020-01-01T00:00:00Z' })).status).toBe(422);
  const deadline = new Date(Date.now() + 9 * 3_600_000).toISOString();
  const moved = await desk.post(`${base}/deadline`, { deadline, organisations: ['ARS-93', 'ARS-94'] });
  expect([moved.status, moved.body['deadlines']]).toEqual([
    200,
    expect.arrayContaining([{ deadline, recipients: 2, open: 2 }]),
  ]);

  expect((await desk.post(on('ARS-94', 'close'), { reason: 'Injoignable' })).status).toBe(403);
  expect((await api.as('corruss-chef').post(on('ARS-94', 'close'), { reason: 'Injoignable' })).body).toMatchObject({
    closed: true,
  });
  expect((await desk.post(on('ARS-32', 'return'), { reason: 'Pas destinataire' })).status).toBe(404);
});

test('a draft takes no reply and no command: 409 or 404, nothing recorded', async () => {
  const id = await written();
  const desk = api.as('corruss-chef');
  expect((await desk.post(`/v1/instructions/${id}/recipients/ARS-84/replies`, { kind: 'done' })).status).toBe(404);
  const deadline = new Date(Date.now() + 3_600_000).toISOString();
  expect((await desk.post(`/v1/instructions/${id}/deadline`, { deadline })).status).toBe(409);
});

test('a refusal becomes a task of the desk and a call to make is ticked with its outcome', async () => {
  const ladder = [{ after: 'PT1H', target: 'onCall', channel: 'call' }];
  const { id, base } = await released({ audience: { organisations: ['ARS-84', 'ARS-11'] }, ladder });
  await api.as('ars-11').post(`${base}/recipients/ARS-11/replies`, { kind: 'refused', comment: 'Impossible' });
  await api.desk.advance(id, 61 * 60_000);
  const tasks = async () => {
    const { body } = await api
      .as('corruss-valideur')
      .get<{ items: { instruction: string; kind: string; organisation: string; step: number }[] }>(
        '/v1/tasks?limit=500',
      );
    return body.items.filter((task) => task.instruction === id).map((task) => `${task.kind} ${task.organisation}`);
  };
  expect(await tasks()).toEqual(expect.arrayContaining(['refused ARS-11', 'call ARS-84']));
  const call = `${base}/recipients/ARS-84/calls/1`;
  expect((await api.as('corruss-valideur').post(call, { outcome: '' })).status).toBe(422);
  const ticked = await api
    .as('corruss-valideur')
    .post(call, { outcome: 'Rappelle dans dix minutes', answeredBy: 'Dr Martin' });
  expect(ticked.status).toBe(200);
  expect(await tasks()).not.toContain('call ARS-84');
  expect((await api.as('ars-84').get('/v1/tasks')).status).toBe(403);
});

test('the Temporal UI’s codec opens payloads for a supervisor only, and for the UI’s origin only', async () => {
  const { id } = await released();
  const history = await api.desk.client.workflow.getHandle(`instruction/${id}`).fetchHistory();
  const payload = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const metadata = Object.fromEntries(
    Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  );
  const sealed = { payloads: [{ metadata, data: base64(payload!.data!) }] };
  const origin = { origin: 'http://127.0.0.1:8233' };
  const opened = await api.as('superviseur').post<{ payloads: { data: string }[] }>('/codec/decode', sealed, origin);
  expect(Buffer.from(opened.body.payloads[0]!.data, 'base64').toString()).toContain(id);
  expect(opened.headers).toMatchObject({
    'access-control-allow-origin': origin.origin,
    'access-control-allow-credentials': 'true',
  });
  const stranger = await api.as('superviseur').post('/codec/decode', sealed, { origin: 'http://ailleurs.example' });
  expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
  expect((await api.as('corruss-chef').post('/codec/decode', sealed)).status).toBe(403);
  const preflight = await api.app.inject({ method: 'OPTIONS', url: '/codec/decode', headers: origin });
  expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([204, origin.origin]);
});

test('the figures kept counted for the nation are those counted anew of every organisation', async () => {
  const { id, base } = await released({ audience: { organisations: ['ARS-84', 'ARS-11', 'ARS-93'] } });
  await api.as('ars-84').post(`${base}/recipients/ARS-84/replies`, { kind: 'done' });
  await api.as('ars-11').post(`${base}/recipients/ARS-11/replies`, { kind: 'refused', comment: 'Sans objet' });
  const { sql } = api.desk.database;
  // Whoever writes recipients leaves true figures: here a hand, with the rights of the owner.
  const late = { late: true, deadline: new Date('2026-03-01T10:00:00.123Z') };
  await sql.updateTable('instruction_recipient').set(late).where('organisation_id', '=', 'ARS-93').execute();
  const everybody = (await sql.selectFrom('organisation').select('id').execute()).map((one) => one.id);
  const page = { limit: 50, after: null };
  const [kept, counted] = await Promise.all(
    (['all', everybody] as const).map((scope) => listInstructions(sql, scope, { released: true }, page)),
  );
  expect(kept).toEqual(counted);
  const card = kept?.items.find((one) => one.id === id);
  expect(card).toMatchObject({ recipients: 3, open: 1, counts: { done: 1, refused: 1 } });
  expect(card?.late).toEqual([
    expect.objectContaining({ organisation: 'ARS-93', deadline: '2026-03-01T10:00:00.123Z' }),
  ]);
});
