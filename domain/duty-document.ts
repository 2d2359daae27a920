import type { DutyPerson, Roster, Rotation } from './duty.ts';
import type { DailyHours } from './business-time.ts';
import type { Calendar } from './holidays.ts';
import { DAY, HOUR, toRfc3339, type Millis } from './instant.ts';

/** A roster as it is stored, shown and sent back: what `checkRoster` takes. Times are RFC 3339, lengths ISO 8601. */
export interface RosterDocument {
  readonly calendar: Calendar;
  readonly coverage: readonly DailyHours[] | null;
  readonly people: readonly DutyPerson[];
  readonly layers: readonly {
    readonly name: string;
    readonly rotations: readonly (Omit<Rotation, 'every'> & { readonly every: string })[];
  }[];
  readonly overrides: readonly {
    readonly layer: string | null;
    readonly replaces: string | null;
    readonly person: string | null;
    readonly from: string;
    readonly to: string;
    readonly reason: string | null;
  }[];
}

/** The document of a roster; `checkRoster` makes the same roster of it. */
export const rosterDocument = ({ territory, coverage, people, layers, overrides }: Roster): RosterDocument => ({
  calendar: territory.calendar,
  coverage,
  people,
  layers: layers.map(({ name, rotations }) => ({
    name,
    rotations: rotations.map((rotation) => ({ ...rotation, every: lengthInIso(rotation.every) })),
  })),
  overrides: overrides.map((one) => ({ ...one, from: toRfc3339(one.from), to: toRfc3339(one.to) })),
});

/** ISO 8601 of whole hours, in the largest unit that fits. */
function lengthInIso(every: Millis): string {
  if (every % (7 * DAY) === 0) return `P${every / (7 * DAY)}W`;
  return every % DAY === 0 ? `P${every / DAY}D` : `PT${every / HOUR}H`;
}
