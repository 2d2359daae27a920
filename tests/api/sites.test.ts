import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allOrganisations } from '../../db/stores/process/release-process.ts';
import { callerOf, DRAFT, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { ALL, fileOf, LYON, sendSites, VALOMBRE } from '../support/site-file.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
  expect((await sendSites(api, 'stock-national', fileOf(...ALL), '?dryRun=false')).body).toMatchObject({ added: 7 });
});
afterAll(() => api.close());

interface Site {
  readonly id: string;
  readonly name: string;
}
interface Sites {
  readonly items: Site[];
  readonly nextCursor: string | null;
}

const LYONNAIS = 'SITE-699000014';
const CORSICAN = 'SITE-2A9000015';
const finess = ({ items }: Sites) => items.map(({ id }) => id.replace('SITE-', ''));
const list = async (account: AccountName, query = '') =>
  finess((await api.as(account).get<Sites>(`/v1/sites${query}`)).body);
const asSite = (id: string) =>
  callerOf(api.app, () => api.issuer.token('ars-84', { claims: { org: id, roles: ['site'] } }));

test.each<[AccountName, string[]]>([
  ['corruss-redacteur', ['019000017', '139000012', '2A9000015', '699000014', '759000011', '979100013', '979600012']],
  ['superviseur', ['019000017', '139000012', '2A9000015', '699000014', '759000011', '979100013', '979600012']],
  ['stock-national', ['019000017', '139000012', '2A9000015', '699000014', '759000011', '979100013', '979600012']],
  ['admin', ['019000017', '139000012', '2A9000015', '699000014', '759000011', '979100013', '979600012']],
  ['ars-84', ['019000017', '699000014']],
  ['ars-93', ['139000012', '2A9000015']],
  ['ars-94', ['2A9000015']],
  ['ars-11', ['759000011']],
])('%s reads the sites of its own territory', async (account, expected) => {
  expect(await list(account)).toEqual(expected);
});

test('a site reads itself and no other, and imports nothing; a listener of 3114 reads none', async () => {
  const site = asSite(CORSICAN);
  expect(finess((await site.get<Sites>('/v1/sites')).body)).toEqual(['2A9000015']);
  expect((await site.get(`/v1/sites/${CORSICAN}`)).status).toBe(200);
  expect((await site.get(`/v1/sites/${LYONNAIS}`)).status).toBe(404);
  expect((await site.get('/v1/organisations')).status).toBe(403);
  expect((await site.put(`/v1/organisations/${CORSICAN}/contacts`, { contacts: [] })).status).toBe(403);
  const listener = callerOf(api.app, () =>
    api.issuer.token('ars-84', { claims: { org: '3114', roles: ['helpline'] } }),
  );
  expect((await listener.get('/v1/sites')).status).toBe(403);
});

test.each<[AccountName, number]>([
  ['superviseur', 403],
  ['ars-84', 403],
  ['ars-93', 403],
  ['corruss-redacteur', 200],
  ['corruss-valideur', 200],
  ['admin', 200],
  ['stock-national', 200],
])('an import by %s: %s', async (account, status) => {
  expect((await sendSites(api, account, fileOf(...ALL))).status).toBe(status);
});

test.each([
  ['territory=ARS-84', ['019000017', '699000014']],
  ['territory=D69', ['699000014']],
  ['territory=D2A', ['2A9000015']],
  ['territory=D971', ['979100013']],
  ['territory=ZONE-SUD', ['139000012', '2A9000015']],
  ['category=Clinique', ['699000014', '979100013']],
  ['status=private', ['699000014']],
  ['status=unknown', ['979100013']],
  ['entityKind=EJ', []],
  ['search=l%27invente%20nord', ['759000011']],
  ['search=PR%C3%89%20songe', ['699000014']],
  ['search=2a9000015', ['2A9000015']],
  ['search=%25_', ['019000017', '139000012', '2A9000015', '699000014', '759000011', '979100013', '979600012']],
  ['territory=ARS-84&search=marseille', []],
])('the list with %s', async (query, expected) => {
  expect(await list('corruss-chef', `?${query}`)).toEqual(expected);
});

test('the list goes on by its cursor; what no query knows is refused', async () => {
  const chef = api.as('corruss-chef');
  const first = (await chef.get<Sites>('/v1/sites?limit=4')).body;
  const rest = (await chef.get<Sites>(`/v1/sites?limit=4&cursor=${first.nextCursor}`)).body;
  expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([4, 3, null]);
  expect(new Set([...finess(first), ...finess(rest)]).size).toBe(7);
  for (const query of ['territory=84', 'state=lost', 'couleur=bleu', 'time=hier', 'cursor=x', 'limit=0']) {
    expect([query, (await chef.get(`/v1/sites?${query}`)).status]).toEqual([query, 422]);
  }
});

