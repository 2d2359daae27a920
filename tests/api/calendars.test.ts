import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { shownUrl } from '../../api/plugins/logging.ts';
import { newId } from '../../db/database.ts';
import { replaceRoster } from '../../db/stores/desk/duty.ts';
import { HOUR } from '../../domain/instant.ts';
import { callerOf, type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import { rosterBody } from '../support/duty.ts';
import type { AccountName } from '../support/desk-accounts.ts';

let api: ReadingDesk;
/** The night of 25 October, when the clock goes back, lies in the fortnight after. */
const NOW = Date.parse('2026-10-20T08:00:00Z');
let app: ReadingDesk['app'];
const as = (account: AccountName) => callerOf(app, () => api.issuer.token(account));

beforeAll(async () => {
  api = await startReadingDesk();
  app = await api.rebuild({ now: () => NOW });
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
  for (const table of ['calendar_link', 'instruction_recipient', 'instruction', 'duty_roster'] as const) {
    await api.database.sql.deleteFrom(table).execute();
  }
});

/** RFC 5545: lines of at most 75 octets end in CRLF, a line that begins with a blank goes on the one before. */
function parse(text: string) {
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n');
  expect([lines[0], lines.find((line) => line.startsWith('VERSION')), lines.findLast(Boolean)]).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'END:VCALENDAR',
  ]);
  const events: Record<string, string>[] = [];
  for (const line of lines) {
    const [name = '', ...value] = line.split(':');
    if (line === 'BEGIN:VEVENT') events.push({});
    const event = events.at(-1);
    if (event !== undefined) event[name.replace(/;.*/, '')] ??= value.join(':').replace(/\\([,;\\])/g, '$1');
  }
  return events;
}

async function instruction(number: string, recipients: readonly (readonly [string, number, boolean])[], changes = {}) {
  const { sql } = api.database;
  const id = newId();
  const at = new Date(NOW);
  const row = {
    id,
    status: 'open' as const,
    number,
    nature: 'action' as const,
    exercise: false,
    body: 'x',
    draft: '{}',
  };
  const written = {
    subject: 'Recensement, par écrit ; des lits disponibles dans chaque établissement de santé',
    ...changes,
  };
  await sql
    .insertInto('instruction')
    .values({ ...row, ...written, created_by: 'x', created_at: at, updated_at: at, released_at: at })
    .execute();
  for (const [organisation, hours, closed] of recipients) {
    const key = { instruction_id: id, organisation_id: organisation, seq: 1, state: 'sent' as const, closed };
    const rest = { late: false, returns: 0, ladder_step: 0, follow_up: '{}', deadline: new Date(NOW + hours * HOUR) };
    await sql
      .insertInto('instruction_recipient')
      .values({ ...key, ...rest })
      .execute();
  }
  return id;
}

test('each open deadline of the territory is one event, with who is awaited; an exercise says so', async () => {
  const id = await instruction('MINSANTE N°2026_001', [
    ['ARS-84', 4, false],
    ['ARS-11', 4, false],
    ['ARS-93', 6, false],
    ['ARS-94', 4, true],
  ]);
  await instruction('MINSANTE EXERCICE N°2026_001', [['ARS-11', 8, false]], { exercise: true, subject: 'Essai' });
  const answer = await as('corruss-chef').get('/v1/calendar/deadlines.ics');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  const events = parse(answer.text);
  expect(events.map((event) => [event['DTSTART'], event['SUMMARY'], event['DESCRIPTION']])).toEqual([
    [
      '20261020T120000Z',
      'MINSANTE N°2026_001 – Recensement, par écrit ; des lits disponibles dans chaque établissement de santé',
      '2 destinataires attendus : ARS Île-de-France, ARS Auvergne-Rhône-Alpes',
    ],
    [
      '20261020T140000Z',
      expect.stringContaining('MINSANTE N°2026_001'),
      "1 destinataire attendu : ARS Provence-Alpes-Côte d'Azur",
    ],
    [
      '20261020T160000Z',
      'EXERCICE – MINSANTE EXERCICE N°2026_001 – Essai',
      '1 destinataire attendu : ARS Île-de-France',
    ],
  ]);
  expect(events[0]!['UID']).toBe(`${id}-${NOW / 1000 + 4 * 3600}@vigie.example`);
  expect(new Set(events.map((event) => event['UID'])).size).toBe(3);
});

test('an ARS sees its own, an ARS de zone those of its zone, and nobody’s name beyond', async () => {
  await instruction('MINSANTE N°2026_001', [
    ['ARS-84', 4, false],
    ['ARS-93', 4, false],
    ['ARS-94', 4, false],
  ]);
  const awaited = async (account: AccountName) =>
    parse((await as(account).get('/v1/calendar/deadlines.ics')).text).map((event) => event['DESCRIPTION']);
  expect(await awaited('ars-84')).toEqual(['1 destinataire attendu : ARS Auvergne-Rhône-Alpes']);
  expect(await awaited('ars-93')).toEqual(["2 destinataires attendus : ARS Provence-Alpes-Côte d'Azur, ARS Corse"]);
  expect(await awaited('ars-11')).toEqual([]);
  expect((await as('admin').get('/v1/calendar/deadlines.ics')).status).toBe(403);
});

const by = { sub: 'x', organisation: 'CORRUSS' };
const roster = async (organisation: string) => {
  const document = { calendar: 'FR', coverage: null, overrides: [], ...rosterBody() } as never;
  await replaceRoster(api.database, api.deps.keys, { organisation, document, version: null, by, now: NOW });
};

