import { nextStep } from '../../../domain/follow-up.ts';
import type { FollowUp } from '../../../domain/follow-up-state.ts';
import { toRfc3339, type Instant } from '../../../domain/instant.ts';
import type { NextStep } from '../../schema.ts';

/** A row of `instruction_recipient` as JSON for `jsonb_to_recordset`; instants as RFC 3339. */
export interface RecipientRow {
  readonly organisation_id: string;
  readonly state: string;
  readonly closed: boolean;
  readonly percent: number | null;
  readonly late: boolean;
  readonly deadline: string | null;
  readonly returns: number;
  readonly ladder_step: number;
  readonly next_step: NextStep | null;
  readonly last_reply: unknown;
  readonly follow_up: FollowUp;
}

const rfc3339OrNull = (instant: Instant | null): string | null => (instant === null ? null : toRfc3339(instant));

/** What screens read of a follow-up, beside the whole record. */
export const recipientRow = (followUp: FollowUp): RecipientRow => ({
  organisation_id: followUp.organisation,
  state: followUp.state,
  closed: followUp.closed,
  percent: followUp.percent,
  late: followUp.late,
  deadline: rfc3339OrNull(followUp.deadline),
  returns: followUp.returns,
  ladder_step: followUp.ladderStep,
  next_step: nextStepOf(followUp),
  last_reply: followUp.lastReply,
  follow_up: followUp,
});

function nextStepOf(followUp: FollowUp): NextStep | null {
  const step = nextStep(followUp);
  return step === null ? null : { ...step, at: toRfc3339(step.at) };
}
