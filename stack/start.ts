// npm start: the whole desk under one supervisor.
import '../config/node-version.ts';
import { parseArgs } from 'node:util';
import pino from 'pino';
import pretty from 'pino-pretty';
import { readStackEnv } from '../config/env.ts';
import { type DeskAddresses } from './addresses.ts';
import { until } from './ports.ts';
import { Supervisor } from './supervisor.ts';
import { deskTable } from './table.ts';

const READY_LIMIT_MS = 90_000;

// The reader of our output may go away (npm start | head): the desk goes on.
process.stdout.on('error', () => undefined);

const since = performance.now();
let supervisor: Supervisor | undefined;
let stopping = false;
const log = pino(
  { base: null },
  process.stdout.isTTY
    ? pretty({ translateTime: 'HH:MM:ss', ignore: 'part', messageFormat: '{part} {msg}', sync: true })
    : pino.destination(1),
);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return; // a terminal's Ctrl-C reaches us twice through npm
    log.info({ signal }, 'stopping');
    void end(0);
  });
}
process.on('uncaughtException', (error) => fail(error));

try {
  const env = readStackEnv();
  log.level = env.logLevel;
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  supervisor = new Supervisor({ env, log, ...(only === undefined ? {} : { only }) });
  const addresses = await supervisor.start();
  if (only === undefined || only.includes('api')) await untilGreen(addresses);
  log.info({ ms: Math.round(performance.now() - since) }, 'the desk is ready');
  process.stdout.write(`${deskTable(addresses, env.oidcIssuer === null)}\n`);
} catch (error) {
  fail(error);
}

async function untilGreen({ api }: DeskAddresses): Promise<void> {
  let last = '';
  await until(
    '/readyz',
    async () => {
      if (stopping) throw new Error('stopping');
      const response = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(5_000) });
      last = await response.text();
      return response.ok;
    },
    { limitMs: READY_LIMIT_MS, everyMs: 150 },
  ).catch((error: unknown) => {
    throw new Error(`the desk does not get ready: ${last}`, { cause: error });
  });
}

function fail(error: unknown): void {
  if (stopping) return;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  log.debug(error);
  void end(1);
}

async function end(code: number): Promise<void> {
  stopping = true;
  try {
    await supervisor?.stop();
  } catch (error) {
    log.error(error, 'the stop failed');
    process.exit(1);
  }
  log.info('stopped');
  process.exit(code);
}
