import { FARTHEST_DEADLINE } from '../deadline.ts';
import { parseDuration } from '../duration.ts';
import type { FieldError } from '../field-error.ts';
import type { Instant } from '../instant.ts';
import { type AskedCalendar, meantInstant, namedInstant, remindersOf } from './campaign-calendar.ts';

const MOMENT =
  'Écrivez une date et une heure (« 2026-12-01T18:00 », heure de Paris, ou RFC 3339) ou une durée (« P2D »).';
const OPENING = 'Écrivez une date et une heure (« 2026-12-01T08:00 », heure de Paris, ou RFC 3339).';
const DURATION = 'Écrivez une durée ISO 8601 (« PT2H », « P1D »).';

type Fail = (pointer: string, code: string, message: string) => void;

/** All that is wrong with the calendar of a campaign that would be opened at `now`. */
export function calendarErrors(asked: AskedCalendar, now: Instant): readonly FieldError[] {
  const errors: FieldError[] = [];
  const fail: Fail = (pointer, code, message) => errors.push({ pointer, code, message });
  const opensAt = openingOf(asked, now, fail);
  asked.remindBefore.forEach((text, index) => {
    if ((parseDuration(text) ?? 0) <= 0) fail(`/remindBefore/${index}`, 'format', DURATION);
  });
  const closesAt = opensAt === null ? null : meantInstant(asked.closesAt, opensAt);
  if (closesAt === null) {
    if (opensAt !== null || meantInstant(asked.closesAt, now) === null) fail('/closesAt', 'format', MOMENT);
    return errors;
  }
  if (opensAt !== null) closingErrors(asked, { opensAt, closesAt, now }, fail);
  return errors;
}

function openingOf({ opensAt }: AskedCalendar, now: Instant, fail: Fail): Instant | null {
  if (opensAt === null) return now;
  const found = namedInstant(opensAt);
  if (found === null) fail('/opensAt', 'format', OPENING);
  else if (found > now + FARTHEST_DEADLINE) fail('/opensAt', 'tooLate', 'L’ouverture est à plus d’un an.');
  return found === null ? null : Math.max(found, now);
}

interface Frame {
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly now: Instant;
}

function closingErrors(asked: AskedCalendar, { opensAt, closesAt, now }: Frame, fail: Fail): void {
  if (closesAt <= now) fail('/closesAt', 'past', 'La clôture est passée.');
  else if (closesAt <= opensAt) fail('/closesAt', 'order', 'La clôture vient après l’ouverture.');
  else if (closesAt > opensAt + FARTHEST_DEADLINE) fail('/closesAt', 'tooLate', 'La clôture est à plus d’un an.');
  asked.remindBefore.forEach((text, index) => {
    const calendar = { opensAt, closesAt, remindBefore: [text], validateUntil: null, acceptUntil: null };
    const early = remindersOf(calendar).some(({ at }) => at <= opensAt);
    if (early) fail(`/remindBefore/${index}`, 'order', 'Cette relance tomberait avant l’ouverture.');
  });
  const validation = afterClosing('/validateUntil', asked.validateUntil, closesAt, fail);
  const acceptance = afterClosing('/acceptUntil', asked.acceptUntil, closesAt, fail);
  if (validation !== null && acceptance !== null && acceptance < validation)
    fail('/acceptUntil', 'order', 'L’acceptation nationale vient après la validation.');
}

function afterClosing(pointer: string, text: string | null, closesAt: Instant, fail: Fail): Instant | null {
  if (text === null) return null;
  const found = meantInstant(text, closesAt);
  if (found === null) fail(pointer, 'format', MOMENT);
  else if (found <= closesAt) fail(pointer, 'order', 'Ce terme vient après la clôture.');
  else if (found > closesAt + FARTHEST_DEADLINE) fail(pointer, 'tooLate', 'Ce terme est à plus d’un an de la clôture.');
  return found;
}
