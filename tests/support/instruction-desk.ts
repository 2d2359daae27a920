import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { AuditRootActivities, HistoryActivities } from '../../activities/contract.ts';
import { createDispatchActivities } from '../../activities/dispatch.activities.ts';
import { createDutyActivities, createNoticeActivities } from '../../activities/duty.activities.ts';
import { createInboundActivities } from '../../activities/inbound.activities.ts';
import { createPatientRecordingActivities } from '../../activities/patient-recording.activities.ts';
import { createRelayActivities } from '../../activities/relay.activities.ts';
import { createRecordingActivities } from '../../activities/recording.activities.ts';
import { createSurveyActivities } from '../../activities/survey.activities.ts';
import { createMailParser } from '../../channels/inbound/parse.ts';
import { openSender, type Sender } from '../../channels/sender.ts';
import { readTestServersFile } from '../../config/env.ts';
import { type KeyRing, parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { createDraft, type Referred } from '../../db/stores/desk/drafts.ts';
import { isKeyOfOurs, recordKeys } from '../../db/stores/desk/key-ring.ts';
import { allOrganisations } from '../../db/stores/process/release-process.ts';
import { checkDraft } from '../../domain/draft.ts';
import type { Actor, Command } from '../../domain/events.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';
import { connectGateway } from '../../gateway/connection.ts';
import { createDataConverter } from '../../gateway/data-converter.ts';
import { inboundGateway, type InboundGateway } from '../../gateway/inbound-gateway.ts';
import { instructionGateway, type InstructionGateway } from '../../gateway/instruction-gateway.ts';
import { relayGateway, type RelayGateway } from '../../gateway/relay-gateway.ts';
import { surveyGateway, type SurveyGateway } from '../../gateway/survey-gateway.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { runWorkers, type RunningWorkers } from '../../worker/workers.ts';
import { instructionWorkflowId, REPLY_SIGNAL, type CommandAnswer } from '../../workflows/contract.ts';
import { advance, quiet } from './clock.ts';
import { freshDatabase } from './database.ts';
import { startMailSink, type MailSink, type ReceivedMail } from './mail-sink.ts';
import { observed, type Observer } from './observer.ts';
import { testServers } from './servers.ts';
import { until } from './wait.ts';

export const AUTHOR: Actor = { sub: 'corruss-redacteur', organisation: 'CORRUSS' };
export const RELEASER: Actor = { sub: 'corruss-valideur', organisation: 'CORRUSS' };
export const HEAD: Actor = { sub: 'corruss-chef', organisation: 'CORRUSS' };

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

/** `RÉALISÉ par ars-84 – MINSANTE N°…`: an answer told to the alert box. */
const ECHO = / par [^–]+ – MINSANTE/;

export interface Released {
  readonly id: string;
  readonly number: string;
  readonly workflowId: string;
}

export interface TimelineLine {
  readonly kind: string;
  readonly organisation: string | null;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface DeliveryRow {
  readonly purpose: string;
  readonly target: string;
  readonly status: string;
  readonly step: number;
  readonly attempts: number;
}

/** The whole coordination side on real parts: database, Temporal, both workers, SMTP; no HTTP. */
export interface InstructionDesk {
  readonly database: Database;
  readonly client: Client;
  readonly gateway: InstructionGateway;
  readonly relays: RelayGateway;
  readonly surveys: SurveyGateway;
  /** Starts the reading of stored mails. */
  readonly inbound: InboundGateway;
  readonly sink: MailSink;
  readonly keys: KeyRing;
  readonly queueSuffix: string;
  /** The tables' owner, for tests that break them. */
  readonly owner: Database['sql'];
  /** Inserts a checked draft; returns its id. */
  draft(overrides?: object, refersTo?: Referred): Promise<string>;
  /** Draft and release; resolves once the first mails have been reported. */
  release(overrides?: object, refersTo?: Referred): Promise<Released>;
  reply(id: string, organisation: string, kind: ReplyKind, more?: object): Promise<CommandAnswer>;
  command(id: string, command: Command): Promise<CommandAnswer>;
  signal(id: string, ...args: unknown[]): Promise<void>;
  /** Pushes the clock of one instruction; all that is due has been done, mails included. */
  advance(id: string, ms: number): Promise<'reached' | 'ended'>;
  /** Waits until nothing is under way. */
  settle(id: string): Promise<void>;
  process(id: string): Promise<InstructionProcess>;
  followUp(id: string, organisation: string): Promise<FollowUp>;
  /** The projection of one recipient. */
  projection(id: string, organisation: string): Promise<FollowUp>;
  timeline(id: string): Promise<TimelineLine[]>;
  /** Rows of deliveries in the order in which they were planned. */
  deliveries(id: string, organisation?: string): Promise<DeliveryRow[]>;
  /** Mails that went to an address that contains the text, for one instruction number; echoes of answers left out. */
  mailsTo(number: string, address: string): ReceivedMail[];
  /** Sending activities wait at a gate, their rows unclaimed, until the function returned is called. */
  holdDispatch(): () => void;
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  close(): Promise<void>;
}

const DRAFT = {
  nature: 'action',
  subject: 'Recensement des lits de réanimation',
  body: 'Merci de **recenser** les lits disponibles.',
  audience: { national: true },
  deadline: '4H',
};

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
  const mail = { mailFrom: 'corruss@vigie.example', mailReplyDomain: MAIL_REPLY_DOMAIN };
  const sender = openSender({ smtpUrl: sink.url, mailFrom: mail.mailFrom });
  const recording = observed(
    createRecordingActivities({ database, keys, mailReplyDomain: MAIL_REPLY_DOMAIN }),
    options.observer,
  );
  const sending = { database, keys, sender, publicUrl: 'http://vigie.example', ...mail };
  const dispatch = createDispatchActivities(sending);
  const duty = { database, mailReplyDomain: MAIL_REPLY_DOMAIN };
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
        ...scheduled,
      },
      inbound: createInboundActivities({ database, keys, mailReplyDomain: MAIL_REPLY_DOMAIN, parser }),
      dispatch: {
        ...createNoticeActivities({ ...duty, ...mail, sender }),
        dispatchInstruction: async (...args) => {
          await gate;
          const result = await dispatch.dispatchInstruction(...args);
          options.observer?.dispatched(args[0], result);
          return result;
        },
      },
      relay: createRelayActivities(sending),
      survey: createSurveyActivities(sending),
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
    surveys: surveyGateway(temporal, { taskQueue: `coordination${queueSuffix}` }),
    inbound: inboundGateway(temporal, { taskQueue: `coordination${queueSuffix}` }),
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
      await parser.close();
      await Promise.all([temporal.close(), connection.close(), sink.close(), owner.close()]);
      await fresh.drop();
      await Runtime.instance().shutdown();
    },
  };
}

