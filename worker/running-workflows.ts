import type { Client } from '@temporalio/client';
import { grpcCode } from '../gateway/engine-errors.ts';

/** What `<type>/<id>` the running workflows of one type are about. */
export async function openWorkflowIds(client: Client, type: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = '${type}' and ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId.replace(`${type}/`, ''));
  return ids;
}

const NOT_FOUND = 5;

export async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (grpcCode(error) === NOT_FOUND || (error instanceof Error && error.name === 'WorkflowNotFoundError'))
      return false;
    throw error;
  }
}

/** True when an ordinary activity of that name is under way: the quick recording has failed, a turn waits to be recorded. */
export async function waitsToRecord(client: Client, workflowId: string, activity: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return (raw.pendingActivities ?? []).some(({ activityType }) => activityType?.name === activity);
}
