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

export interface Mails {
  readonly mails: number;
  /** Follow-ups that hear of them. */
  readonly listeners: number;
}

/** A bare worker, and a client for it. */
async function startBareEngine(address: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts'), address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const connection = await Connection.connect({ address });
  return {
    client: new Client({ connection }),
    stop: async () => {
      child.kill('SIGKILL');
      await connection.close();
    },
  };
}

/** As many bare mails, started ten at once. @returns ms from the first start until every listener has recorded all */
export async function runBareMails(address: string, { mails, listeners }: Mails): Promise<number> {
  const engine = await startBareEngine(address);
  const { client } = engine;
  const run = randomUUID();
  const start = (type: string, workflowId: string, arg: unknown) =>
    client.workflow.start(type, { workflowId, taskQueue: 'bare-coordination', args: [arg] });
  const listener = (index: number): string => `bare-listener/${run}/${index % listeners}`;
  const expected = (index: number): number => Math.floor(mails / listeners) + (index < mails % listeners ? 1 : 0);
  try {
    await inParallel(10, listeners, (index) => start('bareListener', listener(index), expected(index)));
    const began = performance.now();
    await inParallel(10, mails, (index) => start('bareMail', `bare-mail/${run}/${index}`, listener(index)));
    await inParallel(listeners, listeners, (index) => client.workflow.getHandle(listener(index)).result());
    return performance.now() - began;
  } finally {
    await engine.stop();
  }
}

/** The bare workflow under the same load on the same server. @returns instructions a second */
export async function runBare(address: string, { instructions, recipients, clients }: Load): Promise<number> {
  const engine = await startBareEngine(address);
  const { client } = engine;
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
    await engine.stop();
  }
}
