import '../config/node-version.ts';
import pino from 'pino';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { seriesPlans } from '../db/stores/desk/survey-series.ts';
import { connectGateway } from '../gateway/connection.ts';
import { earlySignalGateway } from '../gateway/early-signal-gateway.ts';
import { inboundGateway } from '../gateway/inbound-gateway.ts';
import { surveyGateway } from '../gateway/survey-gateway.ts';
import { surveySeriesGateway } from '../gateway/survey-series-gateway.ts';
import { startImapPoller } from './imap.ts';
import { startIntake } from './server.ts';
import { boundedStarter } from './starting.ts';
import { startSeriesSweep, startSignalSweep, startSweep, startThresholdSweep } from './sweep.ts';
import { mailTaker } from './take.ts';

const env = readEnv();
const log = pino({ level: env.logLevel, base: { role: 'intake' } });
const database = await openDatabase(env.databaseUrl);
const { mailReplyDomain, keys, inbound } = env;
const temporal = await connectGateway({ ...env.temporal, keys });
const gateway = inboundGateway(temporal);
const starter = boundedStarter((mail) => gateway.start(mail));
const take = mailTaker({ database, keys, log, starter });
const intake = await startIntake({ take, host: inbound.host, port: inbound.port, mailReplyDomain, log });
const sweeping = startSweep({ database, log, start: starter.start });
const signals = earlySignalGateway(temporal);
const sweepingSignals = startSignalSweep({ database, log, follow: (signal) => signals.follow(signal) });
const series = surveySeriesGateway(temporal);
const plans = seriesPlans(database.sql);
const sweepingSeries = startSeriesSweep({ database, log, keep: (id) => series.keep(id, plans) });
const surveys = surveyGateway(temporal);
const sweepingThresholds = startThresholdSweep({ database, log, nudge: (survey) => surveys.nudge(survey) });
const polling = inbound.imapUrl === null ? null : startImapPoller({ url: inbound.imapUrl, take, log });
log.info({ host: inbound.host, port: intake.port, domain: mailReplyDomain }, 'intake ready');

let stopping = false;
// A signal to the whole group arrives twice: by the terminal, and from the supervisor.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'intake stops');
  const sweeps = [sweeping, sweepingSignals, sweepingSeries, sweepingThresholds];
  await Promise.all([intake.close(), ...sweeps.map((one) => one.stop()), polling?.stop()]);
  await temporal.close();
  await database.close();
  log.info('intake stopped');
}
