import type { ReleaseRefusal, ReleaseRequest } from '../activities/contract.ts';
export type { Command } from '../domain/events.ts';
import type { FollowUp } from '../domain/follow-up-state.ts';
import type { InstructionProcess } from '../domain/process.ts';
import type { FieldError } from '../domain/field-error.ts';

/** Two queues, so that a mailing of 100 000 never delays an instruction. */
export const COORDINATION_QUEUE = 'coordination';
export const DISPATCH_QUEUE = 'dispatch';

export const INSTRUCTION_WORKFLOW = 'instruction';
export const instructionWorkflowId = (id: string): string => `instruction/${id}`;

/** A fresh start brings the release to make; a continuation brings the process whole and what was not yet done. */
export type InstructionInput =
  | { readonly version: 1; readonly release: ReleaseRequest }
  | { readonly version: 1; readonly process: InstructionProcess };

/** Signal `reply`: the body of the reply route, plus `organisation`, `from`, `messageId`; from anyone, so anything. */
export const REPLY_SIGNAL = 'reply';
/** Update `released`: answers once the release is committed or refused. */
export const RELEASED_UPDATE = 'released';
/** Update `command`: one `Command` (below); answers when its change is recorded. */
export const COMMAND_UPDATE = 'command';
/** Query `process`: the whole process, for `npm run reconcile`. */
export const PROCESS_QUERY = 'process';

export type ReleasedAnswer = { readonly released: true; readonly number: string } | ReleaseRefusal;

/** Why a command was not taken: the state does not allow it (409), or its content is wrong (422). */
export interface Refusal {
  readonly code: 'closed' | 'notAllowed' | 'ended' | 'invalid' | 'notRecipient' | 'duplicate';
  /** French, for a person; says the state and what is allowed. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export type CommandAnswer =
  | { readonly accepted: true; readonly followUps: readonly FollowUp[]; readonly replayed: boolean }
  | { readonly accepted: false; readonly refusal: Refusal };
