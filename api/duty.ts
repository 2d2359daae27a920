import { isMailAddress, isPhoneNumber } from '../channels/address.ts';
import type { RosterView } from '../db/read-models/duty.ts';
import { checkRoster, readRoster } from '../domain/duty-check.ts';
import type { Roster } from '../domain/duty.ts';
import type { FieldError } from '../domain/field-error.ts';
import type { Instant } from '../domain/instant.ts';
import { unique } from './plugins/validation.ts';
import { invalid } from './problem.ts';

const addresses = { isMailAddress, isPhoneNumber };

/**
 * A roster as it came, checked as a whole.
 * @param alsoWrong what the schema has found (characters that no database takes)
 * @throws Problem 422 with every wrong field
 */
export function checkedRoster(
  { organisation: id, departments, timeZone }: RosterView,
  raw: unknown,
  { now, alsoWrong }: { readonly now: Instant; readonly alsoWrong: readonly FieldError[] },
): Roster {
  const { roster, errors } = checkRoster(raw, { now, organisation: { id, departments, timeZone }, addresses });
  const all = unique([...errors, ...alsoWrong]);
  if (roster === null || all.length > 0) throw invalid(all);
  return roster;
}

/** The roster of a row; null: none, or one that only a later version reads. */
export function rosterIn(view: RosterView): Roster | null {
  if (view.document === null) return null;
  const { organisation: id, departments, timeZone, document } = view;
  return readRoster(document, { organisation: { id, departments, timeZone }, addresses }).roster;
}
