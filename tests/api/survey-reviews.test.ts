import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { type ApiDesk, type Caller, callerOf, startApiDesk } from '../support/api-desk.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { BEDS, openSurvey, pass, publishForm } from '../support/survey.ts';

let api: ApiDesk;
let lyon: string;
let ain: string;
let isere: string;
let corsican: string;
beforeAll(async () => {
  api = await startApiDesk();
  const sites = await inventSites(api.desk.database, { in: { D69: 1, D01: 1, D38: 1, D2A: 1 } });
  [lyon, ain, isere, corsican] = ['69', '01', '38', '2A'].map((code) =>
    sites.find((id) => id.startsWith(`SITE-${code}`))!,
  ) as [string, string, string, string];
});
afterAll(() => api.close());

interface Told {
  readonly detail: string;
  readonly errors: { readonly pointer: string; readonly code: string }[];
}
interface Items {
  readonly items: readonly ({
    readonly territory: string;
    readonly values: Record<string, number | null>;
  } & SurveyCounts)[];
}
const FULL = { installes: 100, occupes: 80, tension: 'n1', note: 'RAS' };
const asSite = (id: string): Caller =>
  callerOf(api.app, () => api.issuer.token('ars-84', { claims: { org: id, roles: ['site'] } }), 5);
const submit = async (survey: string, site: string, values: object = FULL) =>
  (await asSite(site).put<Told>(`/v1/surveys/${survey}/answers/${site}`, { values, submit: true })).status;
const counts = async (id: string) =>
  (await api.as('superviseur').get<{ counts: SurveyCounts }>(`/v1/surveys/${id}`)).body.counts;
const results = async (id: string, by: string, as = 'corrected') =>
  (await api.as('superviseur').get<Items>(`/v1/surveys/${id}/results?by=${by}&as=${as}`)).body.items;
const open = (more: object = {}) =>
  openSurvey(api, {
    ...{ audience: { sites: { territories: ['D69', 'D01', 'D38', 'D2A'] } }, closesAt: 'PT48H' },
    ...{ validateUntil: 'PT12H', acceptUntil: 'PT24H', ...more },
  });
const ars = () => api.as('ars-84');
const close = async (id: string) =>
  expect((await api.as('corruss-chef').post(`/v1/surveys/${id}/close`)).status).toBe(202);

test('an agency validates what it sees as it stands; a correction drops it, at every level', async () => {
  const { id, answers } = await open();
  expect([await submit(id, lyon), await submit(id, corsican)]).toEqual([200, 200]);
  const { headers } = await ars().get(answers(lyon));
  const etag = { 'if-match': String(headers['etag']) };
  const done = await ars().post(`${answers(lyon)}/validate`, undefined, etag);
  expect([done.status, done.body]).toMatchObject([200, { validated: 1, already: 0 }]);
  expect((await ars().post(`${answers(lyon)}/validate`)).body).toMatchObject({ validated: 0, already: 1 });
  expect(await counts(id)).toMatchObject({ received: 2, validated: 1 });
  expect((await results(id, 'department')).map(({ territory, validated }) => [territory, validated])).toEqual([
    ['D01', 0],
    ['D2A', 0],
    ['D38', 0],
    ['D69', 1],
  ]);
  expect(await submit(id, lyon, { ...FULL, occupes: 90 })).toBe(200);
  expect(await counts(id)).toMatchObject({ received: 2, validated: 0 });
  const stale = await ars().post<Told>(`${answers(lyon)}/validate`, undefined, etag);
  expect([stale.status, stale.body.detail]).toEqual([412, expect.stringContaining('version 2')]);
  expect((await ars().post<Told>(`${answers(ain)}/validate`)).status).toBe(422);
});

