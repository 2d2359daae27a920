import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { inParallel } from '../load.ts';

export interface Load {
  readonly instructions: number;
  readonly recipients: number;
  readonly clients: number;
}

/** The bare workflow under the same load on the same server. @returns instructions a second */
export async function runBare(address: string, { instructions, recipients, clients }: Load): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts'), address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const one = async (): Promise<void> => {
    const workflowId = `bare/${randomUUID()}`;
    const startWorkflowOperation = new WithStartWorkflowOperation('bare', {
      workflowId,
      taskQueue: 'bare-coordination',
      args: [recipients],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    await client.workflow.executeUpdateWithStart('released', { startWorkflowOperation });
    const handle = client.workflow.getHandle(workflowId);
    for (let count = 0; count < recipients; count += 1) {
      await handle.executeUpdate('command', { args: [{ kind: 'reply', number: count }] });
    }
    await handle.result();
  };
  try {
    await inParallel(clients, clients * 2, one);
    const began = performance.now();
    await inParallel(clients, instructions, one);
    return (instructions / (performance.now() - began)) * 1_000;
  } finally {
    child.kill('SIGKILL');
    await connection.close();
  }
}
