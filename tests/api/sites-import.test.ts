import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { readSiteCsv } from '../../api/sites/read-csv.ts';
import { agenciesOf } from '../../db/read-models/organisations.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { importSites } from '../../db/stores/desk/sites.ts';
import { type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { AJACCIO, ALL, fileOf, HEADING, LYON, MARSEILLE, sendSites, VALOMBRE } from '../support/site-file.ts';

let api: ReadingDesk;
beforeAll(async () => {
  api = await startReadingDesk();
});
afterAll(() => api.close());
beforeEach(async () => {
  await sql`delete from site_version`.execute(api.database.sql);
  await sql`delete from site`.execute(api.database.sql);
  await sql`delete from organisation where kind = 'site'`.execute(api.database.sql);
});

const send = (csv: string | Buffer, query = '?dryRun=false') => sendSites(api, 'admin', csv, query);
const counts = ({ added, changed, reopened, closed, unchanged }: Awaited<ReturnType<typeof send>>['body']) => [
  ...[added, changed, reopened, closed, unchanged],
];
const stored = async () => (await sql`select * from site order by id`.execute(api.database.sql)).rows;
const versions = async (finess: string) =>
  (
    await sql<{ version: number; name: string; closed: boolean; last: boolean }>`
      select version, name, closed_at is not null as closed, to_at is null as last from site_version
      where site_id = ${`SITE-${finess}`} order by version`.execute(api.database.sql)
  ).rows;
const imports = async () =>
  (
    await sql<{ data: unknown }>`select data from audit_entry where subject = 'sites' order by position`.execute(
      api.database.sql,
    )
  ).rows;

test('without a word of it an import is a dry run: it tells what would be added and changes nothing', async () => {
  const dry = await send(fileOf(...ALL), '');
  expect([dry.status, dry.body.dryRun, ...counts(dry.body)]).toEqual([200, true, 7, 0, 0, 0, 0]);
  expect(dry.body.differences).toHaveLength(7);
  expect(await stored()).toEqual([]);
  const { rows } = await sql`select from organisation where kind = 'site'`.execute(api.database.sql);
  expect(rows).toEqual([]);
});

test('a file is imported: text stays text, territories come from the reference, numbers become international', async () => {
  expect(counts((await send(fileOf(...ALL))).body)).toEqual([7, 0, 0, 0, 0]);
  const byFiness = Object.fromEntries(((await stored()) as { finess: string }[]).map((one) => [one.finess, one]));
  expect(byFiness['019000017']).toMatchObject({
    id: 'SITE-019000017',
    entity_kind: 'ET',
    department: 'D01',
    ars_id: 'ARS-84',
    zone: 'ZONE-SUD_EST',
    postcode: '01999',
    latitude: 46.2,
    phone: '+33474000001',
  });
  expect(byFiness['2A9000015']).toMatchObject({ department: 'D2A', ars_id: 'ARS-94', zone: 'ZONE-SUD' });
  expect(byFiness['979100013']).toMatchObject({ ars_id: 'ARS-01', status: null, phone: '+590590000001' });
  expect(byFiness['979600012']).toMatchObject({ ars_id: 'ARS-06', department: 'D976', phone: '+262269000001' });
  expect(byFiness['759000011']).toMatchObject({ name: 'CHR "L’INVENTÉ", SITE NORD', latitude: null, phone: null });
  const { rows } = await sql`
    select time_zone, departments from organisation where id = 'SITE-979100013'`.execute(api.database.sql);
  expect(rows).toEqual([{ time_zone: 'America/Guadeloupe', departments: ['D971'] }]);
});

test('imported again it changes nothing: no version, no entry of the audit', async () => {
  await send(fileOf(...ALL));
  const before = [await stored(), (await imports()).length];
  const again = await send(fileOf(...ALL), '?dryRun=false&complete=true');
  expect([again.status, ...counts(again.body)]).toEqual([200, 0, 0, 0, 0, 7]);
  expect([await stored(), (await imports()).length]).toEqual(before);
  expect(await versions('019000017')).toHaveLength(1);
});

test('a change is told field by field, kept as a version, and audited with its counts and the hash of the file', async () => {
  await send(fileOf(...ALL));
  const csv = fileOf(VALOMBRE.replace('CH DE VALOMBRE', 'CH DE  VALOMBRE-NORD').replace(',public,', ',,'), LYON);
  for (const query of ['', '?dryRun=false']) {
    const answer = await send(csv, query);
    expect(counts(answer.body)).toEqual([0, 1, 0, 0, 1]);
    expect(answer.body.differences).toEqual([
      {
        finess: '019000017',
        name: 'CH DE VALOMBRE-NORD',
        change: 'changed',
        fields: [
          { field: 'name', from: 'CH DE VALOMBRE', to: 'CH DE VALOMBRE-NORD' },
          { field: 'status', from: 'public', to: null },
        ],
      },
    ]);
  }
  expect(await versions('019000017')).toEqual([
    { version: 1, name: 'CH DE VALOMBRE', closed: false, last: false },
    { version: 2, name: 'CH DE VALOMBRE-NORD', closed: false, last: true },
  ]);
  const sha256 = createHash('sha256').update(csv).digest('hex');
  expect((await imports()).at(-1)).toMatchObject({
    data: { added: 0, changed: 1, closed: 0, complete: false, sha256 },
  });
  const { rows } = await sql`select name from organisation where id = 'SITE-019000017'`.execute(api.database.sql);
  expect(rows).toEqual([{ name: 'CH DE VALOMBRE-NORD' }]);
  expect(await verifyAudit(api.database.sql, api.deps.keys)).toMatchObject({ intact: true });
});

test('a part of the register closes nobody; a complete file closes whom it does not name, another opens them again', async () => {
  await send(fileOf(...ALL));
  expect(counts((await send(fileOf(VALOMBRE))).body)).toEqual([0, 0, 0, 0, 1]);
  const dry = await send(fileOf(VALOMBRE, LYON), '?complete=true');
  expect(counts(dry.body)).toEqual([0, 0, 0, 5, 2]);
  expect((await stored()).filter((one) => (one as { closed_at: unknown }).closed_at !== null)).toEqual([]);
  const sure = '?dryRun=false&complete=true&closing=5';
  expect(counts((await send(fileOf(VALOMBRE, LYON), sure)).body)).toEqual([0, 0, 0, 5, 2]);
  expect(counts((await send(fileOf(VALOMBRE, LYON), sure)).body)).toEqual([0, 0, 0, 0, 2]);
  const back = await send(fileOf(AJACCIO, MARSEILLE.replace('BELLEFEUILLE', 'BELLEFEUILLE-SUD')));
  expect(counts(back.body)).toEqual([0, 0, 2, 0, 0]);
  expect(back.body.differences.map(({ fields }) => fields.map(({ field }) => field))).toEqual([[], ['name']]);
  expect(await versions('2A9000015')).toEqual([
    { version: 1, name: 'CH ROCHE FICTIVE', closed: false, last: false },
    { version: 2, name: 'CH ROCHE FICTIVE', closed: true, last: false },
    { version: 3, name: 'CH ROCHE FICTIVE', closed: false, last: true },
  ]);
});

test.each([
  ['nothing for a FINESS', VALOMBRE.replace('019000017', ''), 'finess required'],
  ['a lost zero', VALOMBRE.replace('019000017', '19000017'), 'finess format'],
  ['a wrong key', VALOMBRE.replace('019000017', '019000018'), 'finess key'],
  ['a wrong key of Corsica', AJACCIO.replace('2A9000015', '2B9000015'), 'finess key'],
  ['no name', VALOMBRE.replace('CH DE VALOMBRE', '\u200b'), 'name required'],
  ['a name on two lines', VALOMBRE.replace('CH DE VALOMBRE', '"CH\nDE"'), 'name characters'],
  ['a name without end', VALOMBRE.replace('CH DE VALOMBRE', 'x'.repeat(121)), 'name tooLong'],
  ['no category', VALOMBRE.replace('Centre Hospitalier (C.H.)', ''), 'category required'],
  ['a status that is none', VALOMBRE.replace('public', 'secret'), 'status enum'],
  ['no department', VALOMBRE.replace(',01,84', ',1,84'), 'departement format'],
  ['Saint-Pierre-et-Miquelon', VALOMBRE.replace(',01,84', ',975,84'), 'departement unknown'],
  ['Nouméa', VALOMBRE.replace(',01,84', ',988,84'), 'departement unknown'],
  ['a department of nobody', VALOMBRE.replace(',01,84', ',99,84'), 'departement unknown'],
  ['another region', VALOMBRE.replace(',01,84', ',01,93'), 'region contradiction'],
  ['another zone', VALOMBRE.replace('SUD_EST', 'NORD'), 'zone contradiction'],
  ['a postcode of four', VALOMBRE.replace('01999', '1999'), 'postcode format'],
  ['no city', VALOMBRE.replace('01999,VALOMBRE', '01999,'), 'city required'],
  ['a latitude of the moon', VALOMBRE.replace('46.2', '146.2'), 'lat format'],
  ['a latitude in exponents', VALOMBRE.replace('46.2', '4e1'), 'lat format'],
  ['a longitude that is no number', VALOMBRE.replace('5.2,', 'NaN,'), 'lon format'],
  ['half a place', VALOMBRE.replace('5.2,', ','), 'lon required'],
  ['a short number', VALOMBRE.replace('0474000001', '15'), 'tel format'],
  ['the line before once more', LYON, 'finess duplicate'],
])('a line with %s is told by its number and column, and nothing is written', async (_what, line, expected) => {
  const csv = fileOf(LYON, line);
  const dry = await send(csv, '');
  expect([dry.status, dry.body.added]).toEqual([200, 1]);
  const [error, ...more] = dry.body.errors;
  expect([`${error?.column} ${error?.code}`, more]).toEqual([expected, []]);
  const real = await send(csv);
  const pointer = `/${error?.line}/${error?.column}`;
  expect([real.status, real.body.errors]).toMatchObject([
    422,
    [{ pointer, message: `Ligne ${error?.line} : ${error?.message}` }],
  ]);
  expect(error?.line).toBeGreaterThanOrEqual(3);
  expect(await stored()).toEqual([]);
});

test.each(['', '&closing=0', '&closing=4', '&closing=6'])(
  'a file taken for the whole register closes nobody until its author has said how many («%s»)',
  async (said) => {
    await send(fileOf(...ALL));
    const before = await stored();
    const answer = await send(
      fileOf(LYON, VALOMBRE.replace('VALOMBRE', 'VALOMBRE-NORD')),
      `?dryRun=false&complete=true${said}`,
    );
    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:vigie:problem:closures-unconfirmed' } });
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('« closing=5 »') });
    expect(await stored()).toEqual(before);
  },
);

