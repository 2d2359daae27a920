import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addDays, localDateOf, weekdayOf } from '../../domain/business-time-local.ts';
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';
import { nextOpenings } from '../../domain/survey/series-openings.ts';
import type { HolidayPolicy } from '../../domain/survey/series.ts';
import { type ApiDesk, callerOf, startApiDesk } from '../support/api-desk.ts';
import { inventSites } from '../support/sites.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { publishForm } from '../support/survey.ts';
import {
  backfill,
  BACH_SERIES,
  firings,
  newSeries,
  openingsOf,
  paris,
  path,
  scheduleOf,
  type SeriesBody,
  surveysOf,
  wall,
} from '../support/survey-series.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
}, 120_000);
afterAll(async () => {
  const rows = await api.desk.database.sql.selectFrom('survey_series').select('id').execute();
  for (const { id } of rows)
    await scheduleOf(api, id)
      .delete()
      .catch(() => undefined);
  await api.close();
});
beforeEach(() => api.desk.sink.clear());

const read = async (id: string) => (await api.as('corruss-chef').get<SeriesBody>(path(id))).body;
const chef = () => api.as('corruss-chef');

test('the Schedule fires on each Tuesday of 2026 and of 2030 at 08:00 in Paris, as the series foresees it', async () => {
  const { id, recurrence, closesAt } = await newSeries(api);
  expect(closesAt).toEqual({ days: 0, at: '18:00' });
  for (const [year, count] of [
    ['2026', 52],
    ['2030', 53],
  ] as const) {
    const period = { from: `${year}-01-01`, until: `${year}-12-31` };
    const fired = await firings(api, id, `${year}-01-01T00:00:00+01:00`, `${year}-12-31T23:59:59+01:00`);
    expect(new Set(fired.map(wall))).toEqual(new Set(['mardi 08:00']));
    const before = Date.parse(`${year}-01-01T00:00:00+01:00`) - 1;
    const foreseen = nextOpenings({ recurrence, onHoliday: 'open', ...period }, before, 60);
    expect(fired).toEqual(foreseen.map(({ dueAt }) => dueAt));
    expect(fired).toHaveLength(count);
  }
});

test('a year of Tuesdays is a year of surveys, each at 08:00 on the walls of Paris; the same weeks again open none', async () => {
  const { id, title, nextOpenings: next } = await newSeries(api);
  const first = Date.parse(next[0]!.dueAt);
  const year = [first - HOUR, first + 51 * 7 * DAY + 2 * HOUR] as const;
  await backfill(api, id, year, 52);
  const openings = await openingsOf(api, id);
  expect(openings.filter(({ outcome }) => outcome === 'opened')).toHaveLength(52);
  expect(new Set(openings.map(({ opensAt }) => wall(opensAt)))).toEqual(new Set(['mardi 08:00']));
  expect(new Set(openings.map(({ opensAt }) => opensAt!.slice(11)))).toEqual(
    new Set(['07:00:00.000Z', '06:00:00.000Z']),
  );
  const surveys = await surveysOf(api, id);
  expect(new Set(surveys.map(({ status }) => status))).toEqual(new Set(['scheduled']));
  expect(new Set(surveys.map(({ calendar }) => wall(calendar!.closesAt)))).toEqual(new Set(['mardi 18:00']));
  expect(new Set(surveys.map((one) => one.title)).size).toBe(52);
  expect(surveys[0]!.title).toMatch(new RegExp(`^${title.split('{')[0]!}\\d+$`));
  expect(surveys[0]!.created_by).toBe('série BACH');
  await backfill(api, id, [first - HOUR, first + 21 * DAY + 2 * HOUR], 4);
  expect(await surveysOf(api, id)).toHaveLength(52);
  expect(api.desk.sink.mails).toEqual([]);
}, 120_000);

