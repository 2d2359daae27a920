import type { PlannedDelivery } from './changes.ts';
import { applyDue } from './follow-up-clock.ts';
import { applyAccept, applyCall, applyEnd, applyMove, applyReturn } from './follow-up-commands.ts';
import { applyReport } from './follow-up-delivery.ts';
import { applyMail, isMailEvent } from './follow-up-mails.ts';
import { freshSteps, nextWaiting, notBefore, stepDue } from './follow-up-ladder.ts';
import { applyReply } from './follow-up-replies.ts';
import type { FollowUp } from './follow-up-state.ts';
import { applySupport, isSupportEvent } from './follow-up-support.ts';
import {
  isRefusal,
  openTurn,
  type Applied,
  type Decision,
  type FollowUpContext,
  type FollowUpEvent,
  type Turn,
} from './follow-up-turn.ts';
import type { Instant } from './instant.ts';
import type { Channel, LadderTarget, OrganisationId, Terms } from './instruction.ts';
import { firstDeadline } from './terms.ts';

export { nextDue } from './follow-up-clock.ts';
export type { Applied, Effects, FollowUpContext, FollowUpEvent } from './follow-up-turn.ts';

/** The follow-up of a recipient at release: its first mail is planned, nothing counts yet. */
export function newFollowUp(organisation: OrganisationId, terms: Terms, releasedAt: Instant): FollowUp {
  const deadline = firstDeadline(terms, releasedAt);
  return {
    organisation,
    state: 'pending',
    closed: false,
    percent: null,
    late: false,
    deadline,
    orderedDeadline: deadline,
    span: terms.span ?? (deadline === null ? null : deadline - releasedAt),
    sentAt: null,
    acknowledgedAt: null,
    acknowledgeAwaited: terms.acknowledgeWithin !== null,
    acknowledgeBy: null,
    returns: 0,
    round: 0,
    ladderFrom: null,
    ladderStep: 0,
    steps: freshSteps(terms.ladder),
    pausedUntil: null,
    hastenedAt: null,
    doneAt: null,
    acceptanceReminderAt: null,
    lastReply: null,
  };
}

/** The first mail to a recipient, planned at release: to its alert box. */
export const firstDelivery = (organisation: OrganisationId): PlannedDelivery => ({
  organisation,
  purpose: 'instruction',
  target: 'alertBox',
  channel: 'mail',
  step: 0,
  round: 0,
  detail: {},
});

/**
 * One event upon one follow-up at `now` (the workflow's clock): the follow-up after it and what is to be recorded and sent,
 * or why it was refused. Pure: the same in, the same out, nothing changed in place.
 */
export function apply(followUp: FollowUp, event: FollowUpEvent, now: Instant, context: FollowUpContext): Applied {
  const { turn, effects } = openTurn(followUp.organisation, now, context);
  const decision = decide(followUp, event, turn);
  return isRefusal(decision) ? decision : { followUp: decision, effects };
}

function decide(followUp: FollowUp, event: FollowUpEvent, turn: Turn): Decision {
  if (isMailEvent(event)) return applyMail(followUp, event, turn);
  if (isSupportEvent(event)) return applySupport(followUp, event, turn);
  switch (event.kind) {
    case 'reply':
      return applyReply(followUp, event.reply, turn);
    case 'return':
      return applyReturn(followUp, event, turn);
    case 'accept':
      return applyAccept(followUp, event, turn);
    case 'close':
    case 'cancel':
      return applyEnd(followUp, event, turn);
    case 'moveDeadline':
      return applyMove(followUp, event, turn);
    case 'recordCall':
      return applyCall(followUp, event, turn);
    case 'report':
      return applyReport(followUp, event.report, turn);
    case 'due':
      return applyDue(followUp, turn);
  }
}

/** The step that the ladder does next if nothing comes, or null. A paused ladder goes on when its pause ends. */
export function nextStep(
  followUp: FollowUp,
): { readonly target: LadderTarget; readonly channel: Channel; readonly at: Instant } | null {
  const resumed = followUp.closed || followUp.state === 'done' ? null : followUp.pausedUntil;
  const step = followUp.state === 'deferred' && resumed !== null ? followUp.steps[0] : nextWaiting(followUp);
  const at = resumed === null ? stepDue(followUp) : notBefore(followUp, resumed);
  return step === undefined || at === null ? null : { target: step.target, channel: step.channel, at };
}
