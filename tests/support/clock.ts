import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { grpcCode } from '../../gateway/engine-errors.ts';

/**
 * Pushing the clock of one workflow at a time on the dev server (`frontend.WorkflowTimeSkippingEnabled`), with unchanged
 * workflow code. The fields are newer than the SDK's types, not than its protobuf messages.
 */
interface SkippingConfig {
  readonly enabled: boolean;
  readonly fastForwardConfig?: { readonly id: string; readonly duration: ReturnType<typeof msToTs> };
}

type Call = (request: object, ...rest: unknown[]) => unknown;
type Starters = Record<'startWorkflowExecution' | 'signalWithStartWorkflowExecution' | 'executeMultiOperation', Call>;

const NOT_FOUND = 5;
const RUNNING = proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
let jumps = 0;

/**
 * Moves the clock of a running workflow by `ms` and waits until it is there, or the workflow has ended. On return
 * everything due before has been handled: the server never skips over a workflow task or an activity in flight.
 * Step with a margin (1 h 1 min for what is due in 1 h).
 */
export async function advance(
  client: Client,
  workflowId: string,
  ms: number,
  limitMs = 30_000,
): Promise<'reached' | 'ended'> {
  const id = `jump-${process.pid}-${(jumps += 1)}`;
  try {
    await setSkipping(client, workflowId, { enabled: true, fastForwardConfig: { id, duration: msToTs(ms) } });
  } catch (error) {
    if (grpcCode(error) === NOT_FOUND) return 'ended';
    throw error;
  }
  const end = performance.now() + limitMs;
  for (let everyMs = 5; ; everyMs = Math.min(50, everyMs * 1.5)) {
    const { status, skipping, inFlight } = await describe(client, workflowId);
    if (status !== RUNNING) return 'ended';
    // The server switches skipping off when the target is reached.
    if (skipping?.fastForwardConfig?.id === id && !skipping.enabled) {
      await quiet(client, workflowId, limitMs);
      return 'reached';
    }
    if (performance.now() > end) throw new Error(`${workflowId} did not advance: ${inFlight} activities in flight`);
    await pause(everyMs);
  }
}

/** Waits until a workflow has nothing under way: no workflow task and no activity, so that only a message or an instant moves it. */
export async function quiet(client: Client, workflowId: string, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  for (let everyMs = 5; ; everyMs = Math.min(50, everyMs * 1.5)) {
    const { status, inFlight, taskPending } = await describe(client, workflowId);
    if (status !== RUNNING || (inFlight === 0 && !taskPending)) return;
    if (performance.now() > end)
      throw new Error(`${workflowId} does not come to rest: ${inFlight} activities in flight`);
    await pause(everyMs);
  }
}

/** Every workflow started through this connection from now on skips all its idle time. Returns how to undo it. */
export function skipAllStarts(connection: Connection): () => void {
  const service = connection.workflowService as unknown as Starters;
  const { startWorkflowExecution, signalWithStartWorkflowExecution, executeMultiOperation } = service;
  const timeSkippingConfig: SkippingConfig = { enabled: true };
  const starting =
    (call: Call): Call =>
    (request, ...rest) =>
      call.call(service, { ...request, timeSkippingConfig }, ...rest);
  service.startWorkflowExecution = starting(startWorkflowExecution);
  service.signalWithStartWorkflowExecution = starting(signalWithStartWorkflowExecution);
  service.executeMultiOperation = (request, ...rest) => {
    const { operations } = request as { operations: { startWorkflow?: object }[] };
    const skipped = operations.map((one) =>
      one.startWorkflow === undefined ? one : { ...one, startWorkflow: { ...one.startWorkflow, timeSkippingConfig } },
    );
    return executeMultiOperation.call(service, { ...request, operations: skipped }, ...rest);
  };
  return () =>
    Object.assign(service, { startWorkflowExecution, signalWithStartWorkflowExecution, executeMultiOperation });
}

/** Sets what the server does with the idle time of one execution. */
async function setSkipping(client: Client, workflowId: string, timeSkippingConfig: SkippingConfig): Promise<void> {
  const request = {
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig },
    updateMask: { paths: ['time_skipping_config'] },
  };
  await client.workflowService.updateWorkflowExecutionOptions(request);
}

async function describe(client: Client, workflowId: string) {
  const description = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  const extended = description.workflowExtendedInfo as
    { timeSkippingInfo?: { effectiveConfig?: SkippingConfig } } | null | undefined;
  return {
    status: description.workflowExecutionInfo?.status,
    skipping: extended?.timeSkippingInfo?.effectiveConfig,
    inFlight: description.pendingActivities.length,
    taskPending: (description.pendingWorkflowTask ?? null) !== null,
  };
}
