// The bare engine's worker: activities that do nothing. Arguments: address of the server.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { BareActivities } from './bare.workflow.ts';

const [address = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const workflowsPath = fileURLToPath(new URL('bare.workflow.ts', import.meta.url));
const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
const activities: BareActivities = {
  release: () => Promise.resolve(1),
  record: () => Promise.resolve(),
  send: () => Promise.resolve(),
};
const queues = [{ taskQueue: 'bare-coordination', workflowBundle }, { taskQueue: 'bare-dispatch' }];
const workers = await Promise.all(
  queues.map((queue) => Worker.create({ connection, activities, stickyQueueScheduleToStartTimeout: '1 s', ...queue })),
);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
