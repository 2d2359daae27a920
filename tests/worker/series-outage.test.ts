import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { seriesPlans, seriesToSchedule } from '../../db/stores/desk/survey-series.ts';
import { WEEKDAYS } from '../../domain/business-time-local.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/instant.ts';
import { startSeriesSweep } from '../../intake/sweep.ts';
import { type ApiDesk, callerOf, startApiDesk } from '../support/api-desk.ts';
import { type OwnTemporal, startOwnTemporal } from '../support/own-temporal.ts';
import { BACH_SERIES, newSeries, openingsOf, scheduleOf, type SeriesBody } from '../support/survey-series.ts';
import { until } from '../support/wait.ts';

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
