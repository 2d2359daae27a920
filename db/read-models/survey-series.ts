import { type RawBuilder, sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { OpeningOutcome, OpeningReason, SeriesDocument, SeriesStatus } from '../../domain/survey/series.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

export interface SeriesView extends SeriesDocument {
  readonly id: string;
  readonly formId: string;
  readonly formCode: string;
  readonly author: string;
  readonly exercise: boolean;
  readonly crisisId: string | null;
  readonly status: SeriesStatus;
  readonly statusReason: string;
  readonly statusBy: string;
  readonly statusAt: string;
  /** Its ETag. */
  readonly version: number;
  /** False: its Schedule has not been told of this version yet. */
  readonly scheduled: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastOpening: OpeningView | null;
}

/** One instant that has come, and what became of it. */
export interface OpeningView {
  readonly id: string;
  readonly dueAt: string;
  readonly opensAt: string | null;
  readonly byHand: boolean;
  readonly askedBy: string;
  readonly outcome: OpeningOutcome;
  readonly reason: OpeningReason | null;
  readonly detail: string | null;
  readonly survey: string | null;
  readonly title: string | null;
  readonly decidedAt: string;
}

interface OpeningRow {
  id: string;
  due_at: Date;
  opens_at: Date | null;
  trigger_key: string | null;
  asked_by: string;
  outcome: OpeningOutcome;
  reason: OpeningReason | null;
  detail: string | null;
  survey_id: string | null;
  title: string | null;
  decided_at: Date;
}

interface Row {
  id: string;
  form_id: string;
  code: string;
  author: string;
  document: SeriesDocument;
  exercise: boolean;
  crisis_id: string | null;
  status: SeriesStatus;
  status_reason: string;
  status_by: string;
  status_at: Date;
  version: number;
  scheduled_version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  last:
    | (Omit<OpeningRow, 'due_at' | 'opens_at' | 'decided_at'> &
        Record<'due_at' | 'decided_at', string> & { opens_at: string | null })
    | null;
}

/**
 * SQL condition on `survey_series s`: whoever reads the nation sees all; an ARS its own, those of the nation that ask all agencies or
 * it by name, and those that have asked something of it.
 */
function visible({ scope, org }: SurveyReader): RawBuilder<boolean> {
  if (scope === 'all') return sql<boolean>`true`;
  const own = sql`${[...scope]}::text[]`;
  return sql<boolean>`(s.author = ${org} or s.document->'audience'->>'ars' = 'all' or s.document->'audience'->'ars' ?| ${own}
    or exists (select from survey_series_opening p join survey_respondent r on r.survey_id = p.survey_id
      where p.series_id = s.id and r.organisation_id is not null and r.territory = any(${own})))`;
}

/** Newest first. */
export async function listSeries(
  db: Sql,
  reader: SurveyReader,
  filter: { readonly status?: SeriesStatus },
  { limit, after }: PageRequest,
): Promise<Page<SeriesView>> {
  const conditions = [visible(reader)];
  if (filter.status !== undefined) conditions.push(sql<boolean>`s.status = ${filter.status}`);
  if (after !== null) conditions.push(sql<boolean>`(s.created_at, s.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const rows = await select(
    db,
    sql`${sql.join(conditions, sql` and `)} order by s.created_at desc, s.id desc limit ${limit + 1}`,
  );
  return pageOf(rows, limit, (row) => ({ at: row.created_at.getTime(), id: row.id }), toView);
}

/** @returns undefined when it is not there or out of sight */
export async function getSeries(db: Sql, reader: SurveyReader, id: string): Promise<SeriesView | undefined> {
  const [row] = await select(db, sql`s.id = ${id}::uuid and ${visible(reader)}`);
  return row && toView(row);
}

/** The openings of one series, by hand or by its Schedule, latest first. */
export async function listOpenings(
  db: Sql,
  series: string,
  filter: { readonly outcome?: OpeningOutcome },
  { limit, after }: PageRequest,
): Promise<Page<OpeningView>> {
  const conditions = [sql<boolean>`p.series_id = ${series}::uuid`];
  if (filter.outcome !== undefined) conditions.push(sql<boolean>`p.outcome = ${filter.outcome}`);
  if (after !== null) conditions.push(sql<boolean>`(p.due_at, p.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const { rows } = await sql<OpeningRow>`
    select p.*, survey.title from survey_series_opening p left join survey on survey.id = p.survey_id
    where ${sql.join(conditions, sql` and `)} order by p.due_at desc, p.id desc limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (row) => ({ at: row.due_at.getTime(), id: row.id }), toOpening);
}

async function select(db: Sql, which: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select s.*, f.code, to_jsonb(opening) as last from survey_series s join survey_form f on f.id = s.form_id
    left join lateral (
      select p.*, survey.title from survey_series_opening p left join survey on survey.id = p.survey_id
      where p.series_id = s.id order by p.due_at desc, p.id desc limit 1
    ) opening on true
    where ${which}`.execute(db);
  return rows;
}

const toView = ({ document, last, ...row }: Row): SeriesView => ({
  id: row.id,
  ...document,
  formId: row.form_id,
  formCode: row.code,
  author: row.author,
  exercise: row.exercise,
  crisisId: row.crisis_id,
  status: row.status,
  statusReason: row.status_reason,
  statusBy: row.status_by,
  statusAt: row.status_at.toISOString(),
  version: row.version,
  scheduled: row.version === row.scheduled_version,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  lastOpening:
    last === null
      ? null
      : toOpening({
          ...last,
          due_at: new Date(last.due_at),
          opens_at: last.opens_at === null ? null : new Date(last.opens_at),
          decided_at: new Date(last.decided_at),
        }),
});

const toOpening = (row: OpeningRow): OpeningView => ({
  id: row.id,
  dueAt: row.due_at.toISOString(),
  opensAt: timeOf(row.opens_at),
  byHand: row.trigger_key !== null,
  askedBy: row.asked_by,
  outcome: row.outcome,
  reason: row.reason,
  detail: row.detail,
  survey: row.survey_id,
  title: row.title,
  decidedAt: row.decided_at.toISOString(),
});