test('a wrong line that names its site does not make it missing from a complete file', async () => {
  await send(fileOf(...ALL));
  const dry = await send(fileOf(VALOMBRE.replace(',01,84', ',01,93'), ...ALL.slice(1)), '?complete=true');
  expect([dry.body.errors.length, ...counts(dry.body)]).toEqual([1, 0, 0, 0, 0, 6]);
});

test.each([
  ['nothing', '', 'required'],
  ['only a heading', HEADING, 'empty'],
  ['a column less', HEADING.replace(',tel', ''), 'required'],
  ['a column that nobody knows', `${HEADING},couleur`, 'unknown'],
  ['a quote that never ends', `${HEADING}\n019000017,"oups`, 'csv'],
])('a file with %s is refused, complete or not', async (_what, csv, code) => {
  await send(fileOf(...ALL));
  const answer = await send(csv, '?dryRun=false&complete=true');
  expect([answer.status, answer.body.errors.map((one) => one.code)]).toEqual([422, expect.arrayContaining([code])]);
  expect(counts((await send(csv, '?complete=true')).body)).toEqual([0, 0, 0, 0, 0]);
});

test('semicolons, decimal commas, Windows-1252 and another order of columns are read as well', async () => {
  const csv = [
    'Kind;Tel;lon;lat;City;Postcode;Departement;Status;Category;Name;FINESS',
    'EJ;04 95 00 00 01;9,1;41,9;ROCHE;20999;2a;privé;Clinique;CLINIQUE D\u2019ÉTÉ;2a9000015',
  ].join('\r\n');
  const bytes = Buffer.from(csv.replace('\u2019', '\u0092'), 'latin1');
  expect(counts((await send(bytes)).body)).toEqual([1, 0, 0, 0, 0]);
  expect(await stored()).toMatchObject([
    {
      finess: '2A9000015',
      entity_kind: 'EJ',
      name: 'CLINIQUE D’ÉTÉ',
      status: 'private',
      latitude: 41.9,
      phone: '+33495000001',
    },
  ]);
  // A file that says nothing of the kind leaves the one that is known.
  expect(counts((await send(fileOf(AJACCIO))).body)).toEqual([0, 1, 0, 0, 0]);
  expect(await stored()).toMatchObject([{ entity_kind: 'EJ', name: 'CH ROCHE FICTIVE' }]);
});

