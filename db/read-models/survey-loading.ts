import type { Instant } from '../../domain/instant.ts';
import { resolveCalendar } from '../../domain/survey/campaign-calendar.ts';
import { isReusable, type SurveyLoad } from '../../domain/survey/load.ts';
import { nextOpenings } from '../../domain/survey/series-openings.ts';
import type { SeriesDraft } from '../../domain/survey/series.ts';
import type { Sql } from '../database.ts';
import { publishedVersion, readForm } from '../stores/desk/published-forms.ts';
import { type Loading, readLoad } from '../survey-load.ts';

/** The load of what is not open yet. */
export interface FoundLoad extends SurveyLoad {
  /** Offering recent answers is enough, instead of a reason. */
  readonly reusable: boolean;
}

const NOTHING: FoundLoad = { overloaded: 0, most: 0, examples: [], askedAgain: 0, surveys: [], reusable: false };

async function foundLoad(db: Sql, loading: Loading): Promise<FoundLoad> {
  const load = await readLoad(db, loading);
  return { ...load, reusable: loading.reuseDays === null && isReusable(load, loading.opensAt) };
}

/** What a survey asks of those who are asked already; of a draft, if it opened at `now`. Undefined: there is no such survey. */
export async function loadOfSurvey(db: Sql, id: string, now: Instant): Promise<FoundLoad | undefined> {
  const row = await db.selectFrom('survey').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const { form_id: formId, author, audience, exercise, asked } = row;
  const version = row.form_version ?? (await publishedVersion(db, formId, author));
  if (version === null) return NOTHING;
  const form = await readForm(db, formId, version);
  const { opensAt } = row.calendar ?? resolveCalendar(asked, now);
  const whom = { author, audience, exercise, series: null, reuseDays: row.reuse_days };
  return foundLoad(db, { id, formId, form, opensAt, ...whom });
}

/**
 * The same of a series at its first opening, its own recurrence included.
 * @param id null: a new one
 */
export async function loadOfSeries(db: Sql, draft: SeriesDraft, id: string | null, now: Instant): Promise<FoundLoad> {
  const { formId, author, exercise, document } = draft;
  const { audience, recurrence } = document;
  const [next] = nextOpenings(document, now, 1);
  const version = await publishedVersion(db, formId, author);
  if (next === undefined || version === null) return NOTHING;
  const form = await readForm(db, formId, version);
  const opensAt = next.opensAt ?? next.dueAt;
  const times = recurrence.days.length;
  const whom = { author, audience, exercise, series: id, reuseDays: document.reuse?.withinDays ?? null };
  return foundLoad(db, { id: null, formId, form, opensAt, times, ...whom });
}
