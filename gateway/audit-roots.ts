import { ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { AUDIT_ROOT_WORKFLOW, COORDINATION_QUEUE } from '../workflows/contract.ts';
import { ensureSchedule } from './schedules.ts';

/** The Schedule of the audit's roots: one a day, in the quietest hour; of days missed, the last one. */
export const ensureAuditRoots = (client: Client, taskQueue: string = COORDINATION_QUEUE): Promise<void> =>
  ensureSchedule(client, {
    scheduleId: AUDIT_ROOT_WORKFLOW,
    spec: { calendars: [{ hour: 4, minute: 10 }], timezone: 'Europe/Paris' },
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: '1 day' },
    action: { type: 'startWorkflow', workflowType: AUDIT_ROOT_WORKFLOW, taskQueue, args: [] },
  });
