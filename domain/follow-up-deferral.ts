import type { FieldError } from './field-error.ts';
import type { FollowUp } from './follow-up-state.ts';
import type { Turn } from './follow-up-turn.ts';
import { DAY, type Millis } from './instant.ts';
import type { ReplyInput } from './reply-kinds.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { inWords } from './wording.ts';

/** How far past the deadline a deferral may go where the desk set nothing (shared rules of a follow-up, «deferred»). */
export const DEFAULT_DEFERRAL_LIMIT: Millis = DAY;

/**
 * What is wrong with the `until` of a deferral. The limit counts from the deadline that the desk set, not from an earlier
 * deferral: otherwise a task could be put off for ever, a day at a time.
 */
export function deferralProblem(followUp: FollowUp, reply: ReplyInput, turn: Turn): readonly FieldError[] {
  const until = parseRfc3339(reply.until ?? '');
  const pointer = '/until';
  if (until === null)
    return [{ pointer, code: 'format', message: 'Date et heure avec décalage attendues (RFC 3339).' }];
  if (until <= turn.now) return [{ pointer, code: 'past', message: 'La date du report est passée.' }];
  if (followUp.orderedDeadline === null) return [];
  const latest = followUp.orderedDeadline + (turn.context.terms.deferralLimit ?? DEFAULT_DEFERRAL_LIMIT);
  if (until <= latest) return [];
  return [{ pointer, code: 'tooLate', message: `Le report ne peut dépasser le ${inWords(latest)}.` }];
}
