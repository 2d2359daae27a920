import { sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Threshold } from '../../domain/survey/threshold.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

/** One time that a figure has crossed its threshold. */
export interface CrossingView {
  readonly id: string;
  readonly threshold: Threshold;
  readonly territory: string;
  readonly name: string;
  readonly figure: number;
  readonly received: number;
  readonly expected: number;
  readonly beganAt: string;
  readonly endedAt: string | null;
  readonly instruction: string | null;
  readonly notedAt: string | null;
  readonly notedBy: string | null;
}

type Row = Omit<CrossingView, 'beganAt' | 'endedAt' | 'notedAt'> & {
  readonly began_at: Date;
  readonly ended_at: Date | null;
  readonly noted_at: Date | null;
};

/** Crossings of a survey that the reader may read, newest first: its author and the nation all, others those of their region. */
export async function listCrossings(
  db: Sql,
  { scope, org }: SurveyReader,
  { survey, lasting }: { readonly survey: string; readonly lasting?: boolean },
  { limit, after }: PageRequest,
): Promise<Page<CrossingView>> {
  const conditions = [sql<boolean>`c.survey_id = ${survey}::uuid`];
  if (scope !== 'all')
    conditions.push(sql<boolean>`(s.author = ${org} or c.ars_id = any(${[...scope]}::text[]) or c.territory = ${org})`);
  if (lasting !== undefined) conditions.push(sql<boolean>`(c.ended_at is null) = ${lasting}`);
  if (after !== null)
    conditions.push(
      sql<boolean>`(date_trunc('milliseconds', c.began_at), c.id) < (${new Date(after.at)}, ${after.id}::uuid)`,
    );
  const { rows } = await sql<Row>`
    select c.id, s.thresholds -> c.rule as threshold, c.territory, c.name, c.figure, c.received, c.expected,
      date_trunc('milliseconds', c.began_at) as began_at, c.ended_at, c.instruction_id as instruction, c.noted_at, c.noted_by as "notedBy"
    from survey_crossing c join survey s on s.id = c.survey_id where ${sql.join(conditions, sql` and `)}
    order by date_trunc('milliseconds', c.began_at) desc, c.id desc limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (row) => ({ at: row.began_at.getTime(), id: row.id }), toView);
}

const toView = ({ began_at, ended_at, noted_at, ...row }: Row): CrossingView => ({
  ...row,
  beganAt: began_at.toISOString(),
  endedAt: timeOf(ended_at),
  notedAt: timeOf(noted_at),
});
