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

/** Asks by an Update of a workflow that is started for it, or found. @throws EngineUnavailable */
export function askingGateway<Input, Ask, Answer>(
  { client }: TemporalGateway,
  kind: { readonly taskQueue: string; readonly workflowType: string; readonly update: string },
): (asking: Asking<Input, Ask>) => Promise<Answer> {
  const { update } = boundedCalls(client);
  return ({ workflowId, input, ask, updateId }) => {
    const call = () =>
      client.workflow.executeUpdateWithStart<(input: Input) => Promise<void>, Answer, [Ask]>(kind.update, {
        args: [ask],
        updateId,
        startWorkflowOperation: new WithStartWorkflowOperation(kind.workflowType, {
          workflowId,
          taskQueue: kind.taskQueue,
          args: [input] as [Input],
          workflowTaskTimeout: TASK_TIMEOUT,
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      });
    // A workflow that ends at that very moment takes no Update: the next start does.
    return update(workflowId, call, (error) => mayFollow(error) || isEnded(error));
  };
}
