import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readSituation } from '../../db/read-models/situation.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { absent, rosterBody, weekly } from '../support/duty.ts';

jest.retryTimes(1);

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
}, 120_000);
afterAll(() => api.close());

interface DutyRoster {
  version: number;
  timeZone: string;
  roster: { calendar: string; people: unknown[]; layers: { rotations: { every: string }[] }[] } | null;
  warnings: { code: string; message: string; pointer: string }[];
}

const DUTY = '/v1/organisations/ARS-84/duty';
const put = (body: unknown, headers = {}, path = DUTY) => api.as('ars-84').put<DutyRoster>(path, body, headers);
const version = async (path = DUTY) => String((await api.as('corruss-chef').get(path)).headers['etag']);

test('before its first roster an organisation has none, version 0; what is put comes back whole and can be sent again', async () => {
  const before = await api.as('ars-11').get<DutyRoster>('/v1/organisations/ARS-11/duty');
  expect([before.status, before.headers['etag'], before.body.roster]).toEqual([200, '"0"', null]);
  const first = await put(rosterBody());
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ timeZone: 'Europe/Paris', warnings: [], roster: { calendar: 'FR' } });
  const again = await put(first.body.roster, { 'if-match': String(first.headers['etag']) });
  expect([again.status, again.body.roster]).toEqual([200, first.body.roster]);
  expect(again.body.version).toBe(first.body.version + 1);
});

test('a version that is not the last one is refused with 412, and nothing is changed', async () => {
  const etag = await version();
  expect((await put(rosterBody(), { 'if-match': '"99"' })).status).toBe(412);
  expect(await version()).toBe(etag);
});

test('every wrong field is named at once, and unknown ones are refused', async () => {
  const answer = await put({
    people: [{ key: 'Anne!', name: '', mail: 'a@x.fr\r\nBcc: b@y.fr' }],
    layers: [{ name: 'Premier niveau', rotations: [weekly(['claire'], { handOver: '25:00', every: 'P1Y' })] }],
    surprise: true,
  });
  const { errors } = answer.body as unknown as { errors: { pointer: string; message: string }[] };
  expect(answer.status).toBe(422);
  expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
    '/layers/0/rotations/0/every',
    '/layers/0/rotations/0/handOver',
    '/layers/0/rotations/0/people/0',
    '/people/0/key',
    '/people/0/mail',
    '/people/0/name',
    '/surprise',
  ]);
  for (const body of [null, [], 'texte', 3]) expect([400, 422]).toContain((await put(body)).status);
  expect((await put(rosterBody({ people: [{ key: 'a', name: 'A\0', mail: 'a@x.example' }] }))).status).toBe(422);
});

