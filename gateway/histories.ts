import { ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { AUDIT_ROOT_WORKFLOW, COORDINATION_QUEUE, HISTORY_ARCHIVE_WORKFLOW } from '../workflows/contract.ts';
import { grpcCode } from './engine-errors.ts';
import { ensureSchedule } from './schedules.ts';

/** One run as the engine lists it; instants in milliseconds. */
export interface EngineRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAt: number;
  readonly closedAt: number;
}

const HistoryMessage = proto.temporal.api.history.v1.History;
export type History = proto.temporal.api.history.v1.IHistory;

const PAGE = 100;
const NOT_FOUND = 5;

/** Runs that have ended, in pages. @param query narrows them (Temporal's list filter) */
export async function* closedRuns(client: Client, query?: string): AsyncIterable<readonly EngineRun[]> {
  const ours = `ExecutionStatus != 'Running' and WorkflowType not in ('${HISTORY_ARCHIVE_WORKFLOW}', '${AUDIT_ROOT_WORKFLOW}')`;
  let page: EngineRun[] = [];
  const list = client.workflow.list({ query: query === undefined ? ours : `${ours} and ${query}`, pageSize: PAGE });
  for await (const { workflowId, runId, type, status, startTime, closeTime } of list) {
    const closedAt = (closeTime ?? startTime).getTime();
    page.push({ workflowId, runId, type, status: status.name, startedAt: startTime.getTime(), closedAt });
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** A history as bytes; undefined when the engine does not know the run (any more). */
export async function readHistory(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId?: string },
): Promise<{ readonly events: number; readonly content: Uint8Array } | undefined> {
  try {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return { events: history.events?.length ?? 0, content: HistoryMessage.encode(history).finish() };
  } catch (error) {
    if (grpcCode(error) === NOT_FOUND || (Error.isError(error) && error.name === 'WorkflowNotFoundError')) {
      return undefined;
    }
    throw error;
  }
}

export const decodeHistory = (content: Uint8Array): History => HistoryMessage.decode(content);

/** The Schedule of the archive, made once by whichever worker comes first. Far more often than the engine forgets. */
export const ensureHistoryArchive = (client: Client, taskQueue: string = COORDINATION_QUEUE): Promise<void> =>
  ensureSchedule(client, {
    scheduleId: HISTORY_ARCHIVE_WORKFLOW,
    spec: { intervals: [{ every: '6 hours' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    action: { type: 'startWorkflow', workflowType: HISTORY_ARCHIVE_WORKFLOW, taskQueue, args: [] },
  });
