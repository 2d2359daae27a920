import '../config/node-version.ts';
import pino from 'pino';
import { openSpreadsheets } from '../channels/spreadsheets/spreadsheets.ts';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { isKeyOfOurs, recordKeys } from '../db/stores/desk/key-ring.ts';
import { connectGateway } from '../gateway/connection.ts';
import { earlySignalGateway } from '../gateway/early-signal-gateway.ts';
import { instructionGateway } from '../gateway/instruction-gateway.ts';
import { relayGateway } from '../gateway/relay-gateway.ts';
import { surveyGateway } from '../gateway/survey-gateway.ts';
import { surveySeriesGateway } from '../gateway/survey-series-gateway.ts';
import { createPayloadReader } from '../gateway/payload-codec.ts';
import { createTokenVerifier } from './access/tokens.ts';
import { buildApp } from './app.ts';
import { requestSerializers } from './plugins/logging.ts';
import { readinessOf } from './readiness.ts';
import { createTestSender } from './test-mail.ts';

const AGAIN_AFTER_MS = 3_000;

const env = readEnv();
const log = pino({ level: env.logLevel, base: { role: 'api' }, serializers: requestSerializers });
const database = await openDatabase(env.databaseUrl);
const isOurs = (keyId: string): Promise<boolean> => isKeyOfOurs(database, keyId);
const temporal = await connectGateway({ ...env.temporal, keys: env.keys, isOurs });
const spreadsheets = openSpreadsheets();

const app = await buildApp({
  database,
  gateway: instructionGateway(temporal),
  relays: relayGateway(temporal),
  surveys: surveyGateway(temporal),
  surveySeries: surveySeriesGateway(temporal),
  signals: earlySignalGateway(temporal),
  spreadsheets,
  decodePayloads: createPayloadReader(env.keys),
  readiness: readinessOf(database, temporal),
  tokens: createTokenVerifier(env.oidc),
  sendTest: createTestSender(env.smtpUrl, env.mailFrom),
  settings: {
    publicUrl: env.publicUrl,
    mailFrom: env.mailFrom,
    mailReplyDomain: env.mailReplyDomain,
    oidc: env.oidc,
    ...env.companions,
  },
  keys: env.keys,
  trustProxy: env.trustProxy,
  logger: log,
  now: Date.now,
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

/** No new request, then those under way, then the connections. A second signal of the same stop changes nothing. */
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'api stops');
  await app.close();
  await Promise.all([temporal.close(), database.close(), spreadsheets.close()]);
  log.info('api stopped');
  process.exit();
}

await app.listen({ host: env.http.host, port: env.http.port });
log.info({ address: env.publicUrl }, 'api ready');
await noteKeys();

/** A payload sealed by this process must be known as ours; while PostgreSQL is away nothing can be released either. */
async function noteKeys(): Promise<void> {
  try {
    await recordKeys(database, env.keys);
  } catch (error) {
    log.warn({ err: error }, 'keys not noted yet');
    if (!stopping) setTimeout(() => void noteKeys(), AGAIN_AFTER_MS).unref();
  }
}
