import { COORDINATION_QUEUE, INBOUND_WORKFLOW, inboundWorkflowId, type InboundInput } from '../workflows/contract.ts';
import { CALL_TIMEOUT_MS, TASK_TIMEOUT, type TemporalGateway } from './connection.ts';
import { engineError } from './engine-errors.ts';

export interface StoredMail {
  readonly id: string;
  readonly messageId: string;
}

/** Has stored mails read. */
export interface InboundGateway {
  /** Starts `inbound/<hash of the Message-ID>`, or leaves it at work. @throws EngineUnavailable */
  start(mail: StoredMail): Promise<void>;
}

export function inboundGateway(
  gateway: TemporalGateway,
  options: { readonly taskQueue?: string } = {},
): InboundGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  return {
    async start({ id, messageId }) {
      const workflowId = inboundWorkflowId(messageId);
      const args: [InboundInput] = [{ version: 1, mail: id }];
      // Ended before, for another mail of the same name: it finds out that this one is a duplicate.
      const policies = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
      try {
        await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
          client.workflow.start(INBOUND_WORKFLOW, {
            workflowId,
            taskQueue,
            workflowTaskTimeout: TASK_TIMEOUT,
            args,
            ...policies,
          }),
        );
      } catch (error) {
        throw engineError(error, workflowId, true);
      }
    },
  };
}
