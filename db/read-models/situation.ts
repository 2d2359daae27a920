import { sql } from 'kysely';
import type { RecipientState } from '../../domain/follow-up-state.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Sql } from '../database.ts';
import { telephonesOnDuty } from './duty.ts';

/** What one sheet of paper must tell when screens are dark. */
export interface Situation {
  readonly open: number;
  readonly followUps: number;
  readonly late: number;
  readonly unreachable: number;
  readonly tasks: number;
  readonly instructions: readonly OpenInstruction[];
  /** Late or unreachable, the longest overdue first. */
  readonly toCall: readonly RecipientToCall[];
  /** The deadlines to come, soonest first. */
  readonly next: readonly NextDeadline[];
}

export interface OpenInstruction {
  readonly number: string;
  readonly subject: string;
  readonly exercise: boolean;
  readonly releasedAt: Date;
  readonly deadline: Date | null;
  readonly recipients: number;
  readonly open: number;
  readonly late: number;
  readonly unreachable: number;
}

export interface RecipientToCall {
  readonly organisation: string;
  readonly name: string;
  readonly number: string;
  readonly state: RecipientState;
  readonly late: boolean;
  readonly percent: number | null;
  readonly deadline: Date | null;
  /** Of whoever is on duty by the roster, else of the person on call, else of the director; null: none known. */
  readonly telephone: string | null;
}

export interface NextDeadline {
  readonly deadline: Date;
  readonly number: string;
  readonly open: number;
}

/** Rows that one page of A4 has room for. */
export const ROWS = { instructions: 8, toCall: 10, next: 6 } as const;

/** Exercises are not counted, and come after what is real. Read in one snapshot. @param at whose instant decides who is on duty */
export const readSituation = (db: Sql, at: Instant): Promise<Situation> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      ...(await totals(trx)),
      instructions: await openInstructions(trx),
      toCall: await toCall(trx, at),
      next: await nextDeadlines(trx),
    }));

async function totals(db: Sql) {
  const { rows } = await sql<Pick<Situation, 'open' | 'followUps' | 'late' | 'unreachable' | 'tasks'>>`
    select (select count(*)::int from instruction where status = 'open' and not exercise) as open,
      count(*)::int as "followUps", count(*) filter (where r.late)::int as late,
      count(*) filter (where r.state = 'unreachable')::int as unreachable,
      (select count(*)::int from task t join instruction i on i.id = t.instruction_id
        where t.closed_at is null and not i.exercise) as tasks
    from instruction_recipient r join instruction i on i.id = r.instruction_id
    where i.status = 'open' and not r.closed and not i.exercise`.execute(db);
  return rows[0] ?? { open: 0, followUps: 0, late: 0, unreachable: 0, tasks: 0 };
}

async function openInstructions(db: Sql): Promise<OpenInstruction[]> {
  const { rows } = await sql<OpenInstruction>`
    select i.number, i.subject, i.exercise, i.released_at as "releasedAt", count(*)::int as recipients,
      min(r.deadline) filter (where not r.closed) as deadline, count(*) filter (where not r.closed)::int as open,
      count(*) filter (where r.late and not r.closed)::int as late,
      count(*) filter (where r.state = 'unreachable')::int as unreachable
    from instruction i join instruction_recipient r on r.instruction_id = i.id
    where i.status = 'open' group by i.id
    order by i.exercise, min(r.deadline) filter (where not r.closed) nulls last, i.released_at
    limit ${ROWS.instructions}`.execute(db);
  return rows;
}

async function toCall(db: Sql, at: Instant): Promise<RecipientToCall[]> {
  const { rows } = await sql<RecipientToCall>`
    select r.organisation_id as organisation, o.name, i.number, r.state, r.late, r.percent, r.deadline, (
        select c.address from contact c
        where c.organisation_id = r.organisation_id and c.channel in ('call', 'sms') and c.kind in ('onCall', 'director')
        order by array_position(array['onCall', 'director'], c.kind), array_position(array['call', 'sms'], c.channel), c.position
        limit 1) as telephone
    from instruction_recipient r join instruction i on i.id = r.instruction_id join organisation o on o.id = r.organisation_id
    where i.status = 'open' and not r.closed and (r.late or r.state = 'unreachable')
    order by i.exercise, r.deadline nulls last, o.name limit ${ROWS.toCall}`.execute(db);
  const onDuty = await telephonesOnDuty(
    db,
    rows.map(({ organisation }) => organisation),
    at,
  );
  return rows.map((row) => ({ ...row, telephone: onDuty.get(row.organisation) ?? row.telephone }));
}

async function nextDeadlines(db: Sql): Promise<NextDeadline[]> {
  const { rows } = await sql<NextDeadline>`
    select r.deadline, i.number, count(*)::int as open
    from instruction_recipient r join instruction i on i.id = r.instruction_id
    where i.status = 'open' and not r.closed and not r.late and r.deadline is not null
    group by r.deadline, i.number, i.exercise order by i.exercise, r.deadline limit ${ROWS.next}`.execute(db);
  return rows;
}
