import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { seriesPlans, seriesToSchedule } from '../../db/stores/desk/survey-series.ts';
import { prepareOpening } from '../../db/stores/process/survey-series.ts';
import { addDays, localDateOf, WEEKDAYS } from '../../domain/business-time-local.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/instant.ts';
import { connectGateway } from '../../gateway/connection.ts';
import { surveySeriesGateway } from '../../gateway/survey-series-gateway.ts';
import { startSeriesSweep } from '../../intake/sweep.ts';
import { type ApiDesk, callerOf, startApiDesk } from '../support/api-desk.ts';
import { type OwnTemporal, startOwnTemporal } from '../support/own-temporal.ts';
import {
  BACH_SERIES,
  backfill,
  newSeries,
  openingsOf,
  paris,
  path,
  scheduleOf,
  type SeriesBody,
  surveysOf,
} from '../support/survey-series.ts';
import { until } from '../support/wait.ts';
import { mendSeries, seriesDifferences } from '../../worker/series-reconciliation.ts';

let temporal: OwnTemporal;
let api: ApiDesk;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  api = await startApiDesk({ temporalAddress: temporal.address });
}, 120_000);
afterAll(async () => {
  await api.close();
  await temporal.close();
});
beforeEach(() => api.desk.sink.clear());

const chef = () => api.as('corruss-chef');
const read = async (id: string) => (await chef().get<SeriesBody>(path(id))).body;

const INTERVAL = 15 * SECOND;
const nextMinute = (from: Instant): Instant => Math.ceil(from / MINUTE) * MINUTE;
const untilThen = (at: Instant) => pause(at - Date.now());
/** `08:00` on the walls of Paris. */
const timeOf = (at: Instant): string =>
  new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' }).format(at);

/** Instants of a series that were asked for from one instant to another, and what came of them. */
async function asked(id: string, [from, to]: readonly [Instant, Instant]) {
  const openings = await openingsOf(api, id);
  return openings
    .map(({ dueAt, outcome, reason }) => ({ dueAt: Date.parse(dueAt), outcome, reason }))
    .filter(({ dueAt }) => dueAt > from && dueAt <= to);
}

/** A series whose Schedule, policies and all, is due every 15 s: none of these is an instant of the series, each is noted as such. */
async function often(catchupWindow: number): Promise<string> {
  const { id } = await newSeries(api);
  await scheduleOf(api, id).update(({ action, policies, state }) => ({
    spec: { intervals: [{ every: INTERVAL }] },
    ...{ action, state, policies: { ...policies, catchupWindow } },
  }));
  return id;
}

test('Temporal stops, instants pass, it is back on the same data: one opens, the latest; a series written meanwhile gets its Schedule', async () => {
  // At least two intervals pass, the last instant of them being that of a series of every day as well.
  const due = nextMinute(Date.now() + INTERVAL + 5 * SECOND);
  const recurrence = { days: WEEKDAYS, at: timeOf(due) };
  const daily = await newSeries(api, { recurrence, closesAt: { after: 'P3D' } });
  const { policies } = await scheduleOf(api, daily.id).describe();
  expect(policies.catchupWindow).toBe(DAY - HOUR - MINUTE);
  const [one, all] = [await often(INTERVAL - SECOND), await often(DAY)];
  await api.desk.stopWorkers();
  await temporal.stop();
  const stopped = Date.now();
  const missed = Math.floor(due / INTERVAL) - Math.floor(stopped / INTERVAL);
  expect(missed).toBeGreaterThan(1);

  const { database, surveySeries: gateway } = api.desk;
  const plans = seriesPlans(database.sql);
  const keep = (id: string) => gateway.keep(id, plans);
  const sweeping = startSeriesSweep({ database, log: pino({ enabled: false }), keep, everyMs: 200 });
  try {
    const caller = callerOf(api.app, () => api.issuer.token('corruss-chef'));
    expect((await caller.post('/v1/survey-series', BACH_SERIES)).status).toBe(503);
    const [written] = await seriesToSchedule(database.sql, true);
    await untilThen(due + 100);
    await temporal.start();
    await api.desk.startWorkers();

    const openings = await until('what was missed', async () => {
      const found = await asked(all, [stopped, due]);
      const [opened] = await asked(daily.id, [stopped, due]);
      return found.length === missed && opened !== undefined && opened.outcome !== 'pending' ? found : null;
    });
    expect(openings.map(({ dueAt }) => dueAt).at(-1)).toBe(due);
    expect(await asked(one, [stopped, due])).toEqual([{ dueAt: due, outcome: 'skipped', reason: 'notDue' }]);
    // A server that is slow to come back passes later instants over as well; between the two, all but one.
    const { numActionsMissedCatchupWindow } = (await scheduleOf(api, one).describe()).info;
    expect(numActionsMissedCatchupWindow).toBeGreaterThanOrEqual(missed - 1);
    expect(await asked(daily.id, [0, Infinity])).toEqual([{ dueAt: due, outcome: 'opened', reason: null }]);
    await api.desk.sink.waitFor(({ subject }) => /^ENQUÊTE\s:/.test(subject), 3);

    const scheduled = async () => (await api.as('corruss-chef').get<SeriesBody>(`/v1/survey-series/${written}`)).body;
    await until('its Schedule', async () => (await scheduled()).scheduled);
    expect(await gateway.schedule(written!)).toEqual({ version: 1, paused: false });
  } finally {
    await sweeping.stop();
  }
}, 180_000);

