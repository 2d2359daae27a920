import '../config/node-version.ts';
import pino from 'pino';
import { readEnv } from '../config/env.ts';
import { startWorkers, type StartedWorkers } from './start.ts';

const env = readEnv();
const log = pino({ level: env.logLevel, base: { role: 'worker' } });
const asked = new AbortController();
let workers: StartedWorkers | undefined;

// A signal to the whole group arrives twice: by the terminal, and from the supervisor.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

async function stop(signal: string): Promise<void> {
  if (asked.signal.aborted) return;
  log.info({ signal }, 'worker stops');
  asked.abort();
  await workers?.stop();
}

try {
  workers = await startWorkers({ env, log, signal: asked.signal });
  if (asked.signal.aborted) await workers.stop();
  await workers.ended;
  log.info('worker stopped');
} catch (error) {
  if (!asked.signal.aborted) {
    log.fatal({ err: error }, 'worker failed');
    process.exitCode = 1;
  }
}
// The native part of the SDK keeps threads that would keep the process.
process.exit();
