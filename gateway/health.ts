import proto from '@temporalio/proto';
import { COORDINATION_QUEUE, DISPATCH_QUEUE, MAILING_QUEUE } from '../workflows/contract.ts';
import { CALL_TIMEOUT_MS, type TemporalGateway } from './connection.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** A poll lasts a minute at most: a poller not heard of for longer is gone (the server lists it for five). */
const POLLER_LIVES_MS = 75_000;

/** What `/readyz` asks of Temporal. */
export interface EngineHealth {
  readonly reachable: boolean;
  /** Queues on which no worker listens; all of them when Temporal cannot be reached. */
  readonly queuesWithoutPoller: readonly string[];
}

/** Never throws: an outage is an answer here. Takes at most 2 s. */
export async function checkEngine(gateway: TemporalGateway): Promise<EngineHealth> {
  const queues = [
    { name: COORDINATION_QUEUE, type: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW },
    { name: DISPATCH_QUEUE, type: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY },
    { name: MAILING_QUEUE, type: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY },
  ];
  try {
    const asked = await gateway.client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      // All of them to their end: a call left behind tries again, and throws out of its timer once the channel is closed.
      Promise.allSettled(queues.map(({ name, type }) => hasPoller(gateway, name, type))),
    );
    const polled = asked.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    const missing = queues.filter((_, index) => polled[index] !== true).map(({ name }) => name);
    return { reachable: true, queuesWithoutPoller: missing };
  } catch {
    // The answer is the health itself; the cause shows in the calls that need the engine.
    return { reachable: false, queuesWithoutPoller: queues.map(({ name }) => name) };
  }
}

async function hasPoller(
  gateway: TemporalGateway,
  queue: string,
  type: proto.temporal.api.enums.v1.TaskQueueType,
): Promise<boolean> {
  const { pollers } = await gateway.client.workflowService.describeTaskQueue({
    namespace: gateway.namespace,
    taskQueue: { name: queue },
    taskQueueType: type,
  });
  const oldest = Date.now() - POLLER_LIVES_MS;
  return pollers.some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= oldest);
}
