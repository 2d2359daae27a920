import type { LocalDate, LocalTime, Weekday } from './business-time-local.ts';
import type { Span } from './business-time-spans.ts';
import type { CivilTerritory, DailyHours } from './business-time.ts';
import type { Instant, Millis } from './instant.ts';
import type { OrganisationId } from './instruction.ts';

/** Someone who may be on duty; `key` is how the roster names the person. A mail address or a number, or both. */
export interface DutyPerson {
  readonly key: string;
  readonly name: string;
  readonly mail: string | null;
  /** E.164. */
  readonly phone: string | null;
}

/** Persons who take turns, in the order of `people`, from `startsOn` at `handOver`. */
export interface Rotation {
  /**
   * Length of a turn on the clock on the wall, in whole hours: a turn of a day is 23 or 25 h long when the clock changes, and the
   * hand-over stays at its local hour.
   */
  readonly every: Millis;
  /** Local hour of the first hand-over, and of each one where `every` is whole days. */
  readonly handOver: LocalTime;
  /** Turns of whole weeks only: hand over on this day; the first turn is then shorter. Null: the day of `startsOn`. */
  readonly weekday: Weekday | null;
  readonly startsOn: LocalDate;
  /** The last person hands over to nobody on this day, at `handOver`; null: never. */
  readonly endsOn: LocalDate | null;
  /** Keys; the same may come several times. */
  readonly people: readonly string[];
  /** On duty within these hours only (nights, week ends, holidays); null: always. */
  readonly hours: readonly DailyHours[] | null;
}

/** One person at a time. Where two rotations overlap the one named first holds. */
export interface Layer {
  readonly name: string;
  readonly rotations: readonly Rotation[];
}

/** A swap or an absence. It wins over the rotations, and over the overrides named before it. */
export interface Override extends Span {
  /** Null (only with `replaces`): whatever the layer. */
  readonly layer: string | null;
  /** Only the shifts of this person are touched; null: the whole period, whoever is on duty, or nobody. */
  readonly replaces: string | null;
  /** Null: nobody. */
  readonly person: string | null;
  readonly reason: string | null;
}

/** Who is on call for an organisation, and when. Layers in the order in which they are called. */
export interface Roster {
  readonly organisation: OrganisationId;
  readonly territory: CivilTerritory;
  /** When somebody must be on duty; null: always. */
  readonly coverage: readonly DailyHours[] | null;
  readonly people: readonly DutyPerson[];
  readonly layers: readonly Layer[];
  readonly overrides: readonly Override[];
}

export type ShiftSource = 'rotation' | 'override';

/** One person's uninterrupted time in one layer. */
export interface Shift extends Span {
  readonly layer: string;
  readonly person: DutyPerson;
  readonly source: ShiftSource;
}

/** Someone on duty at an instant. */
export interface Duty {
  readonly layer: string;
  readonly person: DutyPerson;
  readonly since: Instant;
  readonly until: Instant;
  readonly source: ShiftSource;
}