test('several at once: those named or none of them; «sound» leaves what is incomplete, told of, or not concerned', async () => {
  const { id, answers } = await open();
  const some = { answers: [lyon, ain, corsican, 'SITE-0'] };
  await submit(id, lyon);
  await submit(id, ain, { installes: 100, occupes: 80 });
  await asSite(isere).put(answers(isere), { notConcerned: 'Aucun lit.', submit: true });
  await submit(id, corsican);
  const wrong = await ars().post<Told>(`/v1/surveys/${id}/validate`, some);
  expect([wrong.status, wrong.body.errors.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
    422,
    ['/answers/2 unknown', '/answers/3 unknown'],
  ]);
  expect(await counts(id)).toMatchObject({ validated: 0 });
  const sound = await ars().post(`/v1/surveys/${id}/validate`, { sound: true });
  expect(sound.body).toEqual({
    ...{ validated: 1, already: 0 },
    left: { awaited: 0, incomplete: 1, withNotices: 0, notConcerned: 1 },
  });
  expect((await ars().post(`/v1/surveys/${id}/validate`, { answers: [ain, isere] })).body).toMatchObject({
    validated: 2,
  });
  for (const body of [
    {},
    { sound: false },
    { answers: [] },
    { sound: true, answers: [ain] },
    [],
    'x',
    { answers: [3] },
  ])
    expect((await ars().post(`/v1/surveys/${id}/validate`, body)).status).toBe(422);
  const twice = await ars().post<Told>(`/v1/surveys/${id}/validate`, { answers: [ain, ain] });
  expect(twice.body.errors).toMatchObject([{ pointer: '/answers', code: 'uniqueItems' }]);
});

test('what is given back owes again, counts nowhere and is told with its reason; known at the closing stays known', async () => {
  api.desk.sink.clear();
  const { id, answers } = await open();
  await submit(id, lyon);
  await submit(id, ain);
  const back = (site: string, body: object = { reason: 'Les lits fermés manquent.' }) =>
    ars().post<{ until: string | null; mailed: boolean }>(`${answers(site)}/return`, body);
  expect((await back(isere)).status).toBe(409);
  for (const body of [{}, { reason: ' ' }, { reason: 'x', more: 1 }]) expect((await back(lyon, body)).status).toBe(422);
  expect((await back(lyon)).body).toEqual({ until: null, mailed: true });
  expect(await counts(id)).toMatchObject({ expected: 4, received: 1, onTime: 1, late: 3 });
  // Mails that are asked for within ten seconds leave together.
  await pass(api, id, 20_000);
  const [mail] = await api.desk.sink.waitFor(({ subject }) => /À REVOIR/.test(subject));
  expect(mail!.to).toBe(boxOf(lyon));
  expect(mail!.text).toMatch(/Les lits fermés manquent\.[^]*http:\/\/vigie\.example\/s\//);
  const link = /vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]!;
  expect((await api.app.inject(link)).body).toContain('Votre réponse vous a été renvoyée');
  const seen = await asSite(lyon).get(answers(lyon));
  expect(seen.body).toMatchObject({
    isDraft: true,
    submitted: null,
    values: FULL,
    returnReason: 'Les lits fermés manquent.',
  });
  expect((await back(lyon)).status).toBe(200);
  await close(id);
  const nation = async (as: string) => (await results(id, 'nation', as))[0]!;
  expect(await nation('closing')).toMatchObject({ received: 1, values: { occupes: 80 } });
  const late = await back(ain);
  expect(new Date(late.body.until!).getTime()).toBeGreaterThan(Date.now());
  expect(await nation('closing')).toMatchObject({ received: 1, values: { occupes: 80 } });
  expect(await nation('corrected')).toMatchObject({ received: 0, values: { occupes: null } });
  expect([await submit(id, ain, { ...FULL, occupes: 70 }), await submit(id, isere)]).toEqual([200, 409]);
  expect(await nation('corrected')).toMatchObject({ received: 1, onTime: 1, values: { occupes: 70 } });
  expect((await ars().post(`${answers(ain)}/validate`)).status).toBe(200);
  expect(await submit(id, ain, { ...FULL, occupes: 60 })).toBe(409);
  const versions = await api.as('superviseur').get<{ items: object[] }>(`${answers(ain)}/versions`);
  expect(versions.body.items).toMatchObject([
    { number: 1, afterClosings: 0, by: 'ars-84', door: 'api', reviews: [{ verdict: 'returned', by: 'ars-84' }] },
    {
      ...{ number: 2, afterClosings: 1, reviews: [{ verdict: 'validated' }] },
      changed: [
        { code: 'occupes', from: 80, to: 70 },
        { code: 'taux', from: 80, to: 70 },
      ],
    },
  ]);
});

