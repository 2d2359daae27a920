import { randomUUID } from 'node:crypto';
import type { RelayAnswer, RelayAsk } from '../domain/relay.ts';
import {
  COORDINATION_QUEUE,
  RELAY_UPDATE,
  RELAY_WORKFLOW,
  relayWorkflowId,
  type RelayInput,
} from '../workflows/contract.ts';
import { askingGateway } from './asking-gateway.ts';
import type { TemporalGateway } from './connection.ts';

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

export function relayGateway(gateway: TemporalGateway, options: { readonly taskQueue?: string } = {}): RelayGateway {
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const kind = { taskQueue, workflowType: RELAY_WORKFLOW, update: RELAY_UPDATE };
  const { ask: asking, resume: resuming } = askingGateway<RelayInput, RelayAsk, RelayAnswer>(gateway, kind);
  return {
    resume: (left) => resuming(relayWorkflowId(left.instruction, left.organisation), { version: 1, ...left }),
    ask({ id: instruction, org: organisation }, ask, updateId = randomUUID()) {
      const workflowId = relayWorkflowId(instruction, organisation);
      return asking({ workflowId, input: { version: 1, instruction, organisation }, ask, updateId });
    },
  };
}
