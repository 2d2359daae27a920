import { type RawBuilder, sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { CampaignCalendar } from '../../domain/survey/campaign-calendar.ts';
import { remindersOf } from '../../domain/survey/campaign-calendar.ts';
import type { CampaignStatus } from '../../domain/survey/campaign.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { AcceptedLoad } from '../../domain/survey/load.ts';
import type { Threshold } from '../../domain/survey/threshold.ts';
import type { ReuseAsked, SurveyAudience } from '../../domain/survey/survey-draft.ts';
import type { Sql } from '../database.ts';
import { NOBODY, reachOf, type SurveyReach } from '../survey-audience.ts';
import { UNDELIVERED } from '../survey-contact.ts';
import { counted, countsOf } from '../survey-counts.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

/** One survey, its figures those of what the reader may read. */
export interface SurveyView {
  readonly id: string;
  readonly title: string;
  readonly formId: string;
  readonly formVersion: number | null;
  readonly author: string;
  readonly exercise: boolean;
  readonly crisisId: string | null;
  readonly status: CampaignStatus;
  readonly createdAt: string;
  /** The calendar in instants; null for a draft. */
  readonly calendar: {
    readonly opensAt: string;
    readonly closesAt: string;
    readonly reminders: string[];
    readonly validateUntil: string | null;
    readonly acceptUntil: string | null;
  } | null;
  readonly closedAt: string | null;
  readonly closings: number;
  /** Recent answers are offered to be taken over; null: none is. */
  readonly reuse: ReuseAsked | null;
  readonly counts: SurveyCounts;
}

interface Row {
  id: string;
  audience: SurveyAudience;
  title: string;
  form_id: string;
  form_version: number | null;
  author: string;
  exercise: boolean;
  crisis_id: string | null;
  status: CampaignStatus;
  created_at: Date;
  calendar: CampaignCalendar | null;
  closed_at: Date | null;
  closings: number;
  thresholds: Threshold[];
  load: AcceptedLoad | null;
  reuse_days: number | null;
  counts: SurveyCounts;
}

/** SQL condition on `survey s`: whoever reads the nation sees all; others their own and those of which they see a respondent. */
export const surveyVisible = ({ scope, org }: SurveyReader): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(s.author = ${org} or exists (select from survey_respondent r where r.survey_id = s.id and (
        r.key = ${org} or (r.organisation_id is not null and r.territory = any(${[...scope]}::text[])))))`;

/** SQL condition on `survey_respondent r` of `survey s`: an organisation sees itself, an ARS its territory, an author all. */
export const respondentVisible = ({ scope, org }: SurveyReader): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(s.author = ${org} or r.key = ${org}
        or (r.organisation_id is not null and r.territory = any(${[...scope]}::text[])))`;

/** Newest first. */
export async function listSurveys(
  db: Sql,
  reader: SurveyReader,
  filter: { readonly status?: CampaignStatus },
  { limit, after }: PageRequest,
): Promise<Page<SurveyView>> {
  const conditions = [surveyVisible(reader)];
  if (filter.status !== undefined) conditions.push(sql<boolean>`s.status = ${filter.status}`);
  if (after !== null) conditions.push(sql<boolean>`(s.created_at, s.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const rows = await select(
    db,
    reader,
    sql`${sql.join(conditions, sql` and `)}
    order by s.created_at desc, s.id desc limit ${limit + 1}`,
  );
  return pageOf(rows, limit, (row) => ({ at: row.created_at.getTime(), id: row.id }), toView);
}

export async function getSurvey(db: Sql, reader: SurveyReader, id: string): Promise<SurveyView | undefined> {
  const [row] = await select(db, reader, sql`s.id = ${id}::uuid and ${surveyVisible(reader)}`);
  return row === undefined ? undefined : toView(row);
}

/** The same with whom it asks, or of a draft would ask now: how many, and how many of them no mail reaches. */
export async function getSurveyDetail(
  db: Sql,
  reader: SurveyReader,
  id: string,
): Promise<
  | (SurveyView & {
      readonly reach: SurveyReach;
      readonly thresholds: Threshold[];
      readonly load: AcceptedLoad | null;
    })
  | undefined
> {
  const [row] = await select(db, reader, sql`s.id = ${id}::uuid and ${surveyVisible(reader)}`);
  if (row === undefined) return undefined;
  const { thresholds, load } = row;
  return {
    ...toView(row),
    thresholds,
    load,
    reach: row.status === 'draft' ? await reachOf(db, row) : await reached(db, reader, id),
  };
}

async function reached(db: Sql, reader: SurveyReader, id: string): Promise<SurveyReach> {
  const { rows } = await sql<SurveyReach>`
    select count(*)::int as respondents, (count(*) filter (where r.address is null))::int as "withoutAddress",
      (count(*) filter (where r.address is not null and ${UNDELIVERED}))::int as "toCorrect"
    from survey s join survey_respondent r on r.survey_id = s.id
    where s.id = ${id}::uuid and ${respondentVisible(reader)}`.execute(db);
  return rows[0] ?? NOBODY;
}

async function select(db: Sql, reader: SurveyReader, which: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select s.*, to_jsonb(figures) as counts from survey s
    cross join lateral (
      select ${countsOf('corrected')} from survey_respondent r ${counted('corrected')}
      where r.survey_id = s.id and ${respondentVisible(reader)}
    ) figures where ${which}`.execute(db);
  return rows;
}

const iso = (instant: number): string => new Date(instant).toISOString();

function toView(row: Row): SurveyView {
  const { calendar } = row;
  return {
    id: row.id,
    title: row.title,
    formId: row.form_id,
    formVersion: row.form_version,
    author: row.author,
    exercise: row.exercise,
    crisisId: row.crisis_id,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    calendar:
      calendar === null
        ? null
        : {
            opensAt: iso(calendar.opensAt),
            closesAt: iso(calendar.closesAt),
            reminders: remindersOf(calendar).map(({ at }) => iso(at)),
            validateUntil: calendar.validateUntil === null ? null : iso(calendar.validateUntil),
            acceptUntil: calendar.acceptUntil === null ? null : iso(calendar.acceptUntil),
          },
    closedAt: timeOf(row.closed_at),
    closings: row.closings,
    reuse: row.reuse_days === null ? null : { withinDays: row.reuse_days },
    counts: row.counts,
  };
}
