import type { TaskChange, TaskKind } from './changes.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { InstructionProcess } from './process.ts';

/** What persons have still to do, from the state alone: for a database that has lost the turns which opened it. */
export const openTasksOf = (process: InstructionProcess): TaskChange[] =>
  process.followUps.flatMap((followUp) =>
    owed(followUp, process).map(([kind, step]) => ({ kind, organisation: followUp.organisation, step, open: true })),
  );

type Owed = readonly (readonly [TaskKind, number])[];

function owed(followUp: FollowUp, { supersededBy, endedAt }: InstructionProcess): Owed {
  const { state, closed, steps, supports } = followUp;
  // A call for support outlives its instruction (ADR 0028).
  const support = supports?.open ?? [];
  const refused = state === 'refused' && supersededBy === undefined && endedAt === undefined;
  const calls = steps.filter(({ channel, status }) => !closed && channel === 'call' && status === 'planned');
  return [
    ...support.map((number) => ['support', number] as const),
    ...(refused ? [['refused', 0] as const] : []),
    ...(state === 'unreachable' && !closed ? [['unreachable', 0] as const] : []),
    ...(state === 'done' && !closed ? [['acceptance', 0] as const] : []),
    ...calls.map(({ number }) => ['call', number] as const),
  ];
}
