import type { RosterDocument } from '../../domain/duty-document.ts';
import { onDuty } from '../../domain/duty-shifts.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Sql } from '../database.ts';
import { rosterOf } from '../stores/duty-roster.ts';

export interface RosterView {
  readonly organisation: string;
  readonly departments: readonly string[];
  readonly timeZone: string;
  /** 0 before the first roster. */
  readonly version: number;
  /** Null: none; its directory's contact is on call. */
  readonly document: RosterDocument | null;
}

/** The roster of an organisation, with its clock; undefined when there is no such organisation. */
export async function readRoster(db: Sql, organisation: string): Promise<RosterView | undefined> {
  const row = await db
    .selectFrom('organisation as o')
    .leftJoin('duty_roster as r', 'r.organisation_id', 'o.id')
    .select(['o.id', 'o.departments', 'o.time_zone', 'r.version', 'r.document'])
    .where('o.id', '=', organisation)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, departments, time_zone, version, document } = row;
  return { organisation: id, departments, timeZone: time_zone, version: version ?? 0, document };
}

/** The number of the first on duty who has one, of those of these organisations that have a roster. */
export async function telephonesOnDuty(
  db: Sql,
  organisations: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, string>> {
  if (organisations.length === 0) return new Map();
  const rows = await db
    .selectFrom('duty_roster as r')
    .innerJoin('organisation as o', 'o.id', 'r.organisation_id')
    .select(['o.id as organisation', 'o.time_zone as timeZone', 'r.document'])
    .where('o.id', 'in', organisations)
    .execute();
  const found = rows.flatMap(({ document, ...place }) => {
    const roster = document === null ? null : rosterOf({ ...place, document });
    const phone = roster === null ? null : onDuty(roster, at).find(({ person }) => person.phone !== null)?.person.phone;
    return phone === null || phone === undefined ? [] : [[place.organisation, phone] as const];
  });
  return new Map(found);
}
