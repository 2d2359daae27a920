import type { RosterDocument } from '../../domain/duty-document.ts';
import type { Sql } from '../database.ts';

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
