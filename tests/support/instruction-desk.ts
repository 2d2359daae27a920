import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { AuditRootActivities, HistoryActivities } from '../../activities/contract.ts';
import { createDispatchActivities } from '../../activities/dispatch.activities.ts';
import { createDutyActivities, createNoticeActivities } from '../../activities/duty.activities.ts';
import { createSignalActivities, createSignalMailActivities } from '../../activities/early-signal.activities.ts';
import { createInboundActivities } from '../../activities/inbound.activities.ts';
import { createPatientRecordingActivities } from '../../activities/patient-recording.activities.ts';
import { createRelayActivities } from '../../activities/relay.activities.ts';
import { createRecordingActivities } from '../../activities/recording.activities.ts';
import { createSurveyActivities } from '../../activities/survey.activities.ts';
import { createSurveySeriesActivities } from '../../activities/survey-series.activities.ts';
import { createMailParser } from '../../channels/inbound/parse.ts';
import { openSpreadsheets } from '../../channels/spreadsheets/spreadsheets.ts';
import { openSender, type Sender } from '../../channels/sender.ts';
import { type KeyRing, parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { isKeyOfOurs, recordKeys } from '../../db/stores/desk/key-ring.ts';
import { connectGateway } from '../../gateway/connection.ts';
import { createDataConverter } from '../../gateway/data-converter.ts';
import { earlySignalGateway, type EarlySignalGateway } from '../../gateway/early-signal-gateway.ts';
import { inboundGateway, type InboundGateway } from '../../gateway/inbound-gateway.ts';
import { instructionGateway, type InstructionGateway } from '../../gateway/instruction-gateway.ts';
import { relayGateway, type RelayGateway } from '../../gateway/relay-gateway.ts';
import { surveyGateway, type SurveyGateway } from '../../gateway/survey-gateway.ts';
import { surveySeriesGateway, type SurveySeriesGateway } from '../../gateway/survey-series-gateway.ts';
import { runWorkers, type RunningWorkers } from '../../worker/workers.ts';
import { freshDatabase } from './database.ts';
import { startMailSink, type MailSink } from './mail-sink.ts';
import { observed, type Observer } from './observer.ts';
import { testServers } from './servers.ts';
import { deskActions, type DeskActions } from './desk-actions.ts';
import { endRuntime, quietRuntime, testBundle } from './test-runtime.ts';

/** Recorded histories are sealed with it: it never changes. */
export const TEST_KEYS = 'the key ring of the tests seals nothing of worth';
const MAIL_REPLY_DOMAIN = 'reply.vigie.example';
/** Name of «our» relay in the mails that tests receive. */
export const AUTHSERV_ID = 'mx.vigie.example';

export interface DeskOptions {
  readonly observer?: Observer;
  /** Another server than the one of the run. */
  readonly temporalAddress?: string;
  readonly keys?: string;
  /** Activities of the Schedules, for tests of these. */
  readonly scheduled?: (parts: ScheduledParts) => Partial<HistoryActivities & AuditRootActivities>;
}

export interface ScheduledParts extends Pick<InstructionDesk, 'database' | 'client' | 'keys' | 'queueSuffix'> {
  readonly sender: Sender;
}

/** The whole coordination side on real parts: database, Temporal, both workers, SMTP; no HTTP. */
export interface InstructionDesk extends DeskActions {
  readonly database: Database;
  readonly client: Client;
  readonly gateway: InstructionGateway;
  readonly relays: RelayGateway;
  readonly surveys: SurveyGateway;
  readonly surveySeries: SurveySeriesGateway;
  readonly signals: EarlySignalGateway;
  /** Starts the reading of stored mails. */
  readonly inbound: InboundGateway;
  readonly sink: MailSink;
  readonly keys: KeyRing;
  readonly queueSuffix: string;
  /** The tables' owner, for tests that break them. */
  readonly owner: Database['sql'];
  /** Sending activities wait at a gate, their rows unclaimed, until the function returned is called. */
  holdDispatch(): () => void;
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  close(): Promise<void>;
}

export async function startInstructionDesk(options: DeskOptions = {}): Promise<InstructionDesk> {
  quietRuntime();
  const address = options.temporalAddress ?? testServers().temporalAddress;
  const keys = parseKeyRing(options.keys ?? TEST_KEYS);
  const queueSuffix = `-${randomUUID().slice(0, 8)}`;
  // By itself: webpack keeps the event loop busy for seconds, and a connection begun meanwhile runs into its deadline.
  const bundle = await testBundle();
  const [fresh, sink, connection] = await Promise.all([
    freshDatabase(),
    startMailSink(),
    NativeConnection.connect({ address }),
  ]);
  const { database } = fresh;
  const owner = await openDatabase(fresh.url, { as: 'owner', poolSize: 1 });
  await recordKeys(database, keys);
  const isOurs = (keyId: string) => isKeyOfOurs(database, keyId);
  const temporal = await connectGateway({ address, namespace: 'default', keys });
  const gateway = instructionGateway(temporal, { taskQueue: `coordination${queueSuffix}` });
  const surveys = surveyGateway(temporal, { taskQueue: `coordination${queueSuffix}` });
  const inbound = inboundGateway(temporal, { taskQueue: `coordination${queueSuffix}` });
  const mail = { mailFrom: 'corruss@vigie.example', mailReplyDomain: MAIL_REPLY_DOMAIN };
  const sender = openSender({ smtpUrl: sink.url, mailFrom: mail.mailFrom });
  const recording = observed(
    createRecordingActivities({ database, keys, mailReplyDomain: MAIL_REPLY_DOMAIN }),
    options.observer,
  );
  const sending = { database, keys, sender, publicUrl: 'http://vigie.example', ...mail };
  const dispatch = createDispatchActivities(sending);
  const duty = { database, mailReplyDomain: MAIL_REPLY_DOMAIN };
  const spreadsheets = openSpreadsheets({ timeMs: 60_000 });
  const parser = createMailParser({ authservId: AUTHSERV_ID });
  const scheduled = options.scheduled?.({ database, client: temporal.client, keys, queueSuffix, sender }) ?? {};
  let gate = Promise.resolve(undefined);

  let workers: RunningWorkers | undefined;
  const startWorkers = async (): Promise<void> => {
    workers = await runWorkers({
      connection,
      namespace: 'default',
      dataConverter: createDataConverter(keys, isOurs),
      bundle,
      recording: {
        ...recording,
        ...createPatientRecordingActivities(recording),
        ...createDutyActivities(duty),
        ...createSignalActivities({ database, keys, mailReplyDomain: MAIL_REPLY_DOMAIN }),
        ...scheduled,
      },
      inbound: createInboundActivities({
        database,
        keys,
        mailReplyDomain: MAIL_REPLY_DOMAIN,
        parser,
        spreadsheets,
        tell: inbound.tell,
      }),
      dispatch: {
        ...createNoticeActivities({ ...duty, ...mail, sender }),
        ...createSignalMailActivities({ database, ...mail, sender }),
        dispatchInstruction: async (...args) => {
          await gate;
          const result = await dispatch.dispatchInstruction(...args);
          options.observer?.dispatched(args[0], result);
          return result;
        },
      },
      relay: createRelayActivities(sending),
      survey: createSurveyActivities(sending),
      series: createSurveySeriesActivities({ database, keys, ask: (...asked) => surveys.ask(...asked) }),
      queueSuffix,
    });
  };
  const stopWorkers = async (): Promise<void> => {
    await workers?.stop();
    workers = undefined;
  };
  await startWorkers();

  return {
    database,
    client: temporal.client,
    gateway,
    relays: relayGateway(temporal, { taskQueue: `coordination${queueSuffix}` }),
    surveys,
    surveySeries: surveySeriesGateway(temporal, { taskQueue: `coordination${queueSuffix}` }),
    signals: earlySignalGateway(temporal, { taskQueue: `coordination${queueSuffix}` }),
    inbound,
    sink,
    keys,
    queueSuffix,
    owner: owner.sql,
    ...deskActions({ database, keys, client: temporal.client, gateway, sink }),
    startWorkers,
    stopWorkers,
    holdDispatch() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      gate = promise;
      return () => resolve(undefined);
    },
    async close() {
      await stopWorkers();
      sender.close();
      await Promise.all([parser.close(), spreadsheets.close()]);
      await Promise.all([temporal.close(), connection.close(), sink.close(), owner.close()]);
      await fresh.drop();
      await endRuntime();
    },
  };
}