/** The next 1 January or 14 July, always within a year. */
function nextHoliday(monthAndDay: string): string {
  const today = localDateOf(Date.now(), 'Europe/Paris');
  const thisYear = `${today.slice(0, 4)}-${monthAndDay}`;
  return thisYear > today ? thisYear : `${Number(today.slice(0, 4)) + 1}-${monthAndDay}`;
}
test.each<[HolidayPolicy, string]>([
  ['open', 'opened'],
  ['nextWorkingDay', 'opened'],
  ['skip', 'skipped'],
])('on 1 January and 14 July a series that says «%s» is %s', async (onHoliday, outcome) => {
  for (const date of [nextHoliday('01-01'), nextHoliday('07-14')]) {
    const { id } = await newSeries(api, { onHoliday, recurrence: { days: [weekdayOf(date)], at: '08:00' } });
    await backfill(api, id, [paris(date) - HOUR, paris(date) + HOUR], 1);
    const [opening] = await openingsOf(api, id);
    expect(opening).toMatchObject({ dueAt: new Date(paris(date)).toISOString(), outcome });
    if (onHoliday === 'skip') {
      expect([opening!.reason, opening!.survey, opening!.detail]).toEqual([
        'holiday',
        null,
        expect.stringMatching(/^Jour férié/),
      ]);
      continue;
    }
    const [survey] = await surveysOf(api, id);
    expect(survey!.calendar!.opensAt).toBe(Date.parse(opening!.opensAt!));
    expect(wall(survey!.calendar!.opensAt)).toMatch(/08:00$/);
    const moved = survey!.calendar!.opensAt - paris(date);
    expect(moved > 0).toBe(onHoliday === 'nextWorkingDay');
    if (moved > 0) expect(wall(survey!.calendar!.opensAt)).not.toMatch(/^(samedi|dimanche)/);
  }
});

test('every day, with holidays moved: the day after 14 July opens one, not two', async () => {
  const date = nextHoliday('07-14');
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const { id } = await newSeries(api, { recurrence: { days, at: '08:00' }, onHoliday: 'nextWorkingDay' });
  const [from, to] = [paris(date) - HOUR, paris(addDays(date, 4)) + HOUR];
  await backfill(api, id, [from, to], 5);
  const openings = await openingsOf(api, id);
  expect(openings).toHaveLength(5);
  expect(openings.filter(({ reason }) => reason === 'sameOpening')).toHaveLength(1);
  expect(new Set((await surveysOf(api, id)).map(({ calendar }) => calendar!.opensAt)).size).toBe(4);
});

test('the instant of an opening that was refused is free: what is due then opens, once', async () => {
  const date = nextHoliday('07-14');
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const more = { recurrence: { days, at: '08:00' }, onHoliday: 'nextWorkingDay' };
  const crisis = await chef().post<{ id: string }>('/v1/crises', { name: 'Orages' });
  const { id, title } = await newSeries(api, { ...more, crisisId: crisis.body.id });
  await chef().post(`/v1/crises/${crisis.body.id}/close`, { reason: 'Fin.' });
  await backfill(api, id, [paris(date) - HOUR, paris(date) + HOUR], 1);
  const [refused] = await openingsOf(api, id);
  expect([refused!.outcome, refused!.opensAt === refused!.dueAt]).toEqual(['refused', false]);
  expect((await chef().put(path(id), { ...BACH_SERIES, title, ...more })).status).toBe(200);
  await backfill(api, id, [paris(date) + HOUR, paris(addDays(date, 4)) + HOUR], 4);
  const then = (await openingsOf(api, id)).filter(({ opensAt }) => opensAt === refused!.opensAt);
  expect(then.map(({ outcome }) => outcome)).toEqual(['refused', 'opened']);
});

test('paused with its reason, by whom; what is due meanwhile is left out, a person opens one all the same, once for a key; resumed', async () => {
  const { id, nextOpenings: next } = await newSeries(api);
  expect(next).toHaveLength(5);
  const paused = await chef().post<SeriesBody>(path(id, '/pause'), { reason: 'Fêtes de fin d’année.' });
  expect(paused).toMatchObject({
    status: 200,
    body: { status: 'paused', statusBy: 'corruss-chef', scheduled: true, nextOpenings: [] },
  });
  expect((await scheduleOf(api, id).describe()).state).toMatchObject({
    paused: true,
    note: 'en pause (corruss-chef) : Fêtes de fin d’année.',
  });
  const due = Date.parse(next[0]!.dueAt);
  await backfill(api, id, [due - HOUR, due + HOUR], 1);
  expect(await openingsOf(api, id)).toMatchObject([{ outcome: 'skipped', reason: 'paused', survey: null }]);
  // At night its closing would lie behind it.
  const body = { ...BACH_SERIES, closesAt: { after: 'PT10H' } };
  expect((await chef().put(path(id), body)).status).toBe(200);
  const key = { 'idempotency-key': randomUUID() };
  const [one, other] = [
    await chef().post(path(id, '/trigger'), {}, key),
    await chef().post(path(id, '/trigger'), {}, key),
  ];
  expect([one.status, other.body]).toEqual([202, one.body]);
  await api.desk.sink.waitFor(({ subject }) => /^ENQUÊTE\s: BACH/.test(subject), 3);
  expect(await surveysOf(api, id)).toMatchObject([
    { id: one.body['survey'], status: 'open', created_by: 'corruss-chef' },
  ]);
  expect((await chef().post(path(id, '/resume'))).body).toMatchObject({ status: 'running', scheduled: true });
  expect((await scheduleOf(api, id).describe()).state.paused).toBe(false);
  const kinds = await api.desk.database.sql
    .selectFrom('audit_entry')
    .select(['kind', 'actor_sub'])
    .where('subject', '=', `survey-series/${id}`)
    .orderBy('position')
    .execute();
  expect(kinds.map((entry) => `${entry.kind} ${entry.actor_sub}`)).toEqual([
    'surveySeriesCreated corruss-chef',
    'surveySeriesPaused corruss-chef',
    'surveySeriesSkipped série BACH',
    'surveySeriesChanged corruss-chef',
    'surveySeriesOpened corruss-chef',
    'surveySeriesResumed corruss-chef',
  ]);
});