test('a roster that would only keep the machine busy is refused at once', async () => {
  const hours = Array.from({ length: 20 }, (_, n) => ({
    days: ['monday'],
    from: `${String(n).padStart(2, '0')}:07`,
    to: '23:59',
  }));
  const rotations = Array.from({ length: 10 }, () =>
    weekly(['anne', 'bruno'], { every: 'PT1H', weekday: null, hours }),
  );
  const answer = await put(rosterBody({ layers: [1, 2, 3, 4, 5].map((n) => ({ name: `Niveau ${n}`, rotations })) }));
  const { errors } = answer.body as unknown as { errors: { pointer: string; code: string }[] };
  expect([answer.status, errors.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([422, ['/layers tooMany']]);
});

test('an overlap and a gap are accepted, with warnings that name them', async () => {
  const answer = await put(
    rosterBody({
      layers: [{ name: 'Premier niveau', rotations: [weekly(['anne']), weekly(['bruno'])] }],
      overrides: [absent(Date.now())],
    }),
  );
  expect(answer.status).toBe(200);
  const [gap, overlap] = ['gap', 'overlap'].map((code) => answer.body.warnings.find((one) => one.code === code));
  expect(gap?.message).toMatch(/^Personne n’est d’astreinte du .* au .*, soit /);
  expect(overlap).toMatchObject({
    pointer: '/layers/0/rotations/1',
    message: expect.stringMatching(
      /deux rotations se chevauchent du .* \(Anne Martin et Bruno Petit\) ; Anne Martin est/,
    ),
  });
});

test('an ARS writes its own roster only, reads its zone; the desk and the administrator write all', async () => {
  const body = rosterBody();
  expect((await api.as('ars-11').put(DUTY, body)).status).toBe(404);
  expect((await api.as('ars-11').get(`${DUTY}/now`)).status).toBe(404);
  expect((await api.as('ars-93').get('/v1/organisations/ARS-94/duty')).status).toBe(200);
  expect((await api.as('ars-93').put('/v1/organisations/ARS-94/duty', body)).status).toBe(403);
  expect((await api.as('ars-84').put('/v1/organisations/CORRUSS/duty', body)).status).toBe(404);
  expect((await api.as('superviseur').put(DUTY, body)).status).toBe(403);
  expect((await api.as('admin').put('/v1/organisations/CORRUSS/duty', body)).status).toBe(200);
  expect((await api.as('corruss-redacteur').put(DUTY, body)).status).toBe(200);
  expect((await api.as('admin').get('/v1/organisations/ARS-99/duty/now')).status).toBe(404);
});

test('who is on duty now, and the shifts of a period, follow the clock of the territory', async () => {
  await api.as('admin').put('/v1/organisations/ARS-02/duty', rosterBody());
  const app = await api.rebuild({ now: () => Date.parse('2026-11-23T12:29:59Z') }); // 8 h 29 in Martinique, a Monday
  const token = await api.issuer.token('corruss-chef');
  const ask = async (path: string) =>
    (
      await app.inject({ url: `/v1/organisations/ARS-02/duty/${path}`, headers: { authorization: `Bearer ${token}` } })
    ).json<{
      onDuty: { person: { key: string }; to: string }[];
      next: { at: string; coming: { person: { key: string } }[] };
      items: { person: { key: string }; from: string }[];
      gaps: unknown[];
    }>();
  const now = await ask('now');
  expect(now.onDuty).toMatchObject([{ person: { key: 'bruno' }, to: '2026-11-23T12:30:00.000Z' }]);
  expect(now.next).toMatchObject({ at: '2026-11-23T12:30:00.000Z', coming: [{ person: { key: 'anne' } }] });
  const { items, gaps } = await ask('shifts?from=2026-11-23T12:30:00Z&to=2026-11-30T12:30:00Z');
  expect([items.map(({ person }) => person.key), gaps]).toEqual([['anne'], []]);
  const wrong = await api.as('ars-84').get(`${DUTY}/shifts?from=2026-11-23T12:30:00Z&to=2028-11-23T12:30:00Z`);
  expect(wrong.status).toBe(422);
});

test('a holiday of the territory, and both nights when the clock changes, are as people there live them', async () => {
  const holidays = [{ days: ['holiday'], from: '08:30', to: '08:30' }];
  const body = rosterBody({ layers: [{ name: 'Fériés', rotations: [weekly(['anne'], { hours: holidays })] }] });
  const nights = rosterBody({
    layers: [
      { name: 'Nuits', rotations: [weekly(['anne', 'bruno'], { every: 'PT12H', handOver: '20:00', weekday: null })] },
    ],
  });
  const shiftsOf = async (id: string, given: object, from: string, to: string) => {
    await api.as('admin').put(`/v1/organisations/${id}/duty`, given);
    const path = `/v1/organisations/${id}/duty/shifts?from=${from}&to=${to}`;
    const { items } = (await api.as('corruss-chef').get<{ items: { from: string; to: string }[] }>(path)).body;
    return items.map((one) => `${one.from.slice(5, 16)} ${(Date.parse(one.to) - Date.parse(one.from)) / 3_600_000}`);
  };
  // 22 May, abolition de l’esclavage: a holiday in Martinique, an ordinary Saturday in Lyon.
  const may = ['2027-05-21T00:00:00Z', '2027-05-24T00:00:00Z'] as const;
  expect(await shiftsOf('ARS-02', body, ...may)).toEqual(['05-22T12:30 24']);
  expect(await shiftsOf('ARS-84', body, ...may)).toEqual([]);
  expect(await shiftsOf('ARS-84', nights, '2027-03-27T19:00:00Z', '2027-03-28T18:00:00Z')).toEqual([
    '03-27T19:00 11',
    '03-28T06:00 12',
  ]);
  expect(await shiftsOf('ARS-84', nights, '2026-10-24T18:00:00Z', '2026-10-25T19:00:00Z')).toEqual([
    '10-24T18:00 13',
    '10-25T07:00 12',
  ]);
});

test('each change is in the audit with who made it', async () => {
  await put(rosterBody());
  const audit = await api
    .as('superviseur')
    .get<{ items: { kind: string; text: string }[] }>('/v1/audit?subject=organisation/ARS-84&limit=500');
  const texts = audit.body.items.filter(({ kind }) => kind === 'dutyChanged').map(({ text }) => text);
  expect(texts).toContainEqual(expect.stringMatching(/ableau d’astreinte de .* modifié par ars-84 \(ARS-84\)/));
});

const LADDER = {
  audience: { organisations: ['ARS-84'] },
  deadline: '4H',
  ladder: [
    { after: 'PT10M', target: 'onCall', channel: 'mail' },
    { after: 'PT2H', target: 'director', channel: 'mail' },
  ],
};

test('the on-call step goes to whoever is on duty at that instant, not to the contact of the directory', async () => {
  const { desk } = api;
  await put(rosterBody({ layers: [{ name: 'Premier niveau', rotations: [weekly(['bruno'])] }] }));
  const { id, number } = await desk.release(LADDER);
  await desk.advance(id, 11 * MINUTE);
  expect(desk.mailsTo(number, 'bruno@ars-84.example')).toHaveLength(1);
  expect(desk.mailsTo(number, 'astreinte')).toHaveLength(0);
});

test('nobody on duty: the step is passed at once, says why, and the next contact is written to', async () => {
  const { desk } = api;
  await put(rosterBody({ overrides: [absent(Date.now())] }));
  const { id, number } = await desk.release(LADDER);
  await desk.advance(id, 11 * MINUTE);
  await desk.settle(id);
  expect(desk.mailsTo(number, 'direction')).toHaveLength(1);
  expect(desk.mailsTo(number, 'ars-84.example').map(({ to }) => to)).toEqual([
    'ars84-alerte@ars-84.example',
    'ars84-direction@ars-84.example',
  ]);
  const passed = (await desk.timeline(id)).filter(({ kind }) => kind === 'stepPassed');
  expect(passed).toMatchObject([{ data: { step: 1, target: 'onCall', why: 'nobodyOnDuty' } }]);
});

test('the sheet of the situation names the number of whoever is on duty', async () => {
  const { desk } = api;
  const telephone = async () => {
    const { toCall } = await readSituation(desk.database.sql, Date.now());
    return toCall.find(({ number: one }) => one === number)?.telephone;
  };
  await put(rosterBody({ layers: [{ name: 'Premier niveau', rotations: [weekly(['anne'])] }] }));
  const { id, number } = await desk.release({ audience: { organisations: ['ARS-84'] }, deadline: '4H' });
  await desk.advance(id, 5 * HOUR);
  expect(await telephone()).toBe('+33639980001');
  await put(rosterBody({ overrides: [absent(Date.now())] }));
  expect(await telephone()).toBe('+33639980084'); // the directory’s, when nobody is
});

test('without a roster, or once it is taken away, the directory’s contact is on call', async () => {
  const { desk } = api;
  await put(rosterBody());
  const gone = await api.as('ars-84').delete<DutyRoster>(DUTY, { 'if-match': await version() });
  expect([gone.status, gone.body.roster]).toEqual([200, null]);
  const { id, number } = await desk.release(LADDER);
  await desk.advance(id, 11 * MINUTE);
  expect(desk.mailsTo(number, 'ars84-astreinte@ars-84.example')).toHaveLength(1);
});
