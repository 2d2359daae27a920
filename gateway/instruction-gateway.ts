import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { ReleaseRequest } from '../activities/contract.ts';
import type { Command } from '../domain/events.ts';
import type { InstructionProcess } from '../domain/process.ts';
import type { Supersession } from '../domain/relation.ts';
import {
  COMMAND_UPDATE,
  COORDINATION_QUEUE,
  INSTRUCTION_WORKFLOW,
  PROCESS_QUERY,
  RELEASED_UPDATE,
  REPLY_SIGNAL,
  SUPERSEDED_SIGNAL,
  instructionWorkflowId,
  type CommandAnswer,
  type InstructionInput,
  type ReleasedAnswer,
} from '../workflows/contract.ts';
import { boundedCalls, isEnded, mayFollow } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway } from './connection.ts';
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
  /** Tells it again by whom it is overtaken; told before, it changes nothing: for `npm run reconcile`. @throws as `command` */
  supersede(instruction: string, by: Supersession): Promise<void>;
  /** Has a process followed again whose workflow is gone (a restored Temporal): for `npm run reconcile`. @throws EngineUnavailable */
  resume(process: InstructionProcess): Promise<void>;
}

interface Options {
  /** Workers of tests poll queues of their own. */
  readonly taskQueue?: string;
}

export function instructionGateway(gateway: TemporalGateway, options: Options = {}): InstructionGateway {
  const { client } = gateway;
  const taskQueue = options.taskQueue ?? COORDINATION_QUEUE;
  const handleOf = (workflowId: string) => client.workflow.getHandle(workflowId);
  const { within, update } = boundedCalls(client);
  const start = starter(gateway, taskQueue);

  return {
    release(request) {
      const workflowId = instructionWorkflowId(request.instruction);
      const updateId = randomUUID();
      // A workflow that ends at that very moment (its first asker was refused) takes no Update: the next start does.
      const again = (error: unknown): boolean => mayFollow(error) || isEnded(error);
      return update(workflowId, () => start.releasing(workflowId, request, updateId), again);
    },
    command(instruction, command, updateId = randomUUID()) {
      const workflowId = instructionWorkflowId(instruction);
      const ask = () =>
        handleOf(workflowId).executeUpdate<CommandAnswer, [Command]>(COMMAND_UPDATE, { args: [command], updateId });
      return update(workflowId, ask, mayFollow);
    },
    signalReply(instruction, reply) {
      const workflowId = instructionWorkflowId(instruction);
      return within(workflowId, true, () => handleOf(workflowId).signal<[object]>(REPLY_SIGNAL, reply));
    },
    supersede(instruction, by) {
      const workflowId = instructionWorkflowId(instruction);
      return within(workflowId, true, () => handleOf(workflowId).signal<[Supersession]>(SUPERSEDED_SIGNAL, by));
    },
    process(instruction) {
      const workflowId = instructionWorkflowId(instruction);
      return within(workflowId, false, () => handleOf(workflowId).query<InstructionProcess | null>(PROCESS_QUERY));
    },
    resume(process) {
      const workflowId = instructionWorkflowId(process.instruction);
      return within(workflowId, true, () => start.continuing(workflowId, process));
    },
  };
}

/** The two ways in which a workflow starts: with a release to make, or with the process that another one left. */
function starter(gateway: TemporalGateway, taskQueue: string) {
  const attributes = startAttributes(gateway);
  const optionsOf = async (workflowId: string, input: InstructionInput) => {
    const typedSearchAttributes = await attributes('instruction');
    const found = typedSearchAttributes === undefined ? {} : { typedSearchAttributes };
    return { workflowId, taskQueue, workflowTaskTimeout: TASK_TIMEOUT, args: [input] as [InstructionInput], ...found };
  };
  return {
    async releasing(workflowId: string, request: ReleaseRequest, updateId: string): Promise<ReleasedAnswer> {
      const options = await optionsOf(workflowId, { version: 1, release: request });
      return gateway.client.workflow.executeUpdateWithStart<Instruction, ReleasedAnswer, [ReleaseRequest]>(
        RELEASED_UPDATE,
        {
          args: [request],
          updateId,
          startWorkflowOperation: new WithStartWorkflowOperation(INSTRUCTION_WORKFLOW, {
            ...options,
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        },
      );
    },
    async continuing(workflowId: string, process: InstructionProcess): Promise<void> {
      const options = await optionsOf(workflowId, { version: 1, process });
      await gateway.client.workflow.start<Instruction>(INSTRUCTION_WORKFLOW, {
        ...options,
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    },
  };
}

type Instruction = (input: InstructionInput) => Promise<void>;
