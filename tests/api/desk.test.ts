import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { openSession } from '../../db/stores/desk/sessions.ts';
import { newId } from '../../db/database.ts';
import { shownUrl } from '../../api/plugins/logging.ts';
import { DRAFT, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { type AccountName, ACCOUNTS } from '../support/desk-accounts.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

async function upload(account: AccountName, file: { name: string; content: Buffer; field?: string }) {
  const boundary = 'limite';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${file.field ?? 'file'}"; filename="${file.name}"\r\ncontent-type: image/png\r\n\r\n`;
  return api.app.inject({
    method: 'POST',
    url: '/v1/attachments',
    headers: {
      authorization: `Bearer ${await api.issuer.token(account)}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: Buffer.concat([Buffer.from(head), file.content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
}

test('a file is what its bytes say, and comes back as a download that no browser runs', async () => {
  const stored = await upload('corruss-redacteur', { name: '../plan blanc «été».pdf', content: PDF });
  expect([stored.statusCode, stored.json()]).toEqual([
    201,
    expect.objectContaining({ name: 'plan blanc «été».pdf', mediaType: 'application/pdf', size: PDF.length }),
  ]);
  const { id } = stored.json<{ id: string }>();
  const file = await api.as('corruss-valideur').get(`/v1/attachments/${id}`);
  expect(file.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
  expect(file.headers['content-disposition']).toMatch(
    /^attachment; filename="plan blanc .*"; filename\*=UTF-8''plan%20blanc%20%C2%AB%C3%A9t%C3%A9%C2%BB\.pdf$/,
  );
  expect((await api.as('ars-84').get(`/v1/attachments/${id}`)).status).toBe(404);
  const own = (await upload('ars-84', { name: 'bilan.txt', content: Buffer.from('Bilan : fait à 100 %') })).json<{
    id: string;
    mediaType: string;
  }>();
  expect(own.mediaType).toBe('text/plain');
  expect((await api.as('ars-84').get(`/v1/attachments/${own.id}`)).status).toBe(200);
  expect((await api.as('ars-11').get(`/v1/attachments/${own.id}`)).status).toBe(404);
});

test('a page, a program, an empty file, a file of 11 MB and no file are refused', async () => {
  const send = async (content: Buffer, field?: string) =>
    (await upload('corruss-redacteur', { name: 'x.pdf', content, ...(field === undefined ? {} : { field }) }))
      .statusCode;
  expect(await send(Buffer.from('<!doctype html><script>alert(1)</script>'))).toBe(415);
  expect(await send(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]))).toBe(415);
  expect(await send(Buffer.alloc(0))).toBe(415);
  expect(await send(Buffer.alloc(11 * 1024 * 1024, 'a'))).toBe(413);
  expect(await send(PDF, 'autre')).toBe(422);
  expect((await api.as('corruss-redacteur').post('/v1/attachments', {})).status).toBe(415);
});

test('a draft’s files are its own: another draft cannot name them', async () => {
  const { id } = (await upload('corruss-redacteur', { name: 'a.pdf', content: PDF })).json<{ id: string }>();
  const author = api.as('corruss-redacteur');
  expect((await author.post('/v1/instructions', { ...DRAFT, attachments: [id] })).status).toBe(201);
  const other = await author.post<{ errors: { pointer: string }[] }>('/v1/instructions', {
    ...DRAFT,
    attachments: [id],
  });
  expect([other.status, other.body.errors[0]!.pointer]).toEqual([422, '/attachments/0']);
});

test('contacts are replaced as a whole, by version, and the change is in the audit', async () => {
  const ars = api.as('ars-84');
  const before = await ars.get<{ contacts: object[] }>('/v1/organisations/ARS-84');
  const contacts = [
    { kind: 'alertBox', channel: 'mail', address: 'alerte@ars-84.example', name: 'Boîte' },
    { kind: 'onCall', channel: 'sms', address: '+33601020304' },
  ];
  const etag = { 'if-match': String(before.headers['etag']) };
  const put = await ars.put('/v1/organisations/ARS-84/contacts', { contacts }, etag);
  expect([put.status, put.body['contacts']]).toEqual([200, [contacts[0], { ...contacts[1], name: '' }]]);
  expect((await ars.put('/v1/organisations/ARS-84/contacts', { contacts }, etag)).status).toBe(412);
  const audit = await api.as('superviseur').get<{ items: object[] }>('/v1/audit?subject=organisation/ARS-84');
  expect(audit.body.items).toMatchObject([{ kind: 'contactsChanged', actor: { sub: 'ars-84' } }]);
});

test('wrong contacts get every wrong line; nobody writes those of another', async () => {
  const contacts = [
    { kind: 'alertBox', channel: 'mail', address: 'a@b.example, c@d.example' },
    { kind: 'alertBox', channel: 'mail', address: 'ok@ars.example' },
    { kind: 'alertBox', channel: 'mail', address: 'OK@ars.example' },
    { kind: 'onCall', channel: 'call', address: '0102030405' },
  ];
  const wrong = await api
    .as('admin')
    .put<{ errors: { pointer: string }[] }>('/v1/organisations/ARS-11/contacts', { contacts });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map((error) => error.pointer)).toEqual([
    '/contacts/0/address',
    '/contacts/2/address',
    '/contacts/3/address',
  ]);
  expect((await api.as('ars-84').put('/v1/organisations/ARS-11/contacts', { contacts: [] })).status).toBe(404);
  expect((await api.as('ars-93').put('/v1/organisations/ARS-94/contacts', { contacts: [] })).status).toBe(403);
  expect((await api.as('superviseur').put('/v1/organisations/ARS-11/contacts', { contacts: [] })).status).toBe(403);
});

test('organisations: the desk reads all, an ARS its own, a zone lead its zone', async () => {
  const list = async (account: AccountName) =>
    (await api.as(account).get<{ items: { id: string }[] }>('/v1/organisations?limit=500')).body.items.map(
      (one) => one.id,
    );
  expect((await list('corruss-chef')).filter((id) => id.startsWith('ARS-'))).toHaveLength(18);
  expect(await list('admin')).toEqual(await list('corruss-chef'));
  expect(await list('ars-84')).toEqual(['ARS-84']);
  expect(await list('ars-93')).toEqual(expect.arrayContaining(['ARS-93', 'ARS-94']));
});

test('a received mail waits in the tasks until somebody has read it; its source is a download', async () => {
  const raw = Buffer.from('From: x@ars.example\r\nSubject: Re: lits\r\n\r\n<script>alert(1)</script>');
  const mail = {
    id: newId(),
    received_at: new Date(),
    envelope_from: 'x@ars.example',
    envelope_to: ['y@reply.vigie.example'],
    raw,
    size: raw.length,
  };
  const sha256 = createHash('sha256').update(raw).digest('hex');
  await api.database.sql
    .insertInto('inbound_mail')
    .values({ ...mail, sha256, message_id: '<m@ars.example>', from_header: 'x@ars.example', subject: 'Re: lits' })
    .execute();
  const desk = api.as('corruss-valideur');
  const waiting = async () =>
    (await desk.get<{ items: { id: string }[] }>('/v1/tasks?kind=mail')).body.items.map((task) => task.id);
  expect(await waiting()).toEqual([mail.id]);
  const source = await desk.get(`/v1/inbound-mails/${mail.id}/raw`);
  expect(source.headers).toMatchObject({
    'content-type': 'message/rfc822',
    'content-disposition': expect.stringMatching(/^attachment/),
  });
  expect(source.text).toBe(raw.toString());
  expect((await desk.post(`/v1/inbound-mails/${mail.id}/read`)).body).toMatchObject({
    readBy: 'corruss-valideur',
    subject: 'Re: lits',
  });
  expect(await waiting()).toEqual([]);
  expect((await desk.get<{ items: object[] }>('/v1/inbound-mails?unread=false')).body.items).toHaveLength(1);
  expect((await api.as('ars-84').get(`/v1/inbound-mails/${mail.id}`)).status).toBe(403);
  expect((await desk.get(`/v1/inbound-mails/${newId()}`)).status).toBe(404);
});

test('the audit is for supervisors, in words, page by page', async () => {
  await api.as('corruss-redacteur').post('/v1/instructions', DRAFT);
  await api.as('corruss-redacteur').post('/v1/instructions', DRAFT);
  const supervisor = api.as('superviseur');
  const first = await supervisor.get<{
    items: { text: string; subject: string; position: number }[];
    nextCursor: string;
  }>('/v1/audit?actor=corruss-redacteur&limit=1');
  const second = await supervisor.get<{ items: { text: string; subject: string; position: number }[] }>(
    `/v1/audit?actor=corruss-redacteur&limit=1&cursor=${first.body.nextCursor}`,
  );
  expect(first.body.items[0]!.text).not.toBe('');
  expect(second.body.items[0]!.subject).not.toBe(first.body.items[0]!.subject);
  expect((await supervisor.get<{ items: object[] }>('/v1/audit?to=2020-01-01T00:00:00Z')).body.items).toEqual([]);
  expect((await api.as('corruss-chef').get('/v1/audit')).status).toBe(403);
});

test('pages ask who one is, show a draft to the desk and nothing to an ARS', async () => {
  const { body } = await api.as('corruss-redacteur').post<{ id: string }>('/v1/instructions', DRAFT);
  const path = `/instructions/${body.id}`;
  const stranger = await api.app.inject(path);
  expect([stranger.statusCode, stranger.headers['location']]).toEqual([302, `/login?next=${encodeURIComponent(path)}`]);
  const see = async (account: AccountName) => {
    const session = { sub: account, claims: { sub: account, ...ACCOUNTS[account] }, now: Date.now(), lastsMs: 60_000 };
    const secret = await openSession(api.database.sql, session);
    return api.app.inject({ url: path, cookies: { vigie_session: secret } });
  };
  const page = await see('corruss-valideur');
  expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining(DRAFT.subject)]);
  expect((await see('ars-84')).statusCode).toBe(404);
  const cookie = await api.app.inject({ url: '/v1/instructions', cookies: { vigie_session: 'x' } });
  expect(cookie.statusCode).toBe(401);
});

test('a link’s token is in no log', () => {
  expect(shownUrl('/r/secret-token?intention=done')).toBe('/r/[masqué]');
  expect(shownUrl('/v1/instructions?cursor=x')).toBe('/v1/instructions');
});
