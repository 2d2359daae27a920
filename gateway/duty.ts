import { ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import {
  COORDINATION_QUEUE,
  DAILY_BRIEFING_WORKFLOW,
  DUTY_WATCH_WORKFLOW,
  type DutyWatchInput,
} from '../workflows/contract.ts';
import { ensureSchedule } from './schedules.ts';

/** The watch of the rosters: one workflow, started once by whichever worker comes first and found by the others. */
export async function ensureDutyWatch(
  client: Client,
  taskQueue: string = COORDINATION_QUEUE,
  workflowId = DUTY_WATCH_WORKFLOW,
): Promise<void> {
  const input: DutyWatchInput = { version: 1, watchedUntil: null };
  await client.workflow.start(DUTY_WATCH_WORKFLOW, {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** Every morning at 7 h 30 on the wall in Paris, summer and winter. One missed by an outage of up to 12 h comes late. */
export const ensureDailyBriefing = (
  client: Client,
  taskQueue: string = COORDINATION_QUEUE,
  scheduleId = DAILY_BRIEFING_WORKFLOW,
): Promise<void> =>
  ensureSchedule(client, {
    scheduleId,
    spec: { calendars: [{ hour: 7, minute: 30 }], timezone: 'Europe/Paris' },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
    action: { type: 'startWorkflow', workflowType: DAILY_BRIEFING_WORKFLOW, taskQueue, args: [] },
  });