test('changed, the Schedule follows; ended, it is gone and nothing opens any more', async () => {
  const { id } = await newSeries(api);
  const body = { ...BACH_SERIES, recurrence: { days: ['monday', 'thursday'], at: '09:30' }, until: '2030-12-31' };
  const changed = await chef().put<SeriesBody>(path(id), body, { 'if-match': '"1"' });
  expect([changed.status, changed.headers['etag'], changed.body.scheduled]).toEqual([200, '"2"', true]);
  const fired = await firings(api, id, '2030-12-20T00:00:00Z', '2031-02-01T00:00:00Z');
  expect(fired.map(wall)).toEqual(['lundi 09:30', 'jeudi 09:30', 'lundi 09:30']);
  expect((await scheduleOf(api, id).describe()).policies).toMatchObject({ catchupWindow: 3 * DAY - HOUR - MINUTE });
  expect((await chef().post(path(id, '/end'), { reason: 'Remplacée.' })).body).toMatchObject({
    status: 'ended',
    scheduled: true,
  });
  await expect(scheduleOf(api, id).describe()).rejects.toThrow();
  for (const act of ['/trigger', '/resume']) expect((await chef().post(path(id, act))).status).toBe(409);
  expect((await chef().post(path(id, '/end'), { reason: 'Encore.' })).status).toBe(200);
});

test('an event that is closed refuses the opening: no survey stays, whoever asks is told, the series shows it', async () => {
  const crisis = await chef().post<{ id: string }>('/v1/crises', { name: 'Canicule' });
  const { id, nextOpenings: next } = await newSeries(api, { crisisId: crisis.body.id });
  expect((await chef().post(`/v1/crises/${crisis.body.id}/close`, { reason: 'Fin.' })).status).toBeLessThan(300);
  const due = Date.parse(next[0]!.dueAt);
  await backfill(api, id, [due - HOUR, due + HOUR], 1);
  expect((await read(id)).lastOpening).toMatchObject({
    outcome: 'refused',
    reason: 'crisisClosed',
    detail: expect.stringContaining('clos'),
  });
  expect(await surveysOf(api, id)).toMatchObject([{ status: 'cancelled' }]);
  const [mail] = await api.desk.sink.waitFor(({ subject }) => /NON OUVERTE/.test(subject));
  expect(mail!.text).toContain('L’événement de cette enquête est clos.');
  const byHand = await chef().post(path(id, '/trigger'));
  expect([byHand.status, byHand.body['detail']]).toEqual([409, expect.stringContaining('clos')]);
  // Who asked by hand has his answer; the one that was due waits for somebody until the series is corrected.
  expect(await tasksOf(id)).toMatchObject([{ comment: expect.stringContaining('est clos') }]);
  expect((await chef().put(path(id), { ...BACH_SERIES, title: 'BACH sans événement' })).status).toBe(200);
  expect(await tasksOf(id)).toEqual([]);
});

/** What waits for the desk about a series. */
const tasksOf = async (id: string) => {
  const { body } = await chef().get<{ items: Record<string, unknown>[] }>('/v1/tasks?kind=surveyNotOpened&limit=500');
  return body.items.filter((one) => one['series'] === id);
};