test('lines of separators alone, as spreadsheets leave them, say nothing; the others keep their numbers', async () => {
  const blank = ','.repeat(11);
  const csv = fileOf(VALOMBRE, blank, LYON.replace('699000014', '699000015'), blank, ` ${blank}`);
  const { body } = await send(csv, '');
  expect([body.lines, body.added, body.errors.map(({ line, code }) => `${line} ${code}`)]).toEqual([2, 1, ['4 key']]);
});

test('a stray byte of Windows-1252 is set right, and told', async () => {
  const answer = await send(fileOf(VALOMBRE.replace('CH DE', 'CH D\u0092')));
  expect(answer.body.notes).toMatchObject([{ line: 2, column: 'name', code: 'repaired' }]);
  expect(await stored()).toMatchObject([{ name: 'CH D’ VALOMBRE' }]);
});

test('two imports at once take turns: one adds, the other finds it done, and their versions follow one another', async () => {
  const renamed = fileOf(...ALL).replaceAll('CH DE', 'CHU DE');
  const answers = await Promise.all([send(fileOf(...ALL)), send(fileOf(...ALL)), send(renamed), send(renamed)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(answers.reduce((sum, { body }) => sum + body.added, 0)).toBe(7);
  const kept = await versions('019000017');
  expect(kept.filter(({ last }) => last)).toHaveLength(1);
  const { rows } = await sql`
    select from site_version one join site_version next on next.site_id = one.site_id and next.version = one.version + 1
    where one.to_at is distinct from next.from_at or one.from_at > one.to_at`.execute(api.database.sql);
  expect(rows).toEqual([]);
});

test('what breaks in the middle leaves nothing behind', async () => {
  // An import seals its entry last: without a key everything before is undone.
  const keys = new Proxy(api.deps.keys, {
    get: () => {
      throw new Error('no key');
    },
  });
  const { entries } = readSiteCsv(Buffer.from(fileOf(...ALL)), await agenciesOf(api.database.sql));
  const by = { by: { sub: 'admin', organisation: 'CORRUSS' }, now: Date.now(), sha256: '', closing: 0 };
  await expect(importSites(api.database, keys, { entries, complete: null }, by)).rejects.toThrow();
  expect([entries.length, await stored()]).toEqual([7, []]);
});

test('a body that is no CSV is refused', async () => {
  const admin = api.as('admin');
  expect((await admin.post('/v1/sites/import', {})).status).toBe(415);
  expect((await admin.post('/v1/sites/import')).status).toBe(415);
  expect((await send(fileOf(VALOMBRE), '?dryRun=peut-être')).status).toBe(422);
});
