import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { type ApiDesk, type Caller, callerOf, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { quiet } from '../support/clock.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { openSurvey, publishForm } from '../support/survey.ts';

let api: ApiDesk;
let lyon: string[];
let ain: string[];
let corsican: string;
let mute: string;
beforeAll(async () => {
  api = await startApiDesk();
  const { database } = api.desk;
  lyon = await inventSites(database, { in: { D69: 2 } });
  ain = await inventSites(database, { in: { D01: 1 }, category: 'Clinique' });
  [corsican] = (await inventSites(database, { in: { D2A: 1 } })) as [string];
  [mute] = (await inventSites(database, { in: { D69: 1 }, from: 9, reachable: false })) as [string];
  await inventSites(database, { in: { D69: 1 }, from: 20, entityKind: 'EJ' });
  const [closed] = await inventSites(database, { in: { D69: 1 }, from: 30 });
  await database.sql.updateTable('site').set({ closed_at: new Date() }).where('id', '=', closed!).execute();
});
afterAll(() => api.close());

interface Problem {
  readonly errors: { readonly pointer: string; readonly code: string }[];
}
interface Respondents {
  readonly items: { organisation: string; territory: string; department: string; address: string | null }[];
}
const wrong = ({ body }: { body: Problem }) => body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort();
const BEDS = { installes: 100, occupes: 80 };
const asSite = (id: string): Caller =>
  callerOf(api.app, () => api.issuer.token('ars-84', { claims: { org: id, roles: ['site'] } }), 5);
const respondents = async (caller: Caller, id: string) =>
  (await caller.get<Respondents>(`/v1/surveys/${id}/respondents?limit=500`)).body.items;
const names = (items: Respondents['items']) => items.map(({ organisation }) => organisation).sort();
const reachOf = async (account: AccountName, sites: object) => {
  const body = { formId: await publishForm(api.desk.database), title: 'Lits', audience: { sites }, closesAt: 'P1D' };
  const made = await api.as(account).post<{ id: string }>('/v1/surveys', body);
  return (await api.as(account).get<{ reach: object }>(`/v1/surveys/${made.body.id}`)).body.reach;
};

test.each([
  ['everywhere', {}, 5],
  ['a region', { territories: ['ARS-84'] }, 4],
  ['two departments', { territories: ['D01', 'D2A'] }, 2],
  ['a zone', { territories: ['ZONE-SUD'] }, 1],
  ['a category', { categories: ['Clinique'] }, 1],
  ['a category of a department', { territories: ['D69'], categories: ['Centre Hospitalier (C.H.)'] }, 3],
  ['nobody', { territories: ['D75'] }, 0],
])('a draft tells before its opening how many open geographic sites it reaches: %s', async (_what, sites, expected) => {
  expect(await reachOf('corruss-chef', sites)).toMatchObject({ respondents: expected });
});

test('an agency asks its own region, whatever it leaves out; of its draft it is told who has no contact', async () => {
  expect(await reachOf('ars-84', {})).toEqual({ respondents: 4, withoutAddress: 1, toCorrect: 0 });
  expect(await reachOf('ars-94', {})).toEqual({ respondents: 1, withoutAddress: 0, toCorrect: 0 });
});

test('every wrong territory and category is named, those of another region too, and what no audience has', async () => {
  const wrong = async (account: AccountName, audience: unknown) => {
    const body = { formId: await publishForm(api.desk.database), title: 'Lits', audience, closesAt: 'P1D' };
    const { status, body: told } = await api.as(account).post<Problem>('/v1/surveys', body);
    return [status, ...told.errors.map(({ pointer, code }) => `${pointer.slice('/audience'.length)} ${code}`)];
  };
  const bad = { territories: ['ARS-84', 'D999', '84', 'ARS-84'], categories: ['Clinique', 'Hôtel'] };
  expect(await wrong('corruss-chef', { sites: bad })).toEqual([
    422,
    '/sites/territories/1 unknown',
    '/sites/territories/2 unknown',
    '/sites/territories/3 duplicate',
    '/sites/categories/1 unknown',
  ]);
  const region = { territories: ['D69', 'ARS-11', 'ZONE-SUD', 'D75'] };
  expect(await wrong('ars-84', { sites: region })).toEqual([
    422,
    '/sites/territories/1 notYours',
    '/sites/territories/2 notYours',
    '/sites/territories/3 notYours',
  ]);
  for (const shape of [{}, { ars: 'all', sites: {} }, { sites: { finess: [] } }, { sites: { territories: [] } }, 'x']) {
    expect((await wrong('corruss-chef', shape))[0]).toBe(422);
  }
  const listed = await wrong('corruss-chef', { respondents: [{ name: 'A', email: 3 }] });
  expect(listed).toEqual([422, '/respondents/0/email type']);
});

test('what is wrong with a survey is told at once; a form of another agency is not to be had', async () => {
  const theirs = await publishForm(api.desk.database, undefined, 'ARS-11');
  const body = {
    formId: theirs,
    title: ' ',
    audience: {
      respondents: [
        { name: 'A', email: 'a@b.example' },
        { name: '', email: 'a@b.example' },
        { name: 'C', email: 'c' },
      ],
    },
    closesAt: 'demain',
    remindBefore: ['hier'],
    crisisId: randomUUID(),
  };
  const answer = await api.as('ars-84').post<Problem>('/v1/surveys', { ...body, exercise: 'oui', more: 1 });
  expect([answer.status, wrong(answer)]).toEqual([
    422,
    [
      '/audience/respondents/1/email duplicate',
      '/audience/respondents/1/name format',
      '/audience/respondents/2/email format',
      '/closesAt format',
      '/crisisId unknown',
      '/exercise type',
      '/formId unknown',
      '/more additionalProperties',
      '/remindBefore/0 format',
      '/title format',
    ],
  ]);
  const nothing = await api.as('ars-84').post<Problem>('/v1/surveys', { closesAt: 'demain', opensAt: 'hier' });
  expect(wrong(nothing)).toEqual([
    '/audience required',
    '/closesAt format',
    '/formId required',
    '/opensAt format',
    '/title required',
  ]);
  const shaped = {
    ...body,
    audience: {
      respondents: [
        { name: 'A', email: 'a@b.example' },
        { name: 'B', email: 'A@b.example' },
      ],
    },
  };
  const told = await api.as('ars-84').post<Problem>('/v1/surveys', shaped);
  expect(wrong(told)).toEqual([
    '/audience/respondents/1/email duplicate',
    '/closesAt format',
    '/crisisId unknown',
    '/formId unknown',
    '/remindBefore/0 format',
    '/title format',
  ]);
});

test('sites are respondents: invited at their entry point, each seen by itself, its agency, that of its zone and the nation', async () => {
  api.desk.sink.clear();
  const { id } = await openSurvey(api, { audience: { sites: { territories: ['D69', 'D2A'] } } });
  await quiet(api.desk.client, surveyWorkflowId(id));
  expect(api.desk.sink.mails.map(({ to }) => to).sort()).toEqual([...lyon, corsican].map(boxOf).sort());
  const all = await respondents(api.as('superviseur'), id);
  expect(names(all)).toEqual([...lyon, mute, corsican].sort());
  expect(all.find(({ organisation }) => organisation === corsican)).toMatchObject({
    ...{ territory: 'ARS-94', department: 'D2A', address: boxOf(corsican) },
  });
  expect(all.find(({ organisation }) => organisation === mute)!.address).toBeNull();
  expect(names(await respondents(api.as('ars-84'), id))).toEqual([...lyon, mute].sort());
  expect(names(await respondents(api.as('ars-93'), id))).toEqual([corsican]);
  expect(names(await respondents(asSite(corsican), id))).toEqual([corsican]);
  const read = async (caller: Caller) => (await caller.get(`/v1/surveys/${id}`)).status;
  expect([await read(api.as('ars-11')), await read(asSite(ain[0]!)), await read(asSite(lyon[0]!))]).toEqual([
    404, 404, 200,
  ]);
  const detail = await api.as('ars-84').get(`/v1/surveys/${id}`);
  expect(detail.body).toMatchObject({ counts: { expected: 3, late: 3 }, reach: { respondents: 3, withoutAddress: 1 } });
});

test('a site answers for itself only, its agency and the desk on its behalf; the agency of the zone reads', async () => {
  const { id, answers } = await openSurvey(api, { audience: { sites: { territories: ['ARS-84', 'ARS-94'] } } });
  const put = async (caller: Caller, site: string) =>
    (await caller.put(answers(site), { values: BEDS, submit: true })).status;
  const [first = '', second = ''] = lyon;
  expect([await put(asSite(first), first), await put(asSite(first), second)]).toEqual([200, 404]);
  expect([await put(api.as('ars-84'), second), await put(api.as('ars-84'), corsican)]).toEqual([200, 404]);
  expect([await put(api.as('ars-93'), corsican), await put(api.as('ars-11'), corsican)]).toEqual([403, 404]);
  expect([await put(api.as('corruss-chef'), corsican), await put(api.as('superviseur'), corsican)]).toEqual([200, 403]);
  expect((await asSite(first).get(answers(first))).body).toMatchObject({ submitted: 1 });
  expect((await asSite(first).get(answers(second))).status).toBe(404);
  const audit = await api.as('superviseur').get<{ items: { text: string }[] }>(`/v1/audit?subject=survey/${id}`);
  const told = audit.body.items.map(({ text }) => text).join();
  expect(told).toContain('saisie pour son compte (ARS-84)');
  expect((await asSite(first).post(`/v1/surveys/${id}/close`)).status).toBe(403);
});

test('a site reads the questionnaire by which it is asked, and no other', async () => {
  const formId = await publishForm(api.desk.database, undefined, 'ARS-84');
  const before = await asSite(lyon[0]!).get(`/v1/survey-forms/${formId}`);
  const { id } = await openSurvey(api, { formId, audience: { sites: { territories: ['D69'] } } }, 'ars-84');
  const site = asSite(lyon[0]!);
  expect([before.status, (await site.get(`/v1/survey-forms/${formId}/versions/1`)).status]).toEqual([404, 200]);
  expect((await asSite(ain[0]!).get(`/v1/survey-forms/${formId}`)).status).toBe(404);
  const { items } = (await site.get<{ items: { id: string }[] }>('/v1/surveys?limit=500')).body;
  expect(items.map((one) => one.id)).toContain(id);
  expect((await site.post('/v1/survey-forms', {})).status).toBe(403);
});
