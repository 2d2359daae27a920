import type { Span } from './business-time-spans.ts';
import { overlaps } from './duty-overlaps.ts';
import { gaps } from './duty-shifts.ts';
import { gapInWords, overlapInWords } from './duty-words.ts';
import type { Roster } from './duty.ts';
import type { FieldError } from './field-error.ts';
import { DAY, type Instant, type Millis } from './instant.ts';
import { inWords } from './wording.ts';

/** How far ahead a roster is looked at: two months, so that a gap is known before the next monthly planning. */
export const WARNED_AHEAD: Millis = 60 * DAY;

/** More than these of one kind are counted, not named: a roster of nights only has one gap a day. */
export const WARNINGS_LIMIT = 20;

/** What is accepted all the same, and should be looked at. */
export interface RosterWarning extends FieldError, Span {
  readonly code: 'gap' | 'overlap';
}

/** Gaps and overlaps of the `WARNED_AHEAD` to come, each named in French with its dates in the roster's zone. */
export function rosterWarnings(roster: Roster, now: Instant): RosterWarning[] {
  const end = now + WARNED_AHEAD;
  const { timeZone } = roster.territory;
  const found = gaps(roster, now, end).map((gap): RosterWarning => ({
    ...gap,
    pointer: '',
    code: 'gap',
    message: gapInWords(gap, end, timeZone),
  }));
  const doubled = overlaps(roster, now, end).map((overlap): RosterWarning => {
    const { from, to, pointer } = overlap;
    return { from, to, pointer, code: 'overlap', message: overlapInWords(overlap, roster) };
  });
  const until = inWords(end, timeZone);
  return [
    ...shortened(
      found,
      (count) => `${count} ${count > 1 ? 'autres périodes' : 'autre période'} sans astreinte jusqu’au ${until}.`,
    ),
    ...shortened(
      doubled,
      (count) => `${count} ${count > 1 ? 'autres chevauchements' : 'autre chevauchement'} jusqu’au ${until}.`,
    ),
  ];
}

function shortened(warnings: readonly RosterWarning[], words: (count: number) => string): RosterWarning[] {
  const [named, rest] = [warnings.slice(0, WARNINGS_LIMIT), warnings.slice(WARNINGS_LIMIT)];
  const [first] = rest;
  if (first === undefined) return named;
  const to = rest.reduce((latest, one) => Math.max(latest, one.to), first.to);
  return [...named, { ...first, to, pointer: '', message: words(rest.length) }];
}