test('nobody left to ask: refused, mailed, and a task of the desk until somebody takes note or the next one opens', async () => {
  const { database } = api.desk;
  const [site] = await inventSites(database, { in: { D974: 1 }, category: 'Maison de naissance' });
  const {
    id,
    title,
    nextOpenings: next,
  } = await newSeries(api, {
    audience: { sites: { categories: ['Maison de naissance'] } },
  });
  const close = (at: Date | null) =>
    database.sql.updateTable('site').set({ closed_at: at }).where('id', '=', site!).execute();
  const open = async (n: number) => {
    const due = Date.parse(next[n]!.dueAt);
    await backfill(api, id, [due - HOUR, due + HOUR], 1);
  };
  await close(new Date());
  await open(0);
  const [opening] = await openingsOf(api, id);
  expect(opening).toMatchObject({ outcome: 'refused', reason: 'noRespondent', detail: expect.any(String) });
  expect(await surveysOf(api, id)).toMatchObject([{ status: 'cancelled' }]);
  await api.desk.sink.waitFor(({ subject }) => /NON OUVERTE/.test(subject));
  expect(await tasksOf(id)).toMatchObject([
    {
      id: opening!.id,
      subject: title,
      survey: null,
      comment: expect.stringMatching(/^ouverture du .*08:00 : Aucun répondant/),
    },
  ]);
  const note = (which: string, account: AccountName = 'corruss-chef') =>
    api.as(account).post(path(id, `/openings/${which}/note`), { comment: 'Vu.' });
  expect([(await note(opening!.id, 'ars-84')).status, (await note(randomUUID())).status]).toEqual([404, 404]);
  expect((await note(opening!.id, 'superviseur')).status).toBe(403);
  expect([(await note(opening!.id)).status, (await note(opening!.id)).status]).toEqual([204, 204]);
  expect(await tasksOf(id)).toEqual([]);
  await open(1);
  expect(await tasksOf(id)).toHaveLength(1);
  await close(null);
  await open(2);
  expect((await openingsOf(api, id)).map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'opened']);
  expect(await tasksOf(id)).toEqual([]);
  const told = database.sql.selectFrom('audit_entry').select('kind').where('subject', '=', `survey-series/${id}`);
  const kinds = (await told.execute()).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'surveySeriesNoted')).toHaveLength(1);
});

test('a refused opening waits no more once a person has opened one, nor once the series has ended', async () => {
  const { database } = api.desk;
  const [site] = await inventSites(database, { in: { D973: 1 } });
  // At night the hour of its closing would lie behind an opening by hand.
  const audience = { sites: { territories: ['D973'] } };
  const { id, nextOpenings: next } = await newSeries(api, { audience, closesAt: { after: 'PT10H' } });
  const close = (at: Date | null) =>
    database.sql.updateTable('site').set({ closed_at: at }).where('id', '=', site!).execute();
  const refuse = async (n: number) => {
    const due = Date.parse(next[n]!.dueAt);
    await close(new Date());
    await backfill(api, id, [due - HOUR, due + HOUR], 1);
    await close(null);
    expect(await tasksOf(id)).toHaveLength(1);
  };
  await refuse(0);
  expect((await chef().post(path(id, '/trigger'))).status).toBe(202);
  expect(await tasksOf(id)).toEqual([]);
  await refuse(1);
  expect((await chef().post(path(id, '/end'), { reason: 'Remplacée.' })).status).toBe(200);
  expect(await tasksOf(id)).toEqual([]);
});

test('a series that offers reuse: each of its surveys offers what was answered to the one of last week, to who gave it alone', async () => {
  const { code: formCode } = await api.desk.database.sql
    .selectFrom('survey_form')
    .select('code')
    .where('id', '=', await publishForm(api.desk.database))
    .executeTakeFirstOrThrow();
  const { id } = await newSeries(api, { formCode, closesAt: { after: 'PT10H' }, reuse: { withinDays: 7 } });
  const answers = async (account: 'ars-84' | 'ars-11', survey: string) =>
    (await api.as(account).get<Offer>(`/v1/surveys/${survey}/answers/${account.toUpperCase()}`)).body.reusable;
  const open = async () => (await chef().post<{ survey: string }>(path(id, '/trigger'))).body.survey;
  const first = await open();
  expect(await answers('ars-84', first)).toEqual([]);
  const lastWeek = Date.now() - 7 * DAY + HOUR;
  const then = callerOf(await api.rebuild({ now: () => lastWeek }), () => api.issuer.token('ars-84'));
  const values = { installes: 100, occupes: 80, tension: 'n1' };
  const answered = await then.put(`/v1/surveys/${first}/answers/ARS-84`, { values, submit: true });
  expect(answered.status).toBe(200);
  const second = await open();
  const from = { survey: first, version: 1, answeredAt: new Date(lastWeek).toISOString() };
  expect(await answers('ars-84', second)).toMatchObject(
    Object.entries(values).map(([question, value]) => ({ question, value, from })),
  );
  expect(await answers('ars-11', second)).toEqual([]);
  const taken = { values, reused: ['occupes'], submit: true };
  const again = await api.as('ars-84').put(`/v1/surveys/${second}/answers/ARS-84`, taken);
  expect([again.status, again.body]).toMatchObject([200, { reused: { occupes: from } }]);
});

interface Offer {
  readonly reusable: readonly { readonly question: string; readonly value: unknown }[];
}
