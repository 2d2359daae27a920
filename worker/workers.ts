import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type {
  AuditRootActivities,
  DispatchActivities,
  DutyActivities,
  HistoryActivities,
  InboundActivities,
  NoticeActivities,
  PatientRecordingActivities,
  MailingActivities,
  RelayActivities,
  RecordingActivities,
  SurveyActivities,
  SurveySeriesActivities,
  SignalActivities,
  SignalMailActivities,
} from '../activities/contract.ts';
import { COORDINATION_QUEUE, DISPATCH_QUEUE, MAILING_QUEUE } from '../workflows/contract.ts';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  /** Path of the prebuilt bundle. */
  readonly bundle: string;
  readonly recording: RecordingActivities &
    PatientRecordingActivities &
    SignalActivities &
    Partial<HistoryActivities & AuditRootActivities & DutyActivities>;
  readonly inbound: InboundActivities;
  readonly dispatch: DispatchActivities & SignalMailActivities & Partial<NoticeActivities>;
  readonly relay: RelayActivities;
  readonly survey: SurveyActivities & MailingActivities;
  readonly series: SurveySeriesActivities;
  /** Added to the names of the queues, so that tests share a server and nothing else: `-x` → `coordination-x`. */
  readonly queueSuffix?: string;
}

export interface RunningWorkers {
  /** Rejects when a worker has failed for good; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Takes no more work, lets what is under way end, and resolves. Asked again: the same promise. */
  stop(): Promise<void>;
}

/**
 * How long what is under way may go on after a stop: a mail in its SMTP dialogue ends in seconds; what does not is left
 * to another worker, which finds it claimed and resends it by the same Message-ID.
 */
const GRACE = '10 s';

/** Three workers in one process: a mailing that fills the second never delays the first. */
export async function runWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const suffix = parts.queueSuffix ?? '';
  const { connection, namespace, dataConverter } = parts;
  const common = { connection, namespace, dataConverter, shutdownGraceTime: GRACE, shutdownForceTime: '15 s' } as const;
  const coordination = await Worker.create({
    ...common,
    taskQueue: COORDINATION_QUEUE + suffix,
    workflowBundle: { codePath: parts.bundle },
    activities: { ...parts.recording, ...parts.inbound, ...parts.relay, ...parts.survey, ...parts.series },
    // After a kill -9 open workflows stall 10.6 s by default, 1.6 s with it.
    stickyQueueScheduleToStartTimeout: '1 s',
    // One transaction each, of a pool of ten connections.
    maxConcurrentLocalActivityExecutions: 20,
    maxConcurrentActivityTaskExecutions: 20,
  });
  const dispatch = await Worker.create({
    ...common,
    taskQueue: DISPATCH_QUEUE + suffix,
    activities: { ...parts.dispatch },
    // Each holds one SMTP dialogue: the rate that a relay of the State takes without refusing (4xx).
    maxConcurrentActivityTaskExecutions: 10,
    // Far above what SMTP takes; a fault that asks for sendings in a loop is slowed down to it.
    maxActivitiesPerSecond: 100,
  });
  const mailing = await Worker.create({
    ...common,
    taskQueue: MAILING_QUEUE + suffix,
    activities: { ...parts.relay, ...parts.survey },
    // Two lines to the relay each: one of its five is always left for instructions.
    maxConcurrentActivityTaskExecutions: 2,
  });
  const workers = [coordination, dispatch, mailing];
  const ended = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  let stopping: Promise<void> | undefined;
  return {
    ended,
    stop() {
      stopping ??= stopAll(workers, ended);
      return stopping;
    },
  };
}

async function stopAll(workers: readonly Worker[], ended: Promise<void>): Promise<void> {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await ended;
}