test('an ARS reads a site of its region, the ARS de zone those of its zone; outside it is not there', async () => {
  const read = (account: AccountName, id: string) => api.as(account).get(`/v1/sites/${id}`);
  expect((await read('ars-94', CORSICAN)).body).toMatchObject({ ars: 'ARS-94', timeZone: 'Europe/Paris', version: 1 });
  expect((await read('ars-93', CORSICAN)).status).toBe(200);
  expect((await read('ars-84', CORSICAN)).status).toBe(404);
  expect((await read('corruss-chef', 'SITE-000000000')).status).toBe(404);
  expect((await read('corruss-chef', 'ARS-84')).status).toBe(404);
});

test('the alert entry point of a site is written by its own ARS, the desk or the administrator, under its version', async () => {
  const contact = {
    kind: 'alertBox',
    channel: 'mail',
    address: 'alerte@ch-roche.example',
    name: 'Point d’entrée alerte',
  };
  const body = { contacts: [contact, { ...contact, channel: 'sms', address: '+33639980001' }] };
  const path = `/v1/organisations/${CORSICAN}/contacts`;
  const write = (account: AccountName, headers = {}) => api.as(account).put(path, body, headers);
  expect((await write('ars-84')).status).toBe(404);
  expect((await write('ars-93')).status).toBe(403);
  expect((await write('superviseur')).status).toBe(403);
  const { headers } = await api.as('ars-94').get(`/v1/sites/${CORSICAN}`);
  const etag = String(headers['etag']);
  expect((await write('ars-94', { 'if-match': etag })).body).toMatchObject({ id: CORSICAN, contactsVersion: 2 });
  expect((await write('ars-94', { 'if-match': etag })).status).toBe(412);
  expect((await write('admin')).status).toBe(200);
  expect((await write('corruss-redacteur')).status).toBe(200);
  expect((await api.as('ars-93').get(`/v1/organisations/${CORSICAN}`)).body).toMatchObject({ contacts: body.contacts });
  expect((await api.as('ars-94').get(`/v1/sites/${CORSICAN}`)).body).toMatchObject({ contacts: body.contacts });
});

