import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../../domain/scope.ts';
import type { CampaignCalendar } from '../../domain/survey/campaign-calendar.ts';
import { remindersOf } from '../../domain/survey/campaign-calendar.ts';
import type { CampaignStatus } from '../../domain/survey/campaign.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { Sql } from '../database.ts';
import { countsOf, KNOWN } from '../survey-counts.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

/** Who reads: its part of the nation, and its own organisation, whose own surveys it sees whole. */
export interface SurveyReader {
  readonly scope: Scope;
  readonly org: string;
}

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
  readonly counts: SurveyCounts;
}

interface Row {
  id: string;
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
  counts: SurveyCounts;
}

/** SQL condition on `survey s`: whoever reads the nation sees all, an ARS its own and those that ask something of its territory. */
const visible = ({ scope, org }: SurveyReader): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(s.author = ${org} or exists (select from survey_respondent w where w.survey_id = s.id
        and w.organisation_id = any(${[...scope]}::text[])))`;

/** SQL condition on `survey_respondent r` of `survey s`. */
export const respondentVisible = ({ scope, org }: SurveyReader): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(s.author = ${org} or r.organisation_id = any(${[...scope]}::text[]))`;

/** Newest first. */
export async function listSurveys(
  db: Sql,
  reader: SurveyReader,
  filter: { readonly status?: CampaignStatus },
  { limit, after }: PageRequest,
): Promise<Page<SurveyView>> {
  const conditions = [visible(reader)];
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
  const [row] = await select(db, reader, sql`s.id = ${id}::uuid and ${visible(reader)}`);
  return row === undefined ? undefined : toView(row);
}

async function select(db: Sql, reader: SurveyReader, which: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select s.*, to_jsonb(figures) as counts from survey s
    cross join lateral (
      select ${countsOf('corrected')} from survey_respondent r ${KNOWN.corrected}
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
    counts: row.counts,
  };
}
