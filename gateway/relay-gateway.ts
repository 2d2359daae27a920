import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { RelayAnswer, RelayAsk } from '../domain/relay.ts';
import {
  COORDINATION_QUEUE,
  RELAY_UPDATE,
  RELAY_WORKFLOW,
  relayWorkflowId,
  type RelayInput,
} from '../workflows/contract.ts';
import { boundedCalls, isEnded, mayFollow } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway } from './connection.ts';

/** Relays of «pour diffusion» messages. */
export interface RelayGateway {
  /**
   * Asks something of the relay of one ARS: its workflow is started, or found. Answers once that is recorded or refused.
   * @param updateId asked twice with the same one: done once
   * @throws EngineUnavailable
   */
  ask(recipient: { readonly id: string; readonly org: string }, ask: RelayAsk, updateId?: string): Promise<RelayAnswer>;
  /** Has the rest of a relay sent whose workflow is gone (a restored Temporal): for `npm run reconcile`. @throws EngineUnavailable */
  resume(left: Omit<Required<RelayInput>, 'version'>): Promise<void>;
}

type Relay = (input: RelayInput) => Promise<void>;

export function relayGateway(gateway: TemporalGateway, options: { readonly taskQueue?: string } = {}): RelayGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const { update, within } = boundedCalls(client);
  return {
    resume(left) {
      const workflowId = relayWorkflowId(left.instruction, left.organisation);
      const args: [RelayInput] = [{ version: 1, ...left }];
      return within(workflowId, true, async () => {
        await client.workflow.start<Relay>(RELAY_WORKFLOW, {
          workflowId,
          taskQueue,
          args,
          workflowTaskTimeout: TASK_TIMEOUT,
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
      });
    },
    ask({ id: instruction, org: organisation }, ask, updateId = randomUUID()) {
      const workflowId = relayWorkflowId(instruction, organisation);
      const args: [RelayInput] = [{ version: 1, instruction, organisation }];
      const call = () =>
        client.workflow.executeUpdateWithStart<Relay, RelayAnswer, [RelayAsk]>(RELAY_UPDATE, {
          args: [ask],
          updateId,
          startWorkflowOperation: new WithStartWorkflowOperation(RELAY_WORKFLOW, {
            workflowId,
            taskQueue,
            args,
            workflowTaskTimeout: TASK_TIMEOUT,
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        });
      // A relay that ends at that very moment takes no Update: the next start does.
      return update(workflowId, call, (error) => mayFollow(error) || isEnded(error));
    },
  };
}
