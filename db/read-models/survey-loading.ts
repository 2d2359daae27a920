import type { Instant } from '../../domain/instant.ts';
import { resolveCalendar } from '../../domain/survey/campaign-calendar.ts';
import type { SurveyLoad } from '../../domain/survey/load.ts';
import { nextOpenings } from '../../domain/survey/series-openings.ts';
import type { SeriesDraft } from '../../domain/survey/series.ts';
import type { Sql } from '../database.ts';
import { publishedVersion, readForm } from '../stores/desk/published-forms.ts';
import { readLoad } from '../survey-load.ts';

const NOTHING: SurveyLoad = { overloaded: 0, most: 0, examples: [], askedAgain: 0, surveys: [] };

/** What a survey asks of those who are asked already; of a draft, if it opened at `now`. Undefined: there is no such survey. */
export async function loadOfSurvey(db: Sql, id: string, now: Instant): Promise<SurveyLoad | undefined> {
  const row = await db.selectFrom('survey').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const { form_id: formId, author, audience, exercise, asked } = row;
  const version = row.form_version ?? (await publishedVersion(db, formId, author));
  if (version === null) return NOTHING;
  const form = await readForm(db, formId, version);
  const { opensAt } = row.calendar ?? resolveCalendar(asked, now);
  return readLoad(db, { id, formId, form, author, audience, exercise, opensAt, series: null });
}

/**
 * The same of a series at its first opening, its own recurrence included.
 * @param id null: a new one
 */
export async function loadOfSeries(db: Sql, draft: SeriesDraft, id: string | null, now: Instant): Promise<SurveyLoad> {
  const { formId, author, exercise, document } = draft;
  const { audience, recurrence } = document;
  const [next] = nextOpenings(document, now, 1);
  const version = await publishedVersion(db, formId, author);
  if (next === undefined || version === null) return NOTHING;
  const form = await readForm(db, formId, version);
  const opensAt = next.opensAt ?? next.dueAt;
  const times = recurrence.days.length;
  return readLoad(db, { id: null, formId, form, author, audience, exercise, opensAt, series: id, times });
}
