import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import { parseKeyRing } from '../../config/keys.ts';
import { connectGateway, type TemporalGateway } from '../../gateway/connection.ts';
import { checkEngine } from '../../gateway/health.ts';
import { surveySeriesGateway } from '../../gateway/survey-series-gateway.ts';
import { createSeries } from '../../db/stores/desk/survey-series.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';
import { publishForm } from '../support/survey.ts';
import { BACH_SERIES } from '../support/survey-series.ts';
import { until } from '../support/wait.ts';

const SECRET = 'a secret of the tests of more than thirty-two characters';
const ROOT = join(import.meta.dirname, '../..');
let temporal: OwnTemporal;
let fresh: FreshDatabase;
let gateway: TemporalGateway;
let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [temporal, fresh, dataDir] = await Promise.all([
    startOwnTemporal(),
    freshDatabase(),
    mkdtemp(join(tmpdir(), 'vigie-worker-')),
  ]);
  gateway = await connectGateway({ address: temporal.address, namespace: 'default', keys: parseKeyRing(SECRET) });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await gateway.close();
  await temporal.close();
  await fresh.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function startWorker() {
  const env = childEnvironment({
    VIGIE_DATA_DIR: dataDir,
    VIGIE_SECRET_KEYS: SECRET,
    DATABASE_URL: fresh.url,
    TEMPORAL_ADDRESS: temporal.address,
    SMTP_URL: 'smtp://127.0.0.1:9',
    NODE_OPTIONS: '',
  });
  const child = spawn(process.execPath, ['worker/main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  }
  return { child, lines, ended: once(child, 'exit') as Promise<[number | null, string | null]> };
}

const messages = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

/** What a request leaves whose API was killed before it told the Schedule. */
async function writtenSeries(): Promise<string> {
  const formId = await publishForm(fresh.database);
  const { formCode: _, ...written } = BACH_SERIES;
  const document = { ...written, validateUntil: null, acceptUntil: null, onHoliday: 'open', from: null, until: null };
  const draft = { author: 'CORRUSS', formId, exercise: false, crisisId: null, document };
  const by = { sub: 'test', organisation: 'CORRUSS' };
  const act = { by, now: Date.now(), key: null };
  return (await createSeries(fresh.database, parseKeyRing(SECRET), draft as never, act)).id;
}

test('a worker that is started before Temporal waits for it, makes the Schedules that are missing, polls both queues, and stops in order on a signal', async () => {
  const series = await writtenSeries();
  const schedules = surveySeriesGateway(gateway);
  expect(await schedules.schedule(series)).toBeUndefined();
  await temporal.stop();
  const { child, lines, ended } = startWorker();
  await until('the wait told in the log', () =>
    Promise.resolve(lines.some((line) => line.includes('waiting for Temporal'))),
  );
  await temporal.start();
  await until('both queues polled', async () => (await checkEngine(gateway)).queuesWithoutPoller.length === 0);
  await until('the Schedule of the series', async () => (await schedules.schedule(series)) !== undefined);
  expect(await schedules.schedule(series)).toEqual({ version: 1, paused: false });
  await until('the worker ready', () => Promise.resolve(lines.some((line) => line.includes('worker ready'))));
  child.kill('SIGINT');
  child.kill('SIGTERM'); // the group's signal and the supervisor's: the second changes nothing
  expect(await ended).toEqual([0, null]);
  // One JSON line a thing, nothing else on the terminal.
  expect(messages(lines)).toEqual(expect.arrayContaining(['worker ready', 'worker stops', 'worker stopped']));
  expect(messages(lines).filter((message) => message === 'worker stops')).toHaveLength(1);
});

test('a worker that is told to stop while it still waits ends as well', async () => {
  await temporal.stop();
  const { child, lines, ended } = startWorker();
  await until('the wait told in the log', () =>
    Promise.resolve(lines.some((line) => line.includes('waiting for Temporal'))),
  );
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
