import type { FieldError } from './field-error.ts';
import { DAY, HOUR, MINUTE, type Instant, type Millis } from './instant.ts';
import { DEADLINE_CLASSES, type DeadlineClass } from './instruction.ts';
import { parseRfc3339 } from './rfc3339.ts';

/** From sending to the deadline. «DEL0» is «without delay»: 15 minutes (shared rules of a follow-up, «Ladder»). */
const SPANS: Readonly<Record<DeadlineClass, Millis>> = {
  DEL0: 15 * MINUTE,
  '30M': 30 * MINUTE,
  '1H': HOUR,
  '2H': 2 * HOUR,
  '4H': 4 * HOUR,
  '8H': 8 * HOUR,
  '12H': 12 * HOUR,
  '24H': 24 * HOUR,
};

export const spanOf = (deadlineClass: DeadlineClass): Millis => SPANS[deadlineClass];

export const isDeadlineClass = (text: string): text is DeadlineClass =>
  (DEADLINE_CLASSES as readonly string[]).includes(text);

/**
 * The absolute deadline that a draft's `deadline` means if it left at `now`; null where there is none.
 * @throws RangeError when the text is neither a class nor RFC 3339 (`checkDraft` has refused it before)
 */
export function deadlineAt(deadline: string | null, now: Instant): Instant | null {
  if (deadline === null) return null;
  if (isDeadlineClass(deadline)) return now + spanOf(deadline);
  const instant = parseRfc3339(deadline);
  if (instant === null) throw new RangeError('a deadline is a class or RFC 3339');
  return instant;
}

/** An instruction of more than a year is a mistake of typing. */
export const FARTHEST_DEADLINE: Millis = 366 * DAY;

/** What is wrong with a new deadline set at `now`. */
export function deadlineErrors(deadline: Instant, now: Instant): readonly FieldError[] {
  const pointer = '/deadline';
  if (deadline <= now) return [{ pointer, code: 'past', message: 'L’échéance est passée.' }];
  if (deadline <= now + FARTHEST_DEADLINE) return [];
  return [{ pointer, code: 'tooLate', message: 'L’échéance est à plus d’un an.' }];
}