test('given back before the closing and not sent again: given back once more it is taken alone, and told', async () => {
  api.desk.sink.clear();
  const { id, answers } = await open();
  await submit(id, lyon);
  const back = (reason: string) => ars().post<{ until: string | null }>(`${answers(lyon)}/return`, { reason });
  expect((await back('Les lits fermés manquent.')).body.until).toBeNull();
  await close(id);
  expect(await submit(id, lyon)).toBe(409);
  const { until } = (await back('Les lits fermés manquent encore.')).body;
  expect(Date.parse(until!)).toBeGreaterThan(Date.now());
  expect((await back('Encore.')).body).toEqual({ until, mailed: true });
  const longer = new Date(Date.now() + 70 * HOUR).toISOString();
  await api.as('corruss-chef').post(`${answers(lyon)}/unlock`, { until: longer, reason: 'Panne du site.' });
  expect((await back('Encore.')).body).toEqual({ until: longer, mailed: true });
  await pass(api, id, 20_000);
  const mails = await api.desk.sink.waitFor(({ subject }) => /À REVOIR/.test(subject), 2);
  expect(mails.map(({ to }) => to)).toEqual([boxOf(lyon), boxOf(lyon)]);
  expect(mails.map(({ text }) => text).join()).toContain('Les lits fermés manquent encore.');
  const versions = await ars().get<{ items: object[] }>(`${answers(lyon)}/versions`);
  expect(versions.body.items).toMatchObject([{ reviews: [{ verdict: 'returned' }, { verdict: 'returned' }] }]);
  expect(await submit(id, lyon, { ...FULL, occupes: 70 })).toBe(200);
  const nation = async (as: string) => (await results(id, 'nation', as))[0]!;
  expect(await nation('closing')).toMatchObject({ received: 0 });
  expect(await nation('corrected')).toMatchObject({ received: 1, values: { occupes: 70 } });
});

test('once the validation has ended it is refused, with the instant and whom to ask; the nation accepts until its own term', async () => {
  const { id, answers } = await open();
  await submit(id, lyon);
  await submit(id, ain);
  const accept = (body?: object) => api.as('corruss-chef').post<Told>(`/v1/surveys/${id}/accept`, body);
  expect((await accept()).status).toBe(409);
  await close(id);
  await ars().post(`${answers(lyon)}/validate`);
  const shifted = await api.rebuild({ now: () => Date.now() + 100 * HOUR });
  const later = (account: 'ars-84' | 'corruss-chef') => callerOf(shifted, () => api.issuer.token(account), 5);
  const late = await later('ars-84').post<Told>(`${answers(ain)}/validate`);
  expect([late.status, late.body.detail]).toEqual([
    409,
    expect.stringMatching(/close depuis le .* contactez le CORRUSS/),
  ]);
  expect((await later('corruss-chef').post<Told>(`/v1/surveys/${id}/accept`)).body.detail).toMatch(
    /acceptation .* close depuis/,
  );
  expect((await accept({ territories: ['ARS-84', 'ARS-11'] })).body.errors).toMatchObject([
    { pointer: '/territories/1' },
  ]);
  expect((await accept({ territories: ['ARS-84'], comment: 'Ain non validé.' })).body).toMatchObject({
    accepted: [{ territory: 'ARS-84', expected: 3, received: 2, validated: 1, notValidated: 1, late: 1 }],
  });
  const after = await ars().post<Told>(`${answers(ain)}/return`, { reason: 'Trop tard.' });
  expect([after.status, after.body.detail]).toEqual([409, expect.stringContaining('acceptées depuis')]);
  expect((await accept()).body).toMatchObject({ accepted: [{ territory: 'ARS-94', received: 0, late: 1 }] });
  expect((await accept()).body).toEqual({ accepted: [], published: true });
  const listed = await ars().get<{ items: object[] }>(`/v1/surveys/${id}/acceptances`);
  expect(listed.body.items).toMatchObject([
    { territory: 'ARS-84', notValidated: 1, by: 'corruss-chef', changedSince: 0 },
  ]);
  expect(listed.body.items).toHaveLength(1);
});

