import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Database } from '../../database.ts';
import { appendAudit, surveySeriesSubject } from '../audit.ts';

interface Noting {
  readonly series: string;
  readonly opening: string;
  readonly comment: string;
  readonly by: Actor;
  readonly now: number;
}

/** A person has taken note of an opening that was refused: its task is closed. @returns false when there is no such opening; where nothing waits any more nothing changes */
export function noteOpening(database: Database, keys: KeyRing, noting: Noting): Promise<boolean> {
  const { series, opening, comment, by, now } = noting;
  return database.sql.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('survey_series_opening')
      .select(['due_at', 'task_since'])
      .where('id', '=', opening)
      .where('series_id', '=', series)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return false;
    if (row.task_since === null) return true;
    await trx.updateTable('survey_series_opening').set({ task_since: null }).where('id', '=', opening).execute();
    const data = { opening, due: row.due_at.getTime(), comment };
    const fact = { at: now, kind: 'surveySeriesNoted', organisation: null, actor: by, data } as const;
    await appendAudit(trx, keys, surveySeriesSubject(series), [fact]);
    return true;
  });
}
