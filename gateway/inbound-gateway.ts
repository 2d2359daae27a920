import type { MailNotice } from '../domain/mail-notice.ts';
import type { MailSignal } from '../domain/mail-reading.ts';
import {
  COORDINATION_QUEUE,
  INBOUND_WORKFLOW,
  inboundWorkflowId,
  instructionWorkflowId,
  MAIL_SIGNAL,
  type InboundInput,
} from '../workflows/contract.ts';
import { boundedCalls } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway } from './connection.ts';
import { EngineUnavailable, NoSuchWorkflow } from './engine-errors.ts';

export interface StoredMail {
  readonly id: string;
  readonly messageId: string;
}

/** Has stored mails read, and tells of what they say. */
export interface InboundGateway {
  /** Starts `inbound/<hash of the Message-ID>`, or leaves it at work. @throws EngineUnavailable */
  readonly start: (mail: StoredMail) => Promise<void>;
  /**
   * Hands a notice over to its instruction, sealed; the same one twice counts once, by its Message-ID.
   * @returns false when it may not have arrived: Temporal is away, or nobody follows that instruction
   */
  readonly tell: (signal: MailSignal) => Promise<boolean>;
}

export function inboundGateway(
  gateway: TemporalGateway,
  options: { readonly taskQueue?: string } = {},
): InboundGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const { within } = boundedCalls(client);
  return {
    async start({ id, messageId }) {
      const workflowId = inboundWorkflowId(messageId);
      const args: [InboundInput] = [{ version: 1, mail: id }];
      // Ended before, for another mail of the same name: it finds out that this one is a duplicate.
      const policies = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
      await within(workflowId, true, () =>
        client.workflow.start(INBOUND_WORKFLOW, {
          workflowId,
          taskQueue,
          workflowTaskTimeout: TASK_TIMEOUT,
          args,
          ...policies,
        }),
      );
    },
    async tell({ instruction, notice }) {
      const workflowId = instructionWorkflowId(instruction);
      try {
        await within(workflowId, true, () =>
          client.workflow.getHandle(workflowId).signal<[MailNotice]>(MAIL_SIGNAL, notice),
        );
        return true;
      } catch (error) {
        if (error instanceof EngineUnavailable || error instanceof NoSuchWorkflow) return false;
        throw error;
      }
    },
  };
}
