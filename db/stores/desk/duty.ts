import type { KeyRing } from '../../../config/keys.ts';
import type { RosterDocument } from '../../../domain/duty-document.ts';
import type { Actor } from '../../../domain/events.ts';
import type { Database } from '../../database.ts';
import { appendAudit, organisationSubject } from '../audit.ts';

export interface RosterChange {
  readonly organisation: string;
  /** Null: the organisation keeps no roster any more. */
  readonly document: RosterDocument | null;
  /** The version that the writer read; null when he did not say. */
  readonly version: number | null;
  readonly by: Actor;
  readonly now: number;
}

/**
 * Replaces the roster of one organisation. Before the first its version is 0.
 * @returns the new version, or null when the version read is not the last one
 */
export function replaceRoster(database: Database, keys: KeyRing, change: RosterChange): Promise<number | null> {
  const { organisation, document, by, now } = change;
  return database.sql.transaction().execute(async (trx) => {
    const place = trx.selectFrom('organisation').select('id').where('id', '=', organisation).forUpdate();
    await place.executeTakeFirstOrThrow(); // two first rosters at once take turns
    const before = await trx
      .selectFrom('duty_roster')
      .select('version')
      .where('organisation_id', '=', organisation)
      .executeTakeFirst();
    const current = before?.version ?? 0;
    if (change.version !== null && change.version !== current) return null;
    const row = {
      version: current + 1,
      document: document === null ? null : JSON.stringify(document),
      updated_at: new Date(now),
      updated_by: by.sub,
    };
    await trx
      .insertInto('duty_roster')
      .values({ organisation_id: organisation, ...row })
      .onConflict((conflict) => conflict.column('organisation_id').doUpdateSet(row))
      .execute();
    const data = { version: row.version, ...(document === null ? { removed: true } : { document }) };
    await appendAudit(trx, keys, organisationSubject(organisation), [
      { at: now, kind: 'dutyChanged', organisation, actor: by, data },
    ]);
    return row.version;
  });
}
