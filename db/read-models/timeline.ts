import { sql } from 'kysely';
import type { Fact, FactKind } from '../../domain/changes.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import { inScope } from './scope.ts';

/** One entry of an audit chain, as a reader may see it. */
export interface TimelineEntry {
  readonly position: number;
  readonly recordedAt: number;
  readonly fact: Fact;
}

/** The columns of `audit_entry` that make a fact. */
export type FactRow = Omit<Row, 'position' | 'recorded_at'>;

interface Row {
  position: number;
  at: Date;
  recorded_at: Date;
  kind: FactKind;
  organisation_id: string | null;
  actor_sub: string;
  actor_organisation: string;
  data: Record<string, unknown>;
}

/**
 * Oldest first; facts about an organisation outside the scope are left out, and what a turn did to the state of all.
 * `after`: position of the last entry seen.
 */
export async function readTimeline(
  db: Sql,
  scope: Scope,
  subject: string,
  page: { readonly limit: number; readonly after: number },
): Promise<TimelineEntry[]> {
  const { rows } = await sql<Row>`${sql.raw(PREPARED)}
    select position, at, recorded_at, kind, organisation_id, actor_sub, actor_organisation, data from audit_entry e
    where subject = ${subject} and position > ${page.after} and kind <> 'turnRecorded'
      and (organisation_id is null or ${inScope(scope, 'e.organisation_id')})
    order by position limit ${page.limit}`.execute(db);
  return rows.map(toEntry);
}

export interface AuditFilter {
  readonly subject?: string;
  readonly actor?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface AuditLine extends TimelineEntry {
  readonly subject: string;
  readonly hmac: string;
}

/** What has its own chain below a subject: `survey/<id>/ARS-84` of `survey/<id>`. */
const likeBelow = (subject: string): string => `${subject.replaceAll(/[\\%_]/g, String.raw`\$&`)}/%`;

/** Entries of all chains, newest first, for the supervisor. */
export async function searchAudit(
  db: Sql,
  filter: AuditFilter,
  page: { readonly limit: number; readonly after: { readonly at: number; readonly id: string } | null },
): Promise<AuditLine[]> {
  const conditions = [sql<boolean>`true`];
  if (filter.subject !== undefined)
    conditions.push(sql<boolean>`(subject = ${filter.subject} or subject like ${likeBelow(filter.subject)})`);
  if (filter.actor !== undefined) conditions.push(sql<boolean>`actor_sub = ${filter.actor}`);
  if (filter.from !== undefined) conditions.push(sql<boolean>`at >= ${new Date(filter.from)}`);
  if (filter.to !== undefined) conditions.push(sql<boolean>`at < ${new Date(filter.to)}`);
  if (page.after !== null) {
    conditions.push(
      sql<boolean>`(at, subject || ' ' || lpad(position::text, 10, '0')) < (${new Date(page.after.at)}, ${page.after.id})`,
    );
  }
  const { rows } = await sql<Row & { subject: string; hmac: string }>`
    select * from audit_entry where ${sql.join(conditions, sql` and `)}
    order by at desc, subject || ' ' || lpad(position::text, 10, '0') desc limit ${page.limit}`.execute(db);
  return rows.map((row) => ({ ...toEntry(row), subject: row.subject, hmac: row.hmac }));
}

const toEntry = (row: Row): TimelineEntry => ({
  position: row.position,
  recordedAt: row.recorded_at.getTime(),
  fact: toFact(row),
});

export const toFact = (row: FactRow): Fact => ({
  at: row.at.getTime(),
  kind: row.kind,
  organisation: row.organisation_id,
  actor: { sub: row.actor_sub, organisation: row.actor_organisation },
  data: row.data,
});
