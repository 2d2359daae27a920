import type { Selectable } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { FactKind } from '../../../domain/changes.ts';
import {
  SERIES_STATUS_WORDS,
  type SeriesDraft,
  type SeriesPlan,
  type SeriesStatus,
} from '../../../domain/survey/series.ts';
import { type Database, newId, type Sql, type Transaction } from '../../database.ts';
import type { SurveySeriesTable } from '../../schema-survey-series.ts';
import { appendAudit, surveySeriesSubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { closeSeriesTasks } from '../series-tasks.ts';

export interface SeriesAct {
  readonly by: Actor;
  readonly now: number;
}

/**
 * Writes a checked series. `key`: asked again by the same one, the series that is there; null: none was given.
 * @returns `same` false: the key had been used for another series, which stays
 */
export function createSeries(
  database: Database,
  keys: KeyRing,
  draft: SeriesDraft,
  { by, now, key }: SeriesAct & { readonly key: string | null },
): Promise<{ readonly id: string; readonly same: boolean }> {
  const id = newId();
  const at = new Date(now);
  return database.sql.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('survey_series')
      .values({
        id,
        author: draft.author,
        ...columnsOf(draft),
        exercise: draft.exercise,
        status: 'running',
        status_by: by.sub,
        status_at: at,
        request_key: key,
        created_by: by.sub,
        created_at: at,
        updated_by: by.sub,
        updated_at: at,
      })
      .onConflict((conflict) => conflict.column('request_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) return firstTry(trx, key, draft);
    await tell(trx, keys, { id, kind: 'surveySeriesCreated', by, now, data: toldOf(draft) });
    return { id, same: true };
  });
}

/** What the first request by that key has written; it may have been changed since. */
async function firstTry(trx: Transaction, key: string | null, draft: SeriesDraft) {
  const series = trx.selectFrom('survey_series').selectAll().where('request_key', '=', key);
  const row = await series.executeTakeFirstOrThrow();
  return { id: row.id, same: row.version > 1 || (row.exercise === draft.exercise && saysTheSame(row, draft)) };
}

type Row = Pick<Selectable<SurveySeriesTable>, 'form_id' | 'crisis_id' | 'document'>;
const saysTheSame = (row: Row, { formId, crisisId, document }: SeriesDraft): boolean =>
  canonicalJson({ formId: row.form_id, crisisId: row.crisis_id, document: row.document }) ===
  canonicalJson({ formId, crisisId, document });

const columnsOf = ({ formId, crisisId, document }: SeriesDraft) => ({
  form_id: formId,
  crisis_id: crisisId,
  document: toJson(document),
});

const toldOf = ({ formId, crisisId, document }: SeriesDraft) => ({
  title: document.title,
  formId,
  crisisId,
  recurrence: document.recurrence,
  onHoliday: document.onHoliday,
});

export type SeriesRefusal = 'stale' | 'ended' | 'exercise';

/**
 * Replaces what a series says. `version`: the one that the writer read; null when he did not say. What already stands there word
 * for word is not written again, whatever was read: a request whose answer was lost may be repeated.
 */
export function replaceSeries(
  database: Database,
  keys: KeyRing,
  { id, version, draft }: { readonly id: string; readonly version: number | null; readonly draft: SeriesDraft },
  { by, now }: SeriesAct,
): Promise<SeriesRefusal | null> {
  return database.sql.transaction().execute(async (trx) => {
    const row = await lock(trx, id);
    if (row.status === 'ended') return 'ended';
    if (row.exercise !== draft.exercise) return 'exercise';
    if (saysTheSame(row, draft)) return null;
    if (version !== null && version !== row.version) return 'stale';
    await trx
      .updateTable('survey_series')
      .set({ ...columnsOf(draft), version: row.version + 1, updated_by: by.sub, updated_at: new Date(now) })
      .where('id', '=', id)
      .execute();
    await closeSeriesTasks(trx, id);
    await tell(trx, keys, { id, kind: 'surveySeriesChanged', by, now, data: toldOf(draft) });
    return null;
  });
}

const STATUS_FACTS: Readonly<Record<SeriesStatus, FactKind>> = {
  running: 'surveySeriesResumed',
  paused: 'surveySeriesPaused',
  ended: 'surveySeriesEnded',
};

/** Has a series pause, go on or end for good. What already stands so stays: the same request may be repeated. */
export function setSeriesStatus(
  database: Database,
  keys: KeyRing,
  { id, status, reason }: { readonly id: string; readonly status: SeriesStatus; readonly reason: string },
  { by, now }: SeriesAct,
): Promise<'ended' | null> {
  return database.sql.transaction().execute(async (trx) => {
    const row = await lock(trx, id);
    if (row.status === status) return null;
    if (row.status === 'ended') return 'ended';
    const at = new Date(now);
    await trx
      .updateTable('survey_series')
      .set({ status, status_reason: reason, status_by: by.sub, status_at: at, version: row.version + 1 })
      .where('id', '=', id)
      .execute();
    if (status === 'ended') await closeSeriesTasks(trx, id);
    await tell(trx, keys, { id, kind: STATUS_FACTS[status], by, now, data: { reason } });
    return null;
  });
}

/** Writers of one series, and its openings, take turns. The series is there: the route has looked. */
const lock = (trx: Transaction, id: string) =>
  trx.selectFrom('survey_series').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow();

interface Told extends SeriesAct {
  readonly id: string;
  readonly kind: FactKind;
  readonly data: Readonly<Record<string, unknown>>;
}

const tell = (trx: Transaction, keys: KeyRing, { id, kind, by, now, data }: Told): Promise<void> =>
  appendAudit(trx, keys, surveySeriesSubject(id), [{ at: now, kind, organisation: null, actor: by, data }]);

/** What Schedules follow. */
export const seriesPlans = (db: Sql) => ({
  read: (id: string) => seriesPlan(db, id),
  noteScheduled: (id: string, version: number) => noteScheduled(db, id, version),
});

/** What the Schedule of a series is to be; undefined when there is no such series. */
export async function seriesPlan(db: Sql, id: string): Promise<SeriesPlan | undefined> {
  const row = await db.selectFrom('survey_series').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const { version, status, document } = row;
  const { recurrence, from, until } = document;
  const note = [`${SERIES_STATUS_WORDS[status]} (${row.status_by})`, row.status_reason].filter((one) => one !== '');
  return { id, version, status, note: note.join(' : '), recurrence, from, until };
}

/** The Schedule of a series has been told a version. @returns false when that is not the last one any more */
async function noteScheduled(db: Sql, id: string, version: number): Promise<boolean> {
  const result = await db
    .updateTable('survey_series')
    .set({ scheduled_version: version })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Series of which a Schedule is wanted, or not wanted any more. @param untold only those whose Schedule is behind */
export async function seriesToSchedule(db: Sql, untold = false): Promise<string[]> {
  const all = db.selectFrom('survey_series').select('id').orderBy('id');
  const rows = await (untold ? all.whereRef('version', '<>', 'scheduled_version') : all).execute();
  return rows.map(({ id }) => id);
}
