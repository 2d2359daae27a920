import { WithStartWorkflowOperation } from '@temporalio/client';
import type { EarlySignal, SignalAnswer, SignalCommand } from '../domain/early-signal.ts';
import {
  COMMAND_UPDATE,
  COORDINATION_QUEUE,
  EARLY_SIGNAL_WORKFLOW,
  earlySignalWorkflowId,
  PROCESS_QUERY,
  type EarlySignalInput,
} from '../workflows/contract.ts';
import { boundedCalls, isEnded, mayFollow } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway } from './connection.ts';
import { startAttributes } from './search-attributes.ts';

/** Early signals in progress. Every call ends within 3 s. */
export interface EarlySignalGateway {
  /**
   * Has an act carried out and recorded. The workflow is started where none follows the signal (stored while the engine was away,
   * or ended: then it says so), and goes on from the database.
   * @param updateId asked twice with the same one: carried out once
   * @throws EngineUnavailable
   */
  command(signal: string, command: SignalCommand, updateId: string): Promise<SignalAnswer>;
  /** Starts the workflow, or leaves it at work, without waiting for it. @throws EngineUnavailable */
  follow(signal: string): Promise<void>;
  /** The whole state. @throws NoSuchWorkflow, EngineUnavailable */
  process(signal: string): Promise<EarlySignal | null>;
}

type Follow = (input: EarlySignalInput) => Promise<void>;

export function earlySignalGateway(
  gateway: TemporalGateway,
  options: { readonly taskQueue?: string } = {},
): EarlySignalGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const { within, update } = boundedCalls(client);
  const attributes = startAttributes(gateway);
  const optionsOf = async (signal: string) => {
    const typedSearchAttributes = await attributes('signal');
    return {
      workflowId: earlySignalWorkflowId(signal),
      taskQueue,
      workflowTaskTimeout: TASK_TIMEOUT,
      args: [{ version: 1, signal }] as [EarlySignalInput],
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
      ...(typedSearchAttributes === undefined ? {} : { typedSearchAttributes }),
    };
  };
  return {
    command(signal, command, updateId) {
      const ask = async () =>
        client.workflow.executeUpdateWithStart<Follow, SignalAnswer, [SignalCommand]>(COMMAND_UPDATE, {
          args: [command],
          updateId,
          startWorkflowOperation: new WithStartWorkflowOperation(EARLY_SIGNAL_WORKFLOW, await optionsOf(signal)),
        });
      // One that ends at that very moment takes no Update: the next start does.
      return update(earlySignalWorkflowId(signal), ask, (error) => mayFollow(error) || isEnded(error));
    },
    async follow(signal) {
      const start = await optionsOf(signal);
      await within(start.workflowId, true, () => client.workflow.start<Follow>(EARLY_SIGNAL_WORKFLOW, start));
    },
    process(signal) {
      const workflowId = earlySignalWorkflowId(signal);
      const query = () => client.workflow.getHandle(workflowId).query<EarlySignal | null>(PROCESS_QUERY);
      return within(workflowId, false, query);
    },
  };
}
