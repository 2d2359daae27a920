import type { Sql } from '../database.ts';

/** No opening of a series waits for a person any more: the next one has opened, or the series was corrected or ended. */
export async function closeSeriesTasks(db: Sql, series: string): Promise<void> {
  await db
    .updateTable('survey_series_opening')
    .set({ task_since: null })
    .where('series_id', '=', series)
    .where('task_since', 'is not', null)
    .execute();
}
