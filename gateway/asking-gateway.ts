import { WithStartWorkflowOperation } from '@temporalio/client';
import { boundedCalls, isEnded, mayFollow } from './bounded-calls.ts';
import { TASK_TIMEOUT, type TemporalGateway } from './connection.ts';

interface Asking<Input, Ask> {
  readonly workflowId: string;
  /** Of the workflow, where it is started. */
  readonly input: Input;
  readonly ask: Ask;
  /** Asked twice with the same one: done once. */
  readonly updateId: string;
}

export interface AskingGateway<Input, Ask, Answer> {
  /** Asks by an Update of a workflow that is started for it, or found. @throws EngineUnavailable */
  readonly ask: (asking: Asking<Input, Ask>) => Promise<Answer>;
  /** Has a workflow go on that is gone (a restored Temporal), or finds it. @throws EngineUnavailable */
  readonly resume: (workflowId: string, input: Input) => Promise<void>;
}

export function askingGateway<Input, Ask, Answer>(
  { client }: TemporalGateway,
  kind: { readonly taskQueue: string; readonly workflowType: string; readonly update: string },
): AskingGateway<Input, Ask, Answer> {
  type Workflow = (input: Input) => Promise<void>;
  const { update, within } = boundedCalls(client);
  const optionsOf = (workflowId: string, input: Input) => ({
    workflowId,
    taskQueue: kind.taskQueue,
    args: [input] as [Input],
    workflowTaskTimeout: TASK_TIMEOUT,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
  });
  return {
    ask({ workflowId, input, ask, updateId }) {
      const call = () =>
        client.workflow.executeUpdateWithStart<Workflow, Answer, [Ask]>(kind.update, {
          args: [ask],
          updateId,
          startWorkflowOperation: new WithStartWorkflowOperation(kind.workflowType, optionsOf(workflowId, input)),
        });
      // A workflow that ends at that very moment takes no Update: the next start does.
      return update(workflowId, call, (error) => mayFollow(error) || isEnded(error));
    },
    resume: (workflowId, input) =>
      within(workflowId, true, async () => {
        await client.workflow.start<Workflow>(kind.workflowType, optionsOf(workflowId, input));
      }),
  };
}