test('late after an outage it opens at once and closes at its hour; a calendar that is past altogether is told, and asks nobody', async () => {
  const every = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const { id } = await newSeries(api, {
    recurrence: { days: every, at: '08:00' },
    closesAt: { after: 'P3D' },
    remindBefore: ['PT71H', 'PT1H'],
  });
  const yesterday = paris(addDays(localDateOf(Date.now(), 'Europe/Paris'), -1));
  await backfill(api, id, [yesterday - HOUR, yesterday + HOUR], 1);
  const [late] = await surveysOf(api, id);
  expect(late).toMatchObject({
    status: 'open',
    calendar: { closesAt: paris(addDays(localDateOf(yesterday, 'Europe/Paris'), 3)), remindBefore: ['PT1H'] },
  });
  await api.desk.sink.waitFor(({ subject }) => /^ENQUÊTE\s:/.test(subject), 3);
  const longAgo = paris('2026-01-13');
  await backfill(api, id, [longAgo - HOUR, longAgo + HOUR], 1);
  const [missed] = await openingsOf(api, id);
  expect(missed).toMatchObject({
    outcome: 'refused',
    reason: 'missed',
    survey: null,
    detail: expect.stringContaining('ce terme est passé'),
  });
  const [mail] = await api.desk.sink.waitFor(({ subject }) => /NON OUVERTE/.test(subject));
  expect([mail!.to, mail!.text]).toEqual([
    'permanence@corruss.example',
    expect.stringContaining('mardi 13 janvier 2026 à 8 h 00'),
  ]);
});

/** What the first half of an opening leaves. */
async function newSurveyOf(series: string): Promise<{ readonly id: string }> {
  const { database, keys } = api.desk;
  const due = Date.parse((await read(series)).nextOpenings[0]!.dueAt);
  const asked = { series, ask: { kind: 'due', at: due } as const, now: Date.now() };
  const prepared = await prepareOpening({ sql: database.sql, keys }, asked);
  return { id: prepared.survey! };
}

test('Temporal away after the row is written: 503, the same key makes the Schedule of the same series; reconcile finds and mends what differs', async () => {
  const away = await connectGateway({ address: '127.0.0.1:9', namespace: 'default', keys: api.desk.keys });
  const app = await api.rebuild({ surveySeries: surveySeriesGateway(away) });
  const broken = callerOf(app, () => api.issuer.token('corruss-chef'));
  const key = { 'idempotency-key': randomUUID() };
  const refused = await broken.post('/v1/survey-series', BACH_SERIES, key);
  expect([refused.status, refused.body['detail']]).toEqual([503, expect.stringContaining('issue inconnue')]);
  const listed = await chef().get<{ items: SeriesBody[] }>('/v1/survey-series?limit=1');
  const [{ id, scheduled }] = listed.body.items as [SeriesBody];
  expect(scheduled).toBe(false);
  const { database, client, surveySeries: gateway } = api.desk;
  const reconciler = { database, client, gateway };
  const differences = async () => (await seriesDifferences(reconciler)).filter((one) => one.id === id);
  expect(await differences()).toEqual([{ kind: 'missing', id }]);
  expect((await chef().post('/v1/survey-series', BACH_SERIES, key)).body).toMatchObject({ id, scheduled: true });
  expect(await differences()).toEqual([]);
  // By hand, in the Temporal UI.
  await scheduleOf(api, id).pause('essai');
  expect(await differences()).toEqual([{ kind: 'other', id }]);
  expect(await mendSeries(reconciler, { kind: 'other', id })).toBe(true);
  expect((await scheduleOf(api, id).describe()).state.paused).toBe(false);
  await scheduleOf(api, id).delete();
  expect(await mendSeries(reconciler, { kind: 'missing', id })).toBe(true);
  expect(await differences()).toEqual([]);
  // An opening of which a killed worker had committed the first half, and whose workflow is gone.
  const { id: survey } = await newSurveyOf(id);
  const [pending] = await differences();
  expect(pending).toMatchObject({ kind: 'pending', id });
  expect(await mendSeries(reconciler, pending!)).toBe(true);
  await until('the opening', async () => (await openingsOf(api, id)).some((one) => one.outcome === 'opened'));
  expect(await surveysOf(api, id)).toMatchObject([{ id: survey, status: 'scheduled' }]);
  // Paused while Temporal is away: the row counts at once.
  expect((await broken.post(path(id, '/pause'), { reason: 'Essai.' })).status).toBe(503);
  expect(await read(id)).toMatchObject({ status: 'paused', scheduled: false });
  expect(await differences()).toEqual([{ kind: 'other', id }]);
  await away.close();
});
