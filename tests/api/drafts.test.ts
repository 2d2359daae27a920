import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiDesk, DRAFT, startApiDesk } from '../support/api-desk.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
});
afterAll(() => api.close());

const pointers = (body: unknown): string[] =>
  (body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer).sort();

const rows = async (): Promise<number> =>
  (await api.desk.database.sql.selectFrom('instruction').select('id').execute()).length;

const write = async (changes: object = {}): Promise<{ id: string; etag: string }> => {
  const made = await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', { ...DRAFT, ...changes });
  expect([made.status, made.text]).toEqual([201, expect.anything()]);
  return { id: made.body.id, etag: String(made.headers['etag']) };
};

test('a draft is written, read, changed, duplicated and deleted', async () => {
  const author = api.as('corruss-redacteur');
  const { id, etag } = await write();
  const read = await author.get<{ status: string; draft: object }>(`/v1/instructions/${id}`);
  expect(read.body).toMatchObject({ status: 'draft', number: null, draft: { subject: DRAFT.subject } });
  expect(read.headers['etag']).toBe(etag);

  const changed = await author.patch(`/v1/instructions/${id}`, { subject: 'Autre objet' }, { 'if-match': etag });
  expect(changed.body).toMatchObject({ subject: 'Autre objet', body: DRAFT.body, version: 2 });
  const stale = await author.patch(`/v1/instructions/${id}`, { subject: 'Trop tard' }, { 'if-match': etag });
  expect(stale.status).toBe(412);

  const copy = await author.post<{ id: string }>(`/v1/instructions/${id}/duplicate`);
  expect(copy.status).toBe(201);
  expect((await author.get(`/v1/instructions/${copy.body.id}`)).body).toMatchObject({ subject: 'Autre objet' });
  expect((await author.delete(`/v1/instructions/${copy.body.id}`)).status).toBe(204);
  expect((await author.get(`/v1/instructions/${copy.body.id}`)).status).toBe(404);
});

