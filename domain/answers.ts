import type { FieldError } from './field-error.ts';
import type { FollowUp } from './follow-up-state.ts';

export const REFUSAL_CODES = ['closed', 'notAllowed', 'ended', 'invalid', 'notRecipient', 'duplicate'] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why a command was not taken: the state does not allow it (409), its content is wrong (422), nobody of that name (404). */
export interface Refusal {
  readonly code: RefusalCode;
  /** French, for a person; says the state and what is allowed. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** What became of a command: the follow-ups it touched, as recorded, or why it was refused. `replayed`: counted before. */
export type CommandAnswer =
  | { readonly accepted: true; readonly followUps: readonly FollowUp[]; readonly replayed: boolean }
  | { readonly accepted: false; readonly refusal: Refusal };