test('a lock exception opens one answer of a closed survey until its term, for that one alone; what comes is a correction', async () => {
  api.desk.sink.clear();
  const { id, answers } = await open();
  await submit(id, lyon);
  const desk = api.as('corruss-chef');
  const inTwoHours = new Date(Date.now() + 2 * HOUR).toISOString();
  const unlock = (body: object, caller: Caller = desk) => caller.post<Told>(`${answers(lyon)}/unlock`, body);
  const asked = { until: inTwoHours, reason: 'Erreur de saisie.' };
  expect((await unlock(asked)).status).toBe(409);
  await close(id);
  expect((await unlock(asked, ars())).status).toBe(403);
  const far = await unlock({ ...asked, until: new Date(Date.now() + 400 * HOUR).toISOString() });
  expect([far.status, far.body.errors]).toMatchObject([422, [{ pointer: '/until', code: 'tooLate' }]]);
  expect((await unlock({ until: 'demain', reason: 'x' })).status).toBe(422);
  expect((await unlock(asked)).body).toMatchObject({ mailed: true });
  // Who was told to try again, or has lost the answer, writes to nobody twice.
  expect((await unlock(asked)).body).toMatchObject({ mailed: true });
  await pass(api, id, 20_000);
  const letters = await api.desk.sink.waitFor(({ subject }) => /ROUVERTE/.test(subject));
  expect(letters.map(({ to }) => to)).toEqual([boxOf(lyon)]);
  expect([await submit(id, ain), await submit(id, lyon, { ...FULL, occupes: 50 })]).toEqual([409, 200]);
  const nation = async (as: string) => (await results(id, 'nation', as))[0]!.values['occupes'];
  expect([await nation('closing'), await nation('corrected')]).toEqual([80, 50]);
  await desk.post(`/v1/surveys/${id}/accept`);
  await submit(id, lyon, { ...FULL, occupes: 55 });
  const { body } = await desk.get<{ items: object[] }>(`/v1/surveys/${id}/acceptances`);
  expect(body.items).toMatchObject([{ territory: 'ARS-84', changedSince: 1 }, { territory: 'ARS-94' }]);
  const later = callerOf(await api.rebuild({ now: () => Date.now() + 3 * HOUR }), () => api.issuer.token('ars-84'));
  const late = await later.put<Told>(answers(lyon), { values: { ...FULL, occupes: 56 }, submit: true });
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('close depuis le')]);
  const told = await api.as('superviseur').get<{ items: { text: string }[] }>(`/v1/audit?subject=survey/${id}`);
  const lines = told.body.items.map(({ text }) => text);
  expect(lines.filter((line) => /rouverte seule/.test(line))).toHaveLength(1);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/rouverte seule par corruss-chef .* « Erreur de saisie\. »/),
      expect.stringMatching(/^Réponses acceptées par corruss-chef/),
    ]),
  );
  expect(await verifyAudit(api.desk.database.sql, api.desk.keys)).toMatchObject({ intact: true });
});