test('a wrong draft gets 422 with every wrong field at once, in French, and leaves no trace', async () => {
  const before = await rows();
  const wrong = await api.as('corruss-redacteur').post('/v1/instructions', {
    nature: 'action',
    subject: 'Deux\nlignes',
    body: 'Voir [ici](javascript:alert(1)) <b>vite</b>',
    audience: { organisations: ['ARS-84', 'ARS-99'] },
    deadline: '2020-01-01T00:00:00Z',
    acknowledgeWithin: 'demain',
    acceptance: 'peut-être',
    exercise: 'oui',
    attachments: ['0198c0de-0000-7000-8000-000000000000'],
    surprise: true,
  });
  expect(wrong.status).toBe(422);
  expect(wrong.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(pointers(wrong.body)).toEqual([
    '/acceptance',
    '/acknowledgeWithin',
    '/attachments/0',
    '/audience/organisations/1',
    '/body',
    '/deadline',
    '/exercise',
    '/subject',
    '/surprise',
  ]);
  expect(wrong.body).toMatchObject({ title: 'Contenu à corriger', status: 422 });
  expect(await rows()).toBe(before);
});

test.each([
  ['an empty audience', { audience: { organisations: [] } }, '/audience'],
  ['an organisation named twice', { audience: { organisations: ['ARS-84', 'ARS-84'] } }, '/audience/organisations/1'],
  ['an action without a deadline', { deadline: undefined }, '/deadline'],
  [
    'an information with a ladder',
    { nature: 'information', deadline: undefined, ladder: [{ after: 'PT1M', target: 'onCall', channel: 'mail' }] },
    '/ladder',
  ],
  ['a «pour diffusion» to nobody', { nature: 'diffusion' }, '/relayTo'],
  ['a «pour diffusion» to what is no category', { nature: 'diffusion', relayTo: ['pharmacies'] }, '/relayTo/0'],
  ['a crisis, not yet available', { crisisId: 'x' }, '/crisisId'],
  ['a NUL', { subject: 'a\0b' }, '/subject'],
  ['a lone surrogate', { body: 'a\ud800b' }, '/body'],
])('%s is refused by name', async (_what, changes, pointer) => {
  const before = await rows();
  const wrong = await api.as('corruss-redacteur').post('/v1/instructions', { ...DRAFT, ...changes });
  expect([wrong.status, pointers(wrong.body)]).toEqual([
    422,
    expect.arrayContaining([expect.stringMatching(`^${pointer}`)]),
  ]);
  expect(await rows()).toBe(before);
});

test('a body that is no JSON gets 400, another media type 415, a body of 3 MB 413', async () => {
  const headers = { authorization: `Bearer ${await api.issuer.token('corruss-redacteur')}` };
  const send = (payload: string, type: string) =>
    api.app.inject({ method: 'POST', url: '/v1/instructions', headers: { ...headers, 'content-type': type }, payload });
  expect((await send('{"nature":', 'application/json')).statusCode).toBe(400);
  expect((await send('<draft/>', 'application/xml')).statusCode).toBe(415);
  expect((await send(JSON.stringify({ body: 'x'.repeat(3_000_000) }), 'application/json')).statusCode).toBe(413);
});

test('the preview shows the mail of one recipient, all recipients and their addresses', async () => {
  const { id } = await write();
  const preview = await api
    .as('corruss-valideur')
    .get<{ html: string; subject: string; recipients: object[] }>(`/v1/instructions/${id}/preview?recipient=ARS-94`);
  expect(preview.status).toBe(200);
  expect(preview.body.subject).toMatch(/^MINSANTE N°\d{4}_xxx – POUR ACTION – Recensement/);
  expect(preview.body.html).toContain('<strong>recenser</strong>');
  expect(preview.body.recipients).toHaveLength(4);
  expect(preview.body.recipients).toContainEqual(
    expect.objectContaining({ organisation: 'ARS-94', address: expect.stringContaining('@') }),
  );
  const other = await api.as('corruss-valideur').get(`/v1/instructions/${id}/preview?recipient=ARS-32`);
  expect([other.status, pointers(other.body)]).toEqual([422, ['/recipient']]);
});

test('a test of a draft goes by mail to whoever asks, marked as a test', async () => {
  const { id } = await write({ subject: 'Essai pour moi' });
  const headers = {
    authorization: `Bearer ${await api.issuer.token('corruss-redacteur', { claims: { email: 'moi@corruss.example' } })}`,
  };
  const sent = await api.app.inject({ method: 'POST', url: `/v1/instructions/${id}/test`, headers });
  expect([sent.statusCode, sent.json()]).toEqual([200, { sentTo: 'moi@corruss.example' }]);
  const [mail] = await api.desk.sink.waitFor((one) => one.subject.includes('Essai pour moi'));
  expect(mail).toMatchObject({ to: 'moi@corruss.example' });
  expect(mail?.subject).toMatch(/^\[ESSAI\] MINSANTE/);
});

test('only an author writes, and an ARS never sees a draft', async () => {
  const { id } = await write();
  expect((await api.as('corruss-valideur').post('/v1/instructions', DRAFT)).status).toBe(403);
  expect((await api.as('ars-84').post('/v1/instructions', DRAFT)).status).toBe(403);
  expect((await api.as('ars-84').get(`/v1/instructions/${id}`)).status).toBe(404);
  expect((await api.as('ars-84').get('/v1/instructions?limit=500')).body).toEqual({ items: [], nextCursor: null });
  expect((await api.as('admin').get(`/v1/instructions/${id}`)).status).toBe(403);
});

test('the same Idempotency-Key and body make one draft and get the same answer; another body gets 422', async () => {
  const author = api.as('corruss-redacteur');
  const before = await rows();
  const key = { 'idempotency-key': 'draft-1' };
  const answers = [
    await author.post('/v1/instructions', DRAFT, key),
    await author.post('/v1/instructions', DRAFT, key),
  ];
  expect(answers[1]).toMatchObject({ status: 201, body: answers[0]!.body });
  expect(answers[1]!.headers['etag']).toBe(answers[0]!.headers['etag']);
  expect(await rows()).toBe(before + 1);
  const other = await author.post('/v1/instructions', { ...DRAFT, subject: 'Autre' }, key);
  expect([other.status, other.body['type']]).toEqual([422, 'urn:vigie:problem:idempotency-key-reused']);
  const refused = { 'idempotency-key': 'draft-2' };
  expect((await author.post('/v1/instructions', { ...DRAFT, deadline: '1850' }, refused)).status).toBe(422);
  expect((await author.post('/v1/instructions', DRAFT, refused)).status).toBe(201);
});

test('a request under way holds its key: 409 with Retry-After; one that died a minute ago is taken over', async () => {
  const author = api.as('corruss-redacteur');
  const row = { sub: 'corruss-redacteur', route: 'POST /v1/instructions', body_sha256: '' };
  const first = await author.post('/v1/instructions', DRAFT, { 'idempotency-key': 'held' });
  expect(first.status).toBe(201);
  const database = api.desk.database.sql;
  const { body_sha256 } = await database
    .selectFrom('idempotency_key')
    .select('body_sha256')
    .where('key', '=', 'held')
    .executeTakeFirstOrThrow();
  const underWay = (key: string, ageMs: number) =>
    database
      .insertInto('idempotency_key')
      .values({ ...row, body_sha256, key, created_at: new Date(Date.now() - ageMs) })
      .execute();
  await underWay('alive', 5_000);
  await underWay('dead', 61_000);
  const waiting = await author.post('/v1/instructions', DRAFT, { 'idempotency-key': 'alive' });
  expect([waiting.status, waiting.headers['retry-after']]).toEqual([409, '2']);
  expect((await author.post('/v1/instructions', DRAFT, { 'idempotency-key': 'dead' })).status).toBe(201);
});

test('a list goes on page by page to its end and refuses a cursor of its own making', async () => {
  const author = api.as('corruss-redacteur');
  await write();
  await write();
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await author.get<{ items: { id: string }[]; nextCursor: string | null }>(
      `/v1/instructions?limit=2${cursor}`,
    );
    expect(page.status).toBe(200);
    seen.push(...page.body.items.map((item) => item.id));
    cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor}`;
  } while (cursor !== '');
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(await rows());
  expect((await author.get('/v1/instructions?cursor=forged')).status).toBe(422);
  expect((await author.get('/v1/instructions?limit=0&status=autre&surprise=1')).status).toBe(422);
});
