import { deadlineAt, isDeadlineClass, spanOf } from './deadline.ts';
import type { NormalDraft } from './draft.ts';
import { parseDuration } from './duration.ts';
import { SECOND, type Instant, type Millis } from './instant.ts';
import type { LadderStep, Terms } from './instruction.ts';
import { defaultLadder } from './ladder.ts';

/** Long enough for the answers of an hour of stress to share one sending, short enough that no colleague begins meanwhile. */
const ECHOES_WITHIN: Millis = 3 * SECOND;

/**
 * What a checked draft asks if it is released at `now`: fixed for the life of the instruction.
 * @throws RangeError when the draft has not passed `checkDraft`
 */
export function termsOf(draft: NormalDraft, now: Instant): Terms {
  const { deadline } = draft;
  const span = deadline !== null && isDeadlineClass(deadline) ? spanOf(deadline) : null;
  return {
    nature: draft.nature,
    exercise: draft.exercise,
    span,
    deadline: span === null ? deadlineAt(deadline, now) : null,
    acknowledgeWithin: millis(draft.acknowledgeWithin),
    acceptance: draft.acceptance,
    evidence: draft.evidence,
    takenInChargeExpires: millis(draft.takenInChargeExpires),
    deferralLimit: millis(draft.deferralLimit),
    ladder: draft.nature === 'information' ? [] : ladderOf(draft, now),
    echoes: true,
    echoesWithin: ECHOES_WITHIN,
  };
}

/** The deadline of every recipient as far as it is known at release: absolute, or counted from the release. */
export const firstDeadline = (terms: Terms, releasedAt: Instant): Instant | null =>
  terms.span === null ? terms.deadline : releasedAt + terms.span;

function ladderOf(draft: NormalDraft, now: Instant): readonly LadderStep[] {
  if (draft.ladder !== null) {
    return draft.ladder.map(({ after, target, channel }) => ({ after: millis(after) ?? 0, target, channel }));
  }
  const deadline = deadlineAt(draft.deadline, now);
  if (deadline === null) return [];
  return defaultLadder(deadline - now).map(({ after, target, channel }) => ({ after, target, channel }));
}

function millis(text: string | null): Millis | null {
  if (text === null) return null;
  const value = parseDuration(text);
  if (value === null) throw new RangeError('not an ISO 8601 duration of fixed length');
  return value;
}
