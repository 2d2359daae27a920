import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());

interface Partner {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly active: boolean;
}
interface Report {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly errors: {
    readonly line: number;
    readonly column: string;
    readonly code: string;
    readonly message: string;
  }[];
}

const HEADING = 'Catégorie;Nom;Adresse;FINESS;Département;Téléphone';

async function send(account: AccountName, organisation: string, csv: string | Buffer, query = '') {
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/organisations/${organisation}/partners/import${query}`,
    headers: { authorization: `Bearer ${await api.issuer.token(account)}`, 'content-type': 'text/csv' },
    payload: csv,
  });
  return { status: answer.statusCode, body: answer.json<Report>() };
}

const list = async (organisation: string, query = '') =>
  (
    await api
      .as('superviseur')
      .get<{ items: Partner[]; nextCursor: string | null }>(`/v1/organisations/${organisation}/partners${query}`)
  ).body;

test('a directory is imported: French headings, categories by code or by name, and again without a change', async () => {
  const csv = [
    HEADING,
    'pharmacists;"Pharmacie ; du Vieux Port";pharmacie@vieux-port.example;;13;+33491000001',
    'SAMU – centres 15;SAMU 13;samu@ap-hm.example;130786049;13;',
  ].join('\r\n');
  expect((await send('ars-93', 'ARS-93', csv, '?dryRun=true')).body).toMatchObject({ created: 2, errors: [] });
  expect((await list('ARS-93')).items).toEqual([]);
  expect((await send('ars-93', 'ARS-93', `\ufeff${csv}`)).body).toMatchObject({ created: 2, updated: 0 });
  expect((await send('ars-93', 'ARS-93', csv)).body).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  const renamed = csv.replace('SAMU 13', 'SAMU des Bouches-du-Rhône').replace('samu@ap-hm', 'SAMU@ap-hm');
  expect((await send('ars-93', 'ARS-93', renamed, '?dryRun=true')).body).toMatchObject({ updated: 1, unchanged: 1 });
  expect((await send('ars-93', 'ARS-93', renamed)).body).toMatchObject({ updated: 1, unchanged: 1 });
  expect(await list('ARS-93', '?category=samu')).toMatchObject({
    items: [{ name: 'SAMU des Bouches-du-Rhône', finess: '130786049', department: 'D13', active: true }],
  });
});

test('a file of Windows-1252 with commas is read as well', async () => {
  const csv = Buffer.from(
    'categorie,nom,adresse\npharmacists,Pharmacie de la Sal\xe9tra,saletra@ars-94.example',
    'latin1',
  );
  expect((await send('ars-94', 'ARS-94', csv)).body).toMatchObject({ created: 1 });
  expect((await list('ARS-94')).items[0]?.name).toBe('Pharmacie de la Salétra');
});

test('every wrong line is told, in French, and nothing is written', async () => {
  const csv = [
    HEADING,
    'pharmacists;Bonne;bonne@ars-84.example;;;',
    'druides;Panoramix;panoramix@ars-84.example;;;',
    'samu;Deux;a@x.example,b@y.example;;;',
    'samu;"Ligne";"a@x.example\r\nBcc: b@y.example";;;',
    'samu;Groupe;"équipe: a@x.example;";;;',
    'samu;;sans-nom@ars-84.example;123456789;999;0478000000',
    'pharmacists;Encore;BONNE@ars-84.example;;;',
  ].join('\n');
  const dry = await send('ars-84', 'ARS-84', csv, '?dryRun=true');
  expect(dry.status).toBe(200);
  expect(dry.body.errors.map(({ line, column, code }) => `${line} ${column} ${code}`)).toEqual([
    '3 categorie enum',
    '4 adresse format',
    '6 adresse format',
    '7 adresse format',
    '8 nom required',
    '8 finess format',
    '8 departement format',
    '8 telephone format',
    '9 adresse duplicate',
  ]);
  const real = await send('ars-84', 'ARS-84', csv);
  expect([real.status, real.body.errors[0]]).toMatchObject([422, { pointer: '/3/categorie', code: 'enum' }]);
  expect((await list('ARS-84')).items).toEqual([]);
});

test.each([
  ['nothing', '', 'required'],
  ['only a heading', HEADING, 'empty'],
  ['a column that nobody knows', `${HEADING};Couleur\n`, 'unknown'],
  ['a quote that never ends', `${HEADING}\nsamu;"oups;a@x.example`, 'csv'],
  ['NUL bytes', '\0\0\0', 'required'],
])('a file with %s is refused', async (_what, csv, code) => {
  const answer = await send('ars-84', 'ARS-84', csv);
  expect([answer.status, answer.body.errors.map((one) => one.code)]).toEqual([422, expect.arrayContaining([code])]);
});

test('thousands of lines are one import, and the list goes on by its cursor', async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `nurses;Infirmier ${n};infirmier${n}@ars-11.example;;75;`);
  expect((await send('ars-11', 'ARS-11', [HEADING, ...lines].join('\n'))).body).toMatchObject({ created: 5000 });
  const first = await list('ARS-11', '?limit=2');
  const second = await list('ARS-11', `?limit=2&cursor=${first.nextCursor}`);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4);
});

test('one partner is corrected or deactivated by its ARS or the administrator, and by nobody else', async () => {
  await send(
    'ars-94',
    'ARS-94',
    `${HEADING}\nsamu;SAMU 2A;samu2a@ars-94.example;;2A;\nsamu;SAMU 2B;samu2b@ars-94.example;;2B;`,
  );
  const found = (await list('ARS-94', '?category=samu')).items;
  const partner = found.find(({ address }) => address === 'samu2a@ars-94.example');
  const path = `/v1/organisations/ARS-94/partners/${partner!.id}`;
  const change = (account: AccountName, body: object) => api.as(account).patch<Partner>(path, body);
  expect((await change('ars-84', { active: false })).status).toBe(404);
  expect((await change('ars-93', { active: false })).status).toBe(403);
  expect((await change('corruss-chef', { active: false })).status).toBe(403);
  expect((await send('ars-93', 'ARS-94', HEADING)).status).toBe(403);
  expect((await change('ars-94', { address: 'a@x.example, b@y.example' })).status).toBe(422);
  expect((await change('ars-94', { couleur: 'bleu' })).status).toBe(422);
  expect((await change('ars-94', { address: 'samu2b@ars-94.example' })).status).toBe(409);
  expect((await change('admin', { address: 'regulation@ars-94.example' })).body.address).toBe(
    'regulation@ars-94.example',
  );
  expect((await change('ars-94', { active: false })).body.active).toBe(false);
  expect((await list('ARS-94', '?category=samu&active=true')).items).toHaveLength(1);
});
