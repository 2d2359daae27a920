import { type RawBuilder, sql } from 'kysely';
import type { Fact } from '../../domain/changes.ts';
import type { CrisisMark } from '../../domain/crisis.ts';
import type { Scope } from '../../domain/scope.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';
import { inScope, instructionInScope } from './scope.ts';
import { type FactRow, toFact } from './timeline.ts';

/** One crisis, its figures those of the reader's own territory. */
export interface Crisis {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly exercise: boolean;
  readonly status: 'open' | 'closed';
  readonly version: number;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
  /** Released messages. */
  readonly messages: number;
  readonly open: number;
  /** Recipients past their deadline, in messages that are open. */
  readonly late: number;
}

interface Row {
  id: string;
  name: string;
  description: string;
  exercise: boolean;
  version: number;
  opened_by: string;
  opened_at: Date;
  closed_by: string | null;
  closed_at: Date | null;
  messages: number;
  open: number;
  late: number;
}

/** SQL condition on `crisis c`: an ARS reads those of which it has a message. */
const crisisInScope = (scope: Scope): RawBuilder<boolean> =>
  scope === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`exists (select from instruction i where i.crisis_id = c.id and ${instructionInScope(scope)})`;

const figures = (scope: Scope): RawBuilder<unknown> => sql`
  cross join lateral (
    select count(*)::int as messages, count(*) filter (where i.status = 'open')::int as open,
      coalesce(sum((select count(*) from instruction_recipient r where r.instruction_id = i.id and r.late and not r.closed
        and ${inScope(scope, 'r.organisation_id')})), 0)::int as late
    from instruction i where i.crisis_id = c.id and i.number is not null and ${instructionInScope(scope)}
  ) figures`;

/** Newest first. */
export async function listCrises(
  db: Sql,
  scope: Scope,
  filter: { readonly status?: Crisis['status'] },
  page: PageRequest,
): Promise<Page<Crisis>> {
  const conditions = [crisisInScope(scope)];
  if (filter.status !== undefined) conditions.push(sql<boolean>`(c.closed_at is null) = ${filter.status === 'open'}`);
  if (page.after !== null) {
    conditions.push(sql<boolean>`(c.opened_at, c.id) < (${new Date(page.after.at)}, ${page.after.id}::uuid)`);
  }
  const { rows } = await sql<Row>`
    select * from (
      select * from crisis c where ${sql.join(conditions, sql` and `)}
      order by c.opened_at desc, c.id desc limit ${page.limit + 1}
    ) c ${figures(scope)} order by c.opened_at desc, c.id desc`.execute(db);
  return pageOf(rows, page.limit, (row) => ({ at: row.opened_at.getTime(), id: row.id }), toCrisis);
}

/** @returns undefined when it is not there or outside the scope */
export async function getCrisis(db: Sql, scope: Scope, id: string): Promise<Crisis | undefined> {
  const { rows } = await sql<Row>`
    select * from crisis c ${figures(scope)} where c.id = ${id}::uuid and ${crisisInScope(scope)}`.execute(db);
  return rows[0] === undefined ? undefined : toCrisis(rows[0]);
}

/** The crisis that a draft, as it came, names; undefined when it names none or there is none of that id. */
export async function crisisOf(
  db: Sql,
  draft: unknown,
): Promise<(CrisisMark & { readonly name: string; readonly closed: boolean }) | undefined> {
  const id = typeof draft === 'object' && draft !== null && 'crisisId' in draft ? draft.crisisId : undefined;
  if (typeof id !== 'string' || !isUuid(id)) return undefined;
  const row = await db
    .selectFrom('crisis')
    .select(['id', 'name', 'exercise', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, exercise: row.exercise, closed: row.closed_at !== null };
}

/** A fact of a crisis itself (`instruction` null) or of one of its messages. */
export interface CrisisFact {
  readonly instruction: string | null;
  readonly number: string | null;
  readonly key: string;
  readonly fact: Fact;
}

type CrisisFactRow = FactRow & {
  readonly instruction: string | null;
  readonly number: string | null;
  readonly key: string;
};

/** Everything that happened in a crisis, oldest first: its own facts and those of its messages, of the reader's territory. */
export async function readCrisisTimeline(db: Sql, scope: Scope, id: string, page: PageRequest): Promise<CrisisFact[]> {
  const after =
    page.after === null ? sql<boolean>`true` : sql<boolean>`(at, key) > (${new Date(page.after.at)}, ${page.after.id})`;
  const { rows } = await sql<CrisisFactRow>`
    with subject as (
      select 'crisis/' || ${id} as subject, null::uuid as instruction, null::text as number
      union all
      select 'instruction/' || i.id, i.id, i.number from instruction i
      where i.crisis_id = ${id}::uuid and ${instructionInScope(scope)}
    )
    select * from (
      select e.*, subject.instruction, subject.number, e.subject || ' ' || lpad(e.position::text, 10, '0') as key
      from subject join audit_entry e using (subject)
      where e.kind <> 'turnRecorded' and (e.organisation_id is null or ${inScope(scope, 'e.organisation_id')})
    ) e where ${after} order by at, key limit ${page.limit + 1}`.execute(db);
  return rows.map((row) => ({ instruction: row.instruction, number: row.number, key: row.key, fact: toFact(row) }));
}

const toCrisis = (row: Row): Crisis => ({
  id: row.id,
  name: row.name,
  description: row.description,
  exercise: row.exercise,
  status: row.closed_at === null ? 'open' : 'closed',
  version: row.version,
  openedBy: row.opened_by,
  openedAt: row.opened_at.toISOString(),
  closedBy: row.closed_by,
  closedAt: timeOf(row.closed_at),
  messages: row.messages,
  open: row.open,
  late: row.late,
});