test('what commits after an acceptance has changed since, whatever the clock of its request says; what came before has not', async () => {
  const { id, answers } = await open();
  await submit(id, lyon);
  await close(id);
  const desk = api.as('corruss-chef');
  const accept = async () => (await desk.post<{ accepted: object[] }>(`/v1/surveys/${id}/accept`)).body.accepted;
  const since = async () =>
    (await ars().get<{ items: { changedSince: number }[] }>(`/v1/surveys/${id}/acceptances`)).body.items[0]!
      .changedSince;
  const clock = async (shift: number) => {
    const app = await api.rebuild({ now: () => Date.now() + shift });
    return callerOf(app, () => api.issuer.token('ars-84', { claims: { org: lyon, roles: ['site'] } }));
  };
  const until = new Date(Date.now() + 2 * HOUR).toISOString();
  await desk.post(`${answers(lyon)}/unlock`, { until, reason: 'Erreur de saisie.' });
  const [ahead, behind] = [await clock(MINUTE), await clock(-MINUTE)];
  await ahead.put(answers(lyon), { values: { ...FULL, occupes: 70 }, submit: true });
  expect(await accept()).toMatchObject([{ territory: 'ARS-84' }, { territory: 'ARS-94' }]);
  expect([await since(), await accept()]).toEqual([0, []]);
  await behind.put(answers(lyon), { values: { ...FULL, occupes: 71 }, submit: true });
  expect([await since(), await accept()]).toMatchObject([1, [{ territory: 'ARS-84', received: 1 }]]);
  expect([await since(), await accept()]).toEqual([0, []]);
  await desk.post(`/v1/surveys/${id}/reopen`, {
    closesAt: new Date(Date.now() + HOUR).toISOString(),
    reason: 'Oubli.',
  });
  const { body } = await desk.get<{ notices: string[] }>(`/v1/surveys/${id}/publication`);
  expect(body.notices).toContainEqual(expect.stringMatching(/rouverte après la publication/));
});

test('who may: the agency of the respondent alone; an agency’s own answer is accepted, its own list it validates itself', async () => {
  const { id, answers } = await open();
  await submit(id, corsican);
  const status = async (account: 'ars-93' | 'ars-94' | 'ars-84' | 'corruss-chef' | 'superviseur', site: string) =>
    (await api.as(account).post(`${answers(site)}/validate`)).status;
  expect([
    await status('ars-93', corsican),
    await status('ars-84', corsican),
    await status('corruss-chef', corsican),
  ]).toEqual([403, 404, 403]);
  expect([await status('superviseur', corsican), await status('ars-94', corsican)]).toEqual([403, 200]);
  const own = await openSurvey(api, { audience: { ars: ['ARS-84'] } });
  await ars().put(own.answers('ARS-84'), { values: FULL, submit: true });
  expect((await ars().post(`${own.answers('ARS-84')}/validate`)).status).toBe(403);
  const national = await api.as('corruss-chef').post<Told>(`${own.answers('ARS-84')}/validate`);
  expect([national.status, national.body.detail]).toEqual([409, expect.stringContaining('l’accepte')]);
  expect((await api.as('corruss-chef').post(`${own.answers('ARS-84')}/return`, { reason: 'À revoir.' })).status).toBe(
    200,
  );
  const formId = await publishForm(api.desk.database, BEDS, 'ARS-84');
  const listed = await openSurvey(
    api,
    { formId, audience: { respondents: [{ name: 'SAMU 69', email: 'samu69@samu.example' }] } },
    'ars-84',
  );
  const { body } = await ars().get<{ items: { respondent: string }[] }>(`/v1/surveys/${listed.id}/respondents`);
  const samu = body.items[0]!.respondent;
  expect((await ars().post(`${listed.answers(samu)}/validate`)).status).toBe(422);
  expect((await api.as('corruss-chef').post(`${listed.answers(samu)}/validate`)).status).toBe(403);
  expect((await api.as('ars-11').get(`${listed.answers(samu)}/versions`)).status).toBe(404);
  expect((await ars().get(`${listed.answers(samu)}/versions`)).body).toEqual({ items: [] });
});
