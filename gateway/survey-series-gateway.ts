import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { addDays, instantAt } from '../domain/business-time-local.ts';
import { catchupWindow } from '../domain/survey/series-openings.ts';
import type { SeriesAsk, SeriesPlan, SeriesStep } from '../domain/survey/series.ts';
import { PARIS } from '../domain/wording.ts';
import {
  COORDINATION_QUEUE,
  SURVEY_SERIES_WORKFLOW,
  surveySeriesScheduleId,
  type SurveySeriesInput,
  surveySeriesWorkflowId,
} from '../workflows/contract.ts';
import { boundedCalls } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway, UPDATE_TIMEOUT_MS } from './connection.ts';
import { engineError, NoSuchWorkflow } from './engine-errors.ts';

/** Where the rows are that Schedules follow. */
export interface SeriesPlans {
  /** Undefined: there is no such series. */
  read(id: string): Promise<SeriesPlan | undefined>;
  /** @returns false when the series has moved on meanwhile */
  noteScheduled(id: string, version: number): Promise<boolean>;
}

/** How a Schedule stands. `version`: of the series, as it was told; null: nobody's that we know. */
export interface SeriesSchedule {
  readonly version: number | null;
  readonly paused: boolean;
}

/** Series of surveys: their Schedules, and openings by hand. */
export interface SurveySeriesGateway {
  /** Makes the Schedule what the row says: made, changed, paused, or deleted once the series has ended. @throws EngineUnavailable */
  keep(id: string, plans: SeriesPlans): Promise<void>;
  /** Undefined: there is none. @throws EngineUnavailable */
  schedule(id: string): Promise<SeriesSchedule | undefined>;
  /** Ids of the series of all Schedules there are. */
  scheduled(): Promise<string[]>;
  /** Opens one now, once for each key. @throws EngineUnavailable: to be asked again by the same key */
  trigger(id: string, ask: Extract<SeriesAsk, { readonly kind: 'trigger' }>): Promise<SeriesStep>;
  /** Has an opening go on whose workflow is gone, or finds it at work. @throws EngineUnavailable */
  resume(id: string, ask: SeriesAsk): Promise<void>;
}

export function surveySeriesGateway(
  { client }: TemporalGateway,
  { taskQueue = COORDINATION_QUEUE }: { readonly taskQueue?: string } = {},
): SurveySeriesGateway {
  return { ...keeping(client, taskQueue), ...openings(client, taskQueue) };
}

function keeping(client: Client, taskQueue: string): Pick<SurveySeriesGateway, 'keep' | 'schedule' | 'scheduled'> {
  const { within } = boundedCalls(client);
  return {
    async keep(id, plans) {
      for (;;) {
        const plan = await plans.read(id);
        if (plan === undefined) return;
        await within(surveySeriesScheduleId(id), true, () => follow(client, plan, taskQueue));
        // Somebody may have changed the row meanwhile, and been overtaken here.
        if (await plans.noteScheduled(id, plan.version)) return;
      }
    },
    async schedule(id) {
      try {
        return await within(surveySeriesScheduleId(id), false, () => describe(client, id));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async scheduled() {
      const prefix = surveySeriesScheduleId('');
      const found: string[] = [];
      for await (const { scheduleId } of client.schedule.list())
        if (scheduleId.startsWith(prefix)) found.push(scheduleId.slice(prefix.length));
      return found;
    },
  };
}

function openings(client: Client, taskQueue: string): Pick<SurveySeriesGateway, 'trigger' | 'resume'> {
  const { within } = boundedCalls(client);
  const start = (id: string, ask: SeriesAsk) =>
    client.workflow.start(SURVEY_SERIES_WORKFLOW, opening(id, ask, taskQueue));
  return {
    async trigger(id, ask) {
      try {
        return await client.withDeadline(Date.now() + UPDATE_TIMEOUT_MS, async () => {
          const handle = await start(id, ask);
          return (await handle.result()) as SeriesStep;
        });
      } catch (error) {
        throw engineError(error, surveySeriesWorkflowId(id, ask), true);
      }
    },
    async resume(id, ask) {
      await within(surveySeriesWorkflowId(id, ask), true, () => start(id, ask));
    },
  };
}

/** One that is over is begun again, and finds what it has done. */
function opening(series: string, ask: SeriesAsk, taskQueue: string) {
  const input: SurveySeriesInput = { version: 1, series, ask };
  return {
    workflowId: surveySeriesWorkflowId(series, ask),
    taskQueue,
    args: [input],
    workflowTaskTimeout: TASK_TIMEOUT,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
  };
}

async function follow(client: Client, plan: SeriesPlan, taskQueue: string): Promise<void> {
  const wanted = seriesSchedule(plan, taskQueue);
  const handle = client.schedule.getHandle(wanted.scheduleId);
  if (plan.status === 'ended') {
    await handle.delete().catch(unlessMissing);
    return;
  }
  const { spec, action, policies, state } = wanted;
  try {
    await client.schedule.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update(() => ({ spec, action, policies, state }));
  }
}

/** The Schedule of a series, whole. */
export function seriesSchedule(plan: SeriesPlan, taskQueue: string) {
  const { id, recurrence, from, until } = plan;
  const [hour, minute] = recurrence.at.split(':').map(Number);
  const dayOfWeek = recurrence.days.map((day) => day.toUpperCase() as Uppercase<typeof day>);
  const input: SurveySeriesInput = { version: 1, series: id };
  return {
    scheduleId: surveySeriesScheduleId(id),
    spec: {
      calendars: [{ dayOfWeek, hour: hour ?? 0, minute: minute ?? 0, comment: commentOf(plan.version) }],
      timezone: PARIS,
      ...(from === null ? {} : { startAt: new Date(instantAt(from, '00:00', PARIS)) }),
      ...(until === null ? {} : { endAt: new Date(instantAt(addDays(until, 1), '00:00', PARIS) - 1) }),
    },
    // Each instant is another survey: one that hangs holds up none. Two of one instant are one by the table.
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: catchupWindow(recurrence) },
    action: {
      type: 'startWorkflow' as const,
      workflowType: SURVEY_SERIES_WORKFLOW,
      workflowId: surveySeriesScheduleId(id),
      taskQueue,
      args: [input],
      workflowTaskTimeout: TASK_TIMEOUT,
    },
    state: { paused: plan.status === 'paused', note: plan.note },
  } satisfies ScheduleOptions;
}

/** By this the Schedule says of which version of its series it is. */
const commentOf = (version: number): string => `version ${version}`;

async function describe(client: Client, id: string): Promise<SeriesSchedule> {
  const { spec, state } = await client.schedule.getHandle(surveySeriesScheduleId(id)).describe();
  const [, version] = /^version (\d+)$/.exec(spec.calendars?.[0]?.comment ?? '') ?? [];
  return { version: version === undefined ? null : Number(version), paused: state.paused };
}

const isMissing = (error: unknown): boolean =>
  error instanceof ScheduleNotFoundError || error instanceof NoSuchWorkflow;

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
