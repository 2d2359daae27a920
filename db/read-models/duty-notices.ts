import { sql } from 'kysely';
import type { Sql } from '../database.ts';
import type { DutyNoticeTable } from '../schema-process.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

/** One mail of duty (hand-over, gap, briefing) of an organisation, and what became of it. */
export interface DutyNoticeView {
  readonly id: string;
  readonly subject: string;
  readonly address: string;
  readonly status: DutyNoticeTable['status'];
  /** It came back for good: the address is among the contacts to correct. */
  readonly bounced: boolean;
  readonly attempts: number;
  readonly error: string | null;
  readonly plannedAt: string;
  readonly sentAt: string | null;
  readonly failedAt: string | null;
}

type Row = Omit<DutyNoticeView, 'plannedAt' | 'sentAt' | 'failedAt'> &
  Readonly<Record<'planned_at', Date> & Record<'sent_at' | 'failed_at', Date | null>>;

/** Newest first. */
export async function listDutyNotices(
  db: Sql,
  organisation: string,
  { limit, after }: PageRequest,
): Promise<Page<DutyNoticeView>> {
  const before =
    after === null ? sql`true` : sql`(planned_at, id) < (${new Date(after.at)}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<Row>`
    select id, letter->>'subject' as subject, address, status, bounced_at is not null as bounced, attempts, last_error as error,
      date_trunc('milliseconds', planned_at) as planned_at, sent_at, failed_at
    from duty_notice where organisation_id = ${organisation} and ${before}
    order by planned_at desc, id desc limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (row) => ({ at: row.planned_at.getTime(), id: row.id }), toView);
}

const toView = ({ planned_at, sent_at, failed_at, ...row }: Row): DutyNoticeView => ({
  ...row,
  plannedAt: planned_at.toISOString(),
  sentAt: timeOf(sent_at),
  failedAt: timeOf(failed_at),
});