type Parts = Pick<InstructionDesk, 'database' | 'keys' | 'client' | 'gateway' | 'sink'>;
type Actions = Omit<
  InstructionDesk,
  | keyof Parts
  | 'inbound'
  | 'relays'
  | 'surveys'
  | 'queueSuffix'
  | 'owner'
  | 'startWorkers'
  | 'stopWorkers'
  | 'holdDispatch'
  | 'close'
>;

function deskActions({ database, keys, client, gateway, sink }: Parts): Actions {
  const draft = async (overrides: object = {}, refersTo?: Referred): Promise<string> => {
    const raw = { ...DRAFT, ...overrides };
    const organisations = await allOrganisations(database.sql);
    const checked = checkDraft(raw, { now: Date.now(), organisations });
    if (checked.errors.length > 0) throw new Error(`The test's draft is wrong: ${JSON.stringify(checked.errors)}`);
    const act = { by: AUTHOR, now: Date.now(), ...(refersTo === undefined ? {} : { refersTo }) };
    return (await createDraft(database, keys, checked.draft, act)).id;
  };
  const settle = (id: string): Promise<void> => quiet(client, instructionWorkflowId(id));
  const process = async (id: string): Promise<InstructionProcess> => {
    const found = await until('the process', () => gateway.process(id));
    return found;
  };
  const command = (id: string, asked: Command) => {
    const updateId = randomUUID();
    return patiently(() => gateway.command(id, asked, updateId));
  };
  return {
    draft,
    settle,
    process,
    command,
    async release(overrides, refersTo) {
      const id = await draft(overrides, refersTo);
      const request = releaseRequest(id);
      const answer = await patiently(() => gateway.release(request));
      if (!answer.released) throw new Error(`Not released: ${answer.detail}`);
      await settle(id);
      return { id, number: answer.number, workflowId: instructionWorkflowId(id) };
    },
    reply: (id, organisation, kind, more = {}) =>
      command(id, {
        kind: 'reply',
        reply: {
          organisation,
          kind,
          from: organisation.toLowerCase(),
          channel: 'api',
          verified: true,
          messageId: randomUUID(),
          ...more,
        },
      }),
    signal: (id, ...args) => client.workflow.getHandle(instructionWorkflowId(id)).signal(REPLY_SIGNAL, ...args),
    advance: (id, ms) => advance(client, instructionWorkflowId(id), ms),
    followUp: async (id, organisation) =>
      (await process(id)).followUps.find((one) => one.organisation === organisation)!,
    projection: async (id, organisation) => {
      const row = await database.sql
        .selectFrom('instruction_recipient')
        .select('follow_up')
        .where('instruction_id', '=', id)
        .where('organisation_id', '=', organisation)
        .executeTakeFirstOrThrow();
      return row.follow_up;
    },
    timeline: async (id) => {
      const rows = await database.sql
        .selectFrom('audit_entry')
        .select(['kind', 'organisation_id', 'actor_sub', 'data'])
        .where('subject', '=', `instruction/${id}`)
        .where('kind', '<>', 'turnRecorded')
        .orderBy('position')
        .execute();
      return rows.map((row) => ({
        kind: row.kind,
        organisation: row.organisation_id,
        actor: row.actor_sub,
        data: row.data,
      }));
    },
    deliveries: (id, organisation) =>
      database.sql
        .selectFrom('delivery')
        .select(['purpose', 'target', 'status', 'step', 'attempts'])
        .where('instruction_id', '=', id)
        .$if(organisation !== undefined, (query) => query.where('organisation_id', '=', organisation ?? ''))
        .orderBy('planned_at')
        .orderBy('id')
        .execute(),
    mailsTo: (number, address) =>
      sink.mails.filter(({ subject, to }) => subject.includes(number) && to.includes(address) && !ECHO.test(subject)),
  };
}

export const releaseRequest = (instruction: string, by: Actor = RELEASER, roles: readonly string[] = ['releaser']) => ({
  instruction,
  version: null,
  by: { ...by, roles },
  emergencyReason: null,
});

/** A busy machine may miss the 3 s of a call; like any client, the test then asks again by the same key. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 5 || !(error instanceof Error) || error.name !== 'EngineUnavailable') throw error;
    }
  }
}

/** The SDK's native part, telling errors only; to be shut down at the end of the file. */
export function quietRuntime(): void {
  const filter = { core: 'ERROR', other: 'ERROR' } as const;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter } },
    shutdownSignals: [],
  });
}

/** The bundle of all workflows, once for a run: beside its servers, so that it goes with them. */
export function testBundle(): Promise<string> {
  const file = readTestServersFile();
  if (file === null) throw new Error('The desk of the tests runs only under Jest');
  return workflowBundle(join(dirname(file), 'bundles'));
}