test('the sites of a territory and their entry points are a spreadsheet that no name can turn into a formula', async () => {
  const evil = { kind: 'alertBox', channel: 'mail', address: 'garde@grand-pre.example', name: '=HYPERLINK("x")' };
  const written = await api.as('ars-84').put(`/v1/organisations/${LYONNAIS}/contacts`, { contacts: [evil] });
  expect(written.status).toBe(200);
  const sheet = await api.as('ars-84').get('/v1/sites/contacts.csv');
  expect([sheet.status, sheet.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  const lines = sheet.text.trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('019000017;CH DE VALOMBRE;');
  expect(lines[2]).toContain(`;"'=HYPERLINK(""x"")";garde@grand-pre.example;;;`);
  expect((await api.as('ars-84').get('/v1/sites/contacts.csv?territory=D01')).text).not.toContain('CLINIQUE DU SONGE');
  expect((await api.as('ars-84').get('/v1/sites/contacts.csv?limit=3')).status).toBe(422);
});

interface ContactsReport {
  readonly changed: number;
  readonly differences: {
    readonly site: string;
    readonly channel: string;
    readonly from: string | null;
    readonly to: string;
  }[];
  readonly errors: {
    readonly line?: number;
    readonly column?: string;
    readonly pointer?: string;
    readonly code: string;
  }[];
}
async function sendContacts(account: AccountName, csv: string, query = '') {
  const authorization = `Bearer ${await api.issuer.token(account)}`;
  const headers = { authorization, 'content-type': 'text/csv' };
  const url = `/v1/sites/contacts/import${query}`;
  const answer = await api.app.inject({ method: 'POST', url, headers, payload: csv });
  return { status: answer.statusCode, body: answer.json<ContactsReport>() };
}

test('alert entry points are imported: tried first, then written under a new version, the empty cells as they were', async () => {
  const file =
    "FINESS;Contact;Courriel;Téléphone\n019000017;Garde;garde@valombre.example;'+33 4 74 00 00 01\n699000014;;;+33478000001\n";
  const dry = await sendContacts('ars-84', file);
  expect([dry.status, dry.body.changed, dry.body.errors]).toEqual([200, 2, []]);
  expect((await api.as('ars-84').get('/v1/sites/SITE-019000017')).body).toMatchObject({ contacts: [] });
  const done = await sendContacts('ars-84', file, '?dryRun=false');
  expect(done.body.differences.map(({ site, channel, from, to }) => [site, channel, from, to])).toEqual([
    ['SITE-019000017', 'call', null, '+33474000001'],
    ['SITE-019000017', 'mail', null, 'garde@valombre.example'],
    [LYONNAIS, 'call', null, '+33478000001'],
  ]);
  const kept = await api.as('ars-84').get(`/v1/sites/${LYONNAIS}`);
  expect(kept.body).toMatchObject({
    contacts: [{ channel: 'call' }, { channel: 'mail', address: 'garde@grand-pre.example' }],
  });
  expect((await sendContacts('ars-84', file, '?dryRun=false')).body).toMatchObject({ changed: 0, differences: [] });
  const exported = (await api.as('ars-84').get('/v1/sites/contacts.csv')).text;
  expect((await sendContacts('ars-84', exported)).body).toMatchObject({ changed: 0, errors: [] });
  const audit = await api.as('superviseur').get<{ items: object[] }>('/v1/audit?subject=organisation/SITE-019000017');
  expect(audit.body.items).toMatchObject([{ kind: 'contactsChanged', actor: { sub: 'ars-84' } }]);
});

test('what is wrong with a file of contacts is told line by line, and nothing of it is written', async () => {
  const file = [
    'finess;courriel;telephone',
    '019000017;autre@valombre.example;',
    `${CORSICAN.slice(5)};a@roche.example;`,
    '000000000;a@b.example;',
    '019000017;b@valombre.example;',
    '699000014;a@x.example, b@y.example;12',
    '699000014;;',
  ].join('\n');
  const told = (errors: ContactsReport['errors']) => errors.map((one) => `${one.line} ${one.column} ${one.code}`);
  const dry = await sendContacts('ars-84', file);
  expect(told(dry.body.errors)).toEqual([
    '3 finess notYours',
    '4 finess unknown',
    '5 finess duplicate',
    '6 courriel format',
    '6 telephone format',
    '7 finess duplicate',
    '7 courriel required',
  ]);
  expect((await sendContacts('ars-84', file, '?dryRun=false')).status).toBe(422);
  const kept = await api.as('ars-84').get('/v1/sites/SITE-019000017');
  expect(kept.body).toMatchObject({ contacts: [{ channel: 'call' }, { address: 'garde@valombre.example' }] });
  expect((await sendContacts('superviseur', file)).status).toBe(403);
});

test('a closed site leaves the list and stays in its history; the list is read as it was known at a moment', async () => {
  const before = new Date().toISOString();
  await sendSites(
    api,
    'admin',
    fileOf(...ALL.filter((line) => line !== LYON)),
    '?dryRun=false&complete=true&closing=1',
  );
  expect(await list('ars-84')).toEqual(['019000017']);
  expect(await list('ars-84', '?state=closed')).toEqual(['699000014']);
  expect(await list('ars-84', '?state=all')).toEqual(['019000017', '699000014']);
  const moved = VALOMBRE.replace(',01,84,SUD_EST,', ',2B,94,SUD,');
  await sendSites(api, 'admin', fileOf(moved, LYON), '?dryRun=false');
  expect(await list('ars-84')).toEqual(['699000014']);
  expect(await list('ars-94')).toEqual(['019000017', '2A9000015']);
  expect(await list('ars-84', `?time=${before}`)).toEqual(['019000017', '699000014']);
  expect(await list('ars-94', `?time=${before}`)).toEqual(['2A9000015']);
  expect(await list('corruss-chef', '?time=2020-01-01T00:00:00Z')).toEqual([]);
  const { history } = (await api.as('ars-84').get<{ history: Record<string, unknown>[] }>(`/v1/sites/${LYONNAIS}`))
    .body;
  expect(history.map(({ closedAt, changedBy }) => [closedAt === null, changedBy])).toEqual([
    [true, 'stock-national'],
    [false, 'admin'],
    [true, 'admin'],
  ]);
  expect(history.map(({ to }) => to)).toEqual([history[1]!['from'], history[2]!['from'], null]);
  await sendSites(api, 'admin', fileOf(...ALL), '?dryRun=false');
});

test('establishments are nobody among the organisations, the recipients of a national message and the territories', async () => {
  const { items } = (await api.as('corruss-chef').get<Sites>('/v1/organisations?limit=500')).body;
  expect(items.filter(({ id }) => id.startsWith('SITE-'))).toEqual([]);
  expect(items.length).toBeGreaterThan(18);
  expect((await allOrganisations(api.database.sql)).filter(({ kind }) => kind === 'site')).toEqual([]);
  const author = api.as('corruss-redacteur');
  const national = await author.post<{ id: string }>('/v1/instructions', { ...DRAFT, audience: { national: true } });
  const preview = await author.get<{ recipients: unknown[] }>(`/v1/instructions/${national.body.id}/preview`);
  expect(preview.body.recipients).toHaveLength(18);
  const named = await author.post('/v1/instructions', { ...DRAFT, audience: { organisations: [LYONNAIS] } });
  expect(named.status).toBe(422);
  expect((await api.as('ars-93').get('/v1/me')).body).toMatchObject({
    territory: expect.not.arrayContaining([CORSICAN]),
  });
});

test.each(['duty', 'duty/now', 'partners'])('a site has no %s', async (what) => {
  for (const account of ['admin', 'corruss-chef', 'ars-94', 'ars-93'] as const) {
    expect([account, (await api.as(account).get(`/v1/organisations/${CORSICAN}/${what}`)).status]).toEqual([
      account,
      404,
    ]);
  }
});
