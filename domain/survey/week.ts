import { DateTime } from 'luxon';
import type { Instant } from '../instant.ts';
import { PARIS } from '../wording.ts';

/** A week of ISO 8601 on the walls of Paris. */
export interface Week {
  /** `2026-W48` */
  readonly week: string;
  readonly from: Instant;
  /** Its end, which is no more of it. */
  readonly until: Instant;
}

/** The week that a text names; null when it names none. */
export function weekNamed(text: string): Week | null {
  if (!/^\d{4}-W\d{2}$/.test(text)) return null;
  const start = DateTime.fromISO(text, { zone: PARIS });
  return start.isValid ? { week: text, from: start.toMillis(), until: start.plus({ weeks: 1 }).toMillis() } : null;
}

/** The week of an instant. */
export function weekOf(instant: Instant): Week {
  const start = DateTime.fromMillis(instant, { zone: PARIS }).startOf('week');
  return { week: start.toFormat("kkkk-'W'WW"), from: start.toMillis(), until: start.plus({ weeks: 1 }).toMillis() };
}
