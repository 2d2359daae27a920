import '../config/node-version.ts';
import pino from 'pino';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { startIntake } from './server.ts';

const env = readEnv();
const log = pino({ level: env.logLevel, base: { role: 'intake' } });
const database = await openDatabase(env.databaseUrl);
const { mailReplyDomain, keys, inbound } = env;
const intake = await startIntake({ database, keys, host: inbound.host, port: inbound.port, mailReplyDomain, log });
log.info({ host: inbound.host, port: intake.port, domain: mailReplyDomain }, 'intake ready');

let stopping = false;
// A signal to the whole group arrives twice: by the terminal, and from the supervisor.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'intake stops');
  await intake.close();
  await database.close();
  log.info('intake stopped');
}
