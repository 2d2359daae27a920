import type { Client } from '@temporalio/client';
import { grpcCode } from './engine-errors.ts';

const NOT_FOUND = 5;

/** Whether a workflow of that id is at work. */
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
