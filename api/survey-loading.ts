import { loadOfSeries } from '../db/read-models/survey-loading.ts';
import { isReason, isTooMuch, loadInWords } from '../domain/survey/load.ts';
import type { SeriesDraft } from '../domain/survey/series.ts';
import type { ApiDeps } from './deps.ts';
import { Problem } from './problem.ts';

/**
 * A series is held against the load of its first opening, and against its own recurrence, once: when it is written.
 * @param id null: a new one
 * @throws Problem 409 where it asks much and gives no reason
 */
export async function refuseLoadOfSeries(deps: ApiDeps, draft: SeriesDraft, id: string | null): Promise<void> {
  if (isReason(draft.document.loadReason)) return;
  const load = await loadOfSeries(deps.database.sql, draft, id, deps.now());
  if (!isTooMuch(load)) return;
  const message = 'Écrivez pourquoi cette série s’ouvre malgré la charge de ses répondants.';
  const errors = [{ pointer: '/loadReason', code: 'required', message }];
  throw new Problem(409, 'survey-load', loadInWords(load, load), { errors });
}
