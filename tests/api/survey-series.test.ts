import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSeries, setSeriesStatus } from '../../db/stores/desk/survey-series.ts';
import type { SurveyAudience } from '../../domain/survey/survey-draft.ts';
import { type ReadingDesk, startReadingDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { publishForm } from '../support/survey.ts';
import { BACH_SERIES, path } from '../support/survey-series.ts';

let api: ReadingDesk;
let formId: string;
beforeAll(async () => {
  api = await startReadingDesk();
  formId = await publishForm(api.database);
});
afterAll(() => api.close());

/** A series that stands there, whoever keeps its Schedule. */
async function written(author: string, audience: SurveyAudience): Promise<string> {
  const { formCode: _, recurrence, closesAt, ...rest } = BACH_SERIES;
  const document = {
    ...rest,
    recurrence,
    closesAt,
    audience,
    validateUntil: null,
    acceptUntil: null,
    onHoliday: 'open',
  };
  const draft = { author, formId, exercise: false, crisisId: null, document: { ...document, from: null, until: null } };
  const act = { by: { sub: 'test', organisation: author }, now: Date.now(), key: null };
  return (await createSeries(api.database, api.deps.keys, draft as never, act)).id;
}
const LIST = { respondents: [{ name: 'SAMU 69', email: 'samu@samu69.example' }] };
const SEEN: readonly AccountName[] = [
  'corruss-redacteur',
  'superviseur',
  'ars-84',
  'ars-93',
  'ars-94',
  'ars-11',
  'admin',
];
const reading = async (id: string) => Promise.all(SEEN.map(async (one) => (await api.as(one).get(path(id))).status));

test('the nation reads all; an agency its own and those of the nation that ask it, an ARS de zone those of its zone', async () => {
  expect(await reading(await written('CORRUSS', { ars: 'all' }))).toEqual([200, 200, 200, 200, 200, 200, 403]);
  expect(await reading(await written('CORRUSS', { ars: ['ARS-94'] }))).toEqual([200, 200, 404, 200, 200, 404, 403]);
  const own = await written('ARS-84', LIST);
  expect(await reading(own)).toEqual([200, 200, 200, 404, 404, 404, 403]);
  const listed = await api.as('ars-11').get<{ items: { id: string }[] }>('/v1/survey-series');
  expect(listed.body.items.map(({ id }) => id)).not.toContain(own);
  expect((await api.as('ars-84').get(path(own, '/openings'))).body).toEqual({ items: [], nextCursor: null });
  for (const act of ['', '/openings']) expect((await api.as('ars-11').get(path(own, act))).status).toBe(404);
});

test('who asks by a series acts on it, nobody else: authors and heads for the nation, an agency for itself', async () => {
  const [national, own] = [await written('CORRUSS', { ars: 'all' }), await written('ARS-84', LIST)];
  const pause = async (id: string, account: AccountName) =>
    (await api.as(account).post(path(id, '/pause'), { reason: 'Essai.' })).status;
  // Temporal is away here: 503 says that the door is open.
  expect([await pause(national, 'corruss-valideur'), await pause(own, 'ars-84')]).toEqual([503, 503]);
  expect([await pause(national, 'ars-84'), await pause(own, 'corruss-chef'), await pause(own, 'ars-11')]).toEqual([
    403, 403, 404,
  ]);
  expect([await pause(national, 'superviseur'), await pause(national, 'admin')]).toEqual([403, 403]);
  for (const act of ['/resume', '/trigger'])
    expect((await api.as('ars-84').post(path(national, act))).status).toBe(403);
  expect((await api.as('ars-84').post(path(national, '/end'), { reason: 'x' })).status).toBe(403);
  expect((await api.as('ars-84').put(path(national), BACH_SERIES)).status).toBe(403);
  expect((await api.as('corruss-valideur').put(path(national), BACH_SERIES)).status).toBe(403);
});

test('a wrong series is told every wrong field at once, in French, and nothing is written', async () => {
  const before = await api.as('superviseur').get('/v1/survey-series');
  const body = {
    formCode: 'INCONNU',
    title: '{semaine} {jour}',
    audience: { ars: ['ARS-84', 'ARS-999'] },
    recurrence: { days: ['mardi'], at: '08:00' },
    closesAt: { days: 0, at: '06:00' },
    remindBefore: ['PT1H', 'bientôt'],
    onHoliday: 'peut-être',
    until: '2020-01-01',
    more: true,
  };
  const answer = await api.as('corruss-redacteur').post<{ errors: { pointer: string }[] }>('/v1/survey-series', body);
  const pointers = answer.body.errors.map(({ pointer }) => pointer).sort();
  expect([answer.status, pointers]).toEqual([
    422,
    [
      '/audience/ars/1',
      '/closesAt',
      '/formCode',
      '/more',
      '/onHoliday',
      '/recurrence/days/0',
      '/remindBefore/1',
      '/title',
      '/until',
    ],
  ]);
  expect((await api.as('superviseur').get('/v1/survey-series')).body).toEqual(before.body);
});

test.each<[string, AccountName, object, string]>([
  ['an agency that asks agencies', 'ars-84', {}, '/audience'],
  [
    'a title that overflows once it is filled',
    'corruss-redacteur',
    { title: `${'x'.repeat(170)} {date} {date}` },
    '/title',
  ],
  ['a reminder before the opening', 'corruss-redacteur', { remindBefore: ['P2D'] }, '/remindBefore/0'],
  [
    'an acceptance before the validation',
    'corruss-redacteur',
    { validateUntil: { after: 'P2D' }, acceptUntil: { after: 'P1D' } },
    '/acceptUntil',
  ],
  [
    'an event that is not there',
    'corruss-redacteur',
    { crisisId: '0198c0de-0000-7000-8000-000000000000' },
    '/crisisId',
  ],
])('%s is refused', async (_what, account, body, pointer) => {
  const answer = await api
    .as(account)
    .post<{ errors: { pointer: string }[] }>('/v1/survey-series', { ...BACH_SERIES, ...body });
  expect([answer.status, answer.body.errors.map((one) => one.pointer)]).toEqual([422, [pointer]]);
});

test('two who change one series: the second is told so; an exercise stays one; what is ended changes no more', async () => {
  const id = await written('CORRUSS', { ars: 'all' });
  const author = api.as('corruss-redacteur');
  const change = (title: string, more: object = {}) =>
    author.put<{ title: string }>(path(id), { ...BACH_SERIES, title, ...more }, { 'if-match': '"1"' });
  // Written; its Schedule is told later. Repeated word for word it is no other change.
  expect([(await change('Une')).status, (await change('Une')).status, (await change('Autre')).status]).toEqual([
    503, 503, 412,
  ]);
  expect((await author.get(path(id))).body).toMatchObject({ title: 'Une', version: 2, scheduled: false });
  const exercise = await author.put(path(id), { ...BACH_SERIES, exercise: true });
  expect([exercise.status, exercise.text]).toEqual([422, expect.stringContaining('/exercise')]);
  const act = { by: { sub: 'test', organisation: 'CORRUSS' }, now: Date.now() };
  await setSeriesStatus(api.database, api.deps.keys, { id, status: 'ended', reason: 'Fin.' }, act);
  const late = await author.put(path(id), BACH_SERIES);
  expect([late.status, late.body['detail']]).toEqual([409, expect.stringContaining('terminée')]);
  expect((await author.post(path(id, '/pause'), { reason: '\u200b' })).status).toBe(422);
});