test('shifts are events by name, an hour longer in the week when the clock goes back, without numbers nor addresses', async () => {
  await roster('ARS-84');
  const answer = await as('ars-84').get('/v1/calendar/duty.ics');
  const events = parse(answer.text);
  const week = events.find((event) => event['DTSTART'] === '20261019T063000Z');
  expect(week).toMatchObject({
    DTEND: '20261026T073000Z',
    SUMMARY: expect.stringMatching(/^Astreinte – \w+ \w+ \(Premier niveau\)$/),
  });
  expect(answer.text).not.toMatch(/ars-84\.example|\+336/);
  expect((await as('ars-84').get('/v1/calendar/duty.ics?organisation=ARS-11')).status).toBe(404);
  expect((await as('superviseur').get('/v1/calendar/duty.ics?organisation=ARS-84')).status).toBe(200);
  expect(parse((await as('ars-84').get('/v1/calendar/duty.ics?organisation=ARS-84')).text)).toHaveLength(events.length);
});

interface Made {
  id: string;
  url: string;
}
const link = (account: AccountName, body: unknown) => as(account).post<Made>('/v1/calendar/links', body);
const open = async (url: string) => app.inject(new URL(url).pathname);

test('a private link reads what its owner may read, changes nothing, and ends when it is revoked', async () => {
  await instruction('MINSANTE N°2026_001', [
    ['ARS-84', 4, false],
    ['ARS-11', 4, false],
  ]);
  const made = await link('ars-84', { feed: 'deadlines' });
  expect(made.status).toBe(201);
  expect(made.body.url).toMatch(/^http:\/\/vigie\.example\/c\/[\w-]{43}\.ics$/);
  const before = await api.database.sql.selectFrom('calendar_link').selectAll().execute();
  const opened = await open(made.body.url);
  expect([opened.statusCode, opened.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  expect(parse(opened.body)).toMatchObject([{ DESCRIPTION: '1 destinataire attendu : ARS Auvergne-Rhône-Alpes' }]);
  expect(await api.database.sql.selectFrom('calendar_link').selectAll().execute()).toEqual(before);

  expect((await as('ars-11').delete(`/v1/calendar/links/${made.body.id}`)).status).toBe(404);
  expect((await as('ars-84').get<{ items: unknown[] }>('/v1/calendar/links')).body.items).toHaveLength(1);
  for (const _again of [1, 2])
    expect((await as('ars-84').delete(`/v1/calendar/links/${made.body.id}`)).status).toBe(204);
  expect((await open(made.body.url)).statusCode).toBe(404);
  expect((await as('ars-84').get<{ items: unknown[] }>('/v1/calendar/links')).body.items).toEqual([]);
});

test('the Atom feed has a private link of the same kind: its owner’s territory, itself as its own address, an end', async () => {
  await instruction('MINSANTE N°2026_001', [['ARS-84', 4, false]]);
  await instruction('MINSANTE N°2026_002', [['ARS-11', 4, false]]);
  const made = await link('ars-84', { feed: 'messages' });
  expect([made.status, made.body.url]).toEqual([201, expect.stringMatching(/\/c\/[\w-]{43}\.atom$/)]);
  const opened = await open(made.body.url);
  expect([opened.statusCode, opened.headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  expect(opened.headers['cache-control']).toBe('private, no-store');
  expect(opened.body).toContain('MINSANTE N°2026_001');
  expect(opened.body).not.toContain('MINSANTE N°2026_002');
  expect(opened.body).toContain(`rel="self" type="application/atom+xml" href="${made.body.url}"`);
  expect((await link('ars-84', { feed: 'messages', organisation: 'ARS-84' })).status).toBe(422);
  expect((await as('ars-84').delete(`/v1/calendar/links/${made.body.id}`)).status).toBe(204);
  expect((await open(made.body.url)).statusCode).toBe(404);
});

test('only the hash of a token is stored, and no log shows it', async () => {
  const { url } = (await link('corruss-chef', { feed: 'duty', organisation: 'ARS-84' })).body;
  const token = url.slice(-47, -4);
  const [row] = await api.database.sql.selectFrom('calendar_link').selectAll().execute();
  expect(row!.token_hash).toBe(createHash('sha256').update(token).digest('hex'));
  expect(JSON.stringify(row)).not.toContain(token);
  expect(shownUrl(`/c/${token}.ics`)).toBe('/c/[masqué]');
  expect((await open(url)).statusCode).toBe(200);
});

test('a link of a year ago is over; a forged, cut or upper-case one opens nothing', async () => {
  const { url } = (await link('ars-84', { feed: 'deadlines' })).body;
  const later = await api.rebuild({ now: () => NOW + 367 * 24 * HOUR });
  expect((await later.inject(new URL(url).pathname)).statusCode).toBe(404);
  const { pathname } = new URL(url);
  for (const path of [pathname.toUpperCase().replace('/C/', '/c/'), pathname.slice(0, -6), '/c/x.ics']) {
    expect((await app.inject(path)).statusCode).toBe(404);
  }
});

test('a link beyond one’s territory, of nothing, or with unknown fields is refused', async () => {
  for (const body of [
    { feed: 'duty', organisation: 'ARS-11' },
    { feed: 'duty', organisation: 'ARS-99' },
    { feed: 'deadlines', organisation: 'ARS-84' },
    { feed: 'tout' },
    { feed: 'deadlines', token: 'mine' },
    {},
  ]) {
    expect((await link('ars-84', body)).status).toBe(422);
  }
  expect((await as('ars-84').delete('/v1/calendar/links/none')).status).toBe(404);
});
