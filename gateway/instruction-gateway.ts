import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { ReleaseRequest } from '../activities/contract.ts';
import type { Command } from '../domain/events.ts';
import type { InstructionProcess } from '../domain/process.ts';
import {
  COMMAND_UPDATE,
  COORDINATION_QUEUE,
  INSTRUCTION_WORKFLOW,
  PROCESS_QUERY,
  RELEASED_UPDATE,
  REPLY_SIGNAL,
  instructionWorkflowId,
  type CommandAnswer,
  type InstructionInput,
  type ReleasedAnswer,
} from '../workflows/contract.ts';
import { CALL_TIMEOUT_MS, UPDATE_TIMEOUT_MS, type TemporalGateway } from './connection.ts';
import { engineError, isTimeout, NoSuchWorkflow } from './engine-errors.ts';
import { startAttributes } from './search-attributes.ts';

/** Everything that may be asked of instructions in progress. Every call ends within 3 s. */
export interface InstructionGateway {
  /**
   * Starts the workflow, or finds it, and waits for the release to be committed or refused.
   * Asked by several at once: one number for all.
   * @throws EngineUnavailable
   */
  release(request: ReleaseRequest): Promise<ReleasedAnswer>;
  /**
   * Has a command carried out and recorded.
   * @param updateId asked twice with the same one: carried out once
   * @throws NoSuchWorkflow (never released, or ended 72 h after its closing), EngineUnavailable
   */
  command(instruction: string, command: Command, updateId?: string): Promise<CommandAnswer>;
  /** Hands a reply over without waiting for its effect; sealed, unlike the CLI's. @throws as `command` */
  signalReply(instruction: string, reply: object): Promise<void>;
  /** The whole process; null before its release is committed. @throws as `command` */
  process(instruction: string): Promise<InstructionProcess | null>;
}

interface Options {
  /** Workers of tests poll queues of their own. */
  readonly taskQueue?: string;
}

export function instructionGateway(gateway: TemporalGateway, options: Options = {}): InstructionGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const attributes = startAttributes(gateway);

  const within = async <T>(ms: number, workflowId: string, changes: boolean, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, call);
    } catch (error) {
      throw engineError(error, workflowId, changes);
    }
  };

  const startAndAsk = async (workflowId: string, request: ReleaseRequest): Promise<ReleasedAnswer> => {
    const input: InstructionInput = { version: 1, release: request };
    const typedSearchAttributes = await attributes('instruction');
    return client.workflow.executeUpdateWithStart<() => Promise<void>, ReleasedAnswer, [ReleaseRequest]>(
      RELEASED_UPDATE,
      {
        args: [request],
        startWorkflowOperation: new WithStartWorkflowOperation(INSTRUCTION_WORKFLOW, {
          workflowId,
          taskQueue,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          ...(typedSearchAttributes === undefined ? {} : { typedSearchAttributes }),
        }),
      },
    );
  };

  return {
    release(request) {
      const workflowId = instructionWorkflowId(request.instruction);
      return within(UPDATE_TIMEOUT_MS, workflowId, true, () =>
        // A workflow that ends at that very moment (its first asker was refused) takes no Update: the next start does.
        againIf(isEnded, () => startAndAsk(workflowId, request)),
      );
    },
    command(instruction, command, updateId = randomUUID()) {
      const workflowId = instructionWorkflowId(instruction);
      const ask = () =>
        client.workflow
          .getHandle(workflowId)
          .executeUpdate<CommandAnswer, [Command]>(COMMAND_UPDATE, { args: [command], updateId });
      // An Update that meets a continue-as-new hangs in the server until its deadline: asked again by the same id.
      return within(UPDATE_TIMEOUT_MS, workflowId, true, () =>
        againIf(isTimeout, ask, () => client.withDeadline(Date.now() + UPDATE_TIMEOUT_MS / 2, ask)),
      );
    },
    signalReply(instruction, reply) {
      const workflowId = instructionWorkflowId(instruction);
      return within(CALL_TIMEOUT_MS, workflowId, true, () =>
        client.workflow.getHandle(workflowId).signal<[object]>(REPLY_SIGNAL, reply),
      );
    },
    process(instruction) {
      const workflowId = instructionWorkflowId(instruction);
      return within(CALL_TIMEOUT_MS, workflowId, false, () =>
        client.workflow.getHandle(workflowId).query<InstructionProcess | null>(PROCESS_QUERY),
      );
    },
  };
}

/** Tries `first` (default: the same as `again`), and once `again` when the error calls for it. */
async function againIf<T>(
  callsForIt: (error: unknown) => boolean,
  again: () => Promise<T>,
  first: () => Promise<T> = again,
): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (!callsForIt(error)) throw error;
    return again();
  }
}

const isEnded = (error: unknown): boolean => engineError(error, '', true) instanceof NoSuchWorkflow;
