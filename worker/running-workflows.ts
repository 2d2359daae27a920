import type { Client } from '@temporalio/client';

/** What the running workflows of one type are about: `<id>` of `<kind>/<id>`. */
export async function openWorkflowIds(client: Client, type: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = '${type}' and ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query }))
    ids.push(workflowId.slice(workflowId.indexOf('/') + 1));
  return ids;
}

/** True when an ordinary activity of that name is under way: the quick recording has failed, a turn waits to be recorded. */
export async function waitsToRecord(client: Client, workflowId: string, activity: string): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return (raw.pendingActivities ?? []).some(({ activityType }) => activityType?.name === activity);
}
