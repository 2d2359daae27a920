import type { FollowUp } from './follow-up-state.ts';
import { toAlertBox, type Turn } from './follow-up-turn.ts';
import type { ReplyInput, ReplyKind } from './reply-kinds.ts';

/** Reading is nobody's work: only these tell colleagues that they need not do it again. */
const TELLING: readonly ReplyKind[] = ['takenInCharge', 'progress', 'done', 'refused', 'deferred'];

/**
 * An answer that changes something, by whatever door, is echoed to the alert box of the organisation («pris en charge par …»),
 * unless it came from there. A newer answer takes the place of an echo that has not left.
 */
export function echoAnswer(before: FollowUp, after: FollowUp, reply: ReplyInput, turn: Turn): void {
  if (turn.context.terms.echoes !== true || !TELLING.includes(reply.kind) || !differs(before, after)) return;
  turn.withdraw('echo');
  if (reply.fromAlertBox === true) return;
  const { kind, percent, comment, until, declared, from, channel, onBehalfBy } = reply;
  turn.plan('echo', toAlertBox(after), {
    kind,
    from,
    channel,
    ...(percent === undefined ? {} : { percent }),
    ...(comment === undefined ? {} : { comment }),
    ...(until === undefined ? {} : { until }),
    ...(declared === undefined ? {} : { declared }),
    ...(onBehalfBy === undefined ? {} : { onBehalf: true }),
  });
}

/** Whether an answer changed what others see of the recipient. */
export const differs = (before: FollowUp, after: FollowUp): boolean =>
  before.state !== after.state ||
  before.percent !== after.percent ||
  before.deadline !== after.deadline ||
  before.declared !== after.declared;
