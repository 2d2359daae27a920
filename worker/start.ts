import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createAuditRootActivities } from '../activities/audit-root.activities.ts';
import { createDispatchActivities } from '../activities/dispatch.activities.ts';
import { createDutyActivities, createNoticeActivities } from '../activities/duty.activities.ts';
import { createSignalActivities, createSignalMailActivities } from '../activities/early-signal.activities.ts';
import { createHistoryActivities } from '../activities/history.activities.ts';
import { createInboundActivities } from '../activities/inbound.activities.ts';
import { createPatientRecordingActivities } from '../activities/patient-recording.activities.ts';
import { createRelayActivities } from '../activities/relay.activities.ts';
import { createSurveyActivities } from '../activities/survey.activities.ts';
import { createSurveySeriesActivities } from '../activities/survey-series.activities.ts';
import { createRecordingActivities } from '../activities/recording.activities.ts';
import { openSpreadsheets } from '../channels/spreadsheets/spreadsheets.ts';
import { createMailParser } from '../channels/inbound/parse.ts';
import { openSender } from '../channels/sender.ts';
import type { Env } from '../config/env.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { isKeyOfOurs, recordKeys } from '../db/stores/desk/key-ring.ts';
import { ensureAuditRoots } from '../gateway/audit-roots.ts';
import { connectGateway, type TemporalGateway } from '../gateway/connection.ts';
import { createDataConverter } from '../gateway/data-converter.ts';
import { ensureDailyBriefing, ensureDutyWatch } from '../gateway/duty.ts';
import { ensureHistoryArchive } from '../gateway/histories.ts';
import { inboundGateway } from '../gateway/inbound-gateway.ts';
import { surveyGateway } from '../gateway/survey-gateway.ts';
import { surveySeriesGateway } from '../gateway/survey-series-gateway.ts';
import { workflowBundle } from './bundle.ts';
import { historySource } from './history-source.ts';
import { keepAllSeries } from './series-reconciliation.ts';
import { temporalLogger } from './temporal-logger.ts';
import { runWorkers, type RunningWorkers } from './workers.ts';

export interface StartedWorkers {
  /** Rejects when a worker has failed for good; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** No more work, then what is under way, then the connections. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly env: Env;
  readonly log: Logger;
  /** Ends the waiting for PostgreSQL and Temporal. */
  readonly signal?: AbortSignal;
}

/** One process of the worker role: waits for what it needs, then polls both queues. */
export async function startWorkers({ env, log, signal }: WorkerOptions): Promise<StartedWorkers> {
  Runtime.install({
    logger: temporalLogger(log),
    // The native part would write to the terminal in a form of its own.
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    shutdownSignals: [],
  });
  // The bundle first: it needs nobody, and the others may still be starting.
  const bundle = workflowBundle(join(env.dataDir, 'cache'));
  const database = await openDatabase(env.databaseUrl);
  const whenThere = <T>(what: string, attempt: () => Promise<T>) => retried(what, attempt, log, signal);
  const [connection, path] = await Promise.all([
    whenThere('Temporal', () => NativeConnection.connect(env.temporal)),
    bundle,
    whenThere('PostgreSQL', () => recordKeys(database, env.keys)),
  ]);
  const temporal = await connectGateway({ ...env.temporal, keys: env.keys });
  const { recording, inbound, dispatch, relay, survey, series, close } = openActivities(env, database, temporal);
  const workers = await whenThere('the namespace', () =>
    runWorkers({
      connection,
      namespace: env.temporal.namespace,
      dataConverter: createDataConverter(env.keys, (keyId) => isKeyOfOurs(database, keyId)),
      bundle: path,
      recording,
      inbound,
      dispatch,
      relay,
      survey,
      series,
    }),
  );
  await whenThere('the schedules and the watch of duty', async () => {
    await ensureHistoryArchive(temporal.client);
    await ensureAuditRoots(temporal.client);
    await ensureDailyBriefing(temporal.client);
    await ensureDutyWatch(temporal.client);
    await keepAllSeries({ database, client: temporal.client, gateway: surveySeriesGateway(temporal) });
  });
  log.info({ namespace: env.temporal.namespace }, 'worker ready');
  return { ended: workers.ended, stop: () => stopInOrder(workers, connection, database, close) };
}

function openActivities(env: Env, database: Database, temporal: TemporalGateway) {
  const { keys, publicUrl, mailFrom, mailReplyDomain, auditRootMail } = env;
  const { authservId } = env.inbound;
  const parser = createMailParser(authservId === null ? {} : { authservId });
  const spreadsheets = openSpreadsheets();
  const sender = openSender({ smtpUrl: env.smtpUrl, smsUrl: env.smsUrl ?? undefined, mailFrom });
  const recording = createRecordingActivities({ database, keys, mailReplyDomain });
  const surveys = surveyGateway(temporal);
  const sending = { database, keys, sender, publicUrl, mailFrom, mailReplyDomain };
  const duty = { database, mailFrom, mailReplyDomain };
  const histories = createHistoryActivities({ database, keys, source: historySource(temporal.client) });
  const roots = createAuditRootActivities({ database, keys, sender, mailFrom, mailReplyDomain, auditRootMail });
  return {
    recording: {
      ...recording,
      ...createPatientRecordingActivities(recording),
      ...histories,
      ...roots,
      ...createDutyActivities(duty),
      ...createSignalActivities({ database, keys, mailReplyDomain }),
    },
    inbound: createInboundActivities({
      database,
      keys,
      mailReplyDomain,
      parser,
      spreadsheets,
      tell: inboundGateway(temporal).tell,
    }),
    dispatch: {
      ...createDispatchActivities(sending),
      ...createNoticeActivities({ ...duty, sender }),
      ...createSignalMailActivities({ ...duty, sender }),
    },
    relay: createRelayActivities(sending),
    survey: createSurveyActivities(sending),
    series: createSurveySeriesActivities({ database, keys, ask: (...asked) => surveys.ask(...asked) }),
    close: async () => {
      sender.close();
      await Promise.all([parser.close(), spreadsheets.close(), temporal.close()]);
    },
  };
}

async function stopInOrder(
  workers: RunningWorkers,
  connection: NativeConnection,
  database: Database,
  closeChannels: () => Promise<void>,
): Promise<void> {
  await workers.stop();
  await closeChannels();
  await Promise.all([connection.close(), database.close()]);
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

/** A worker that starts before the rest of the desk waits for it, however long; its log says for whom. */
async function retried<T>(
  what: string,
  attempt: () => Promise<T>,
  log: Logger,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 1.7, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      log.warn({ err: error, waitMs: Math.round(ms) }, `waiting for ${what}`);
    }
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  }
}
