import { sql } from 'kysely';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { inScope } from './scope.ts';

/** One deadline of an instruction, and who of the reader's territory still owes something by then. */
export interface CalendarDeadline {
  readonly instruction: string;
  readonly number: string;
  readonly subject: string;
  readonly nature: string;
  readonly exercise: boolean;
  readonly deadline: Date;
  readonly awaited: string[];
}

/** A calendar of more than that is read by nobody; the soonest first. */
const MOST = 1_000;

export async function deadlinesOf(db: Sql, scope: Scope): Promise<CalendarDeadline[]> {
  const { rows } = await sql<CalendarDeadline>`
    select i.id as instruction, i.number, i.subject, i.nature, i.exercise, r.deadline, array_agg(o.name order by o.id) as awaited
    from instruction_recipient r join instruction i on i.id = r.instruction_id join organisation o on o.id = r.organisation_id
    where i.status = 'open' and not r.closed and r.deadline is not null and ${inScope(scope, 'r.organisation_id')}
    group by i.id, r.deadline order by r.deadline, i.number limit ${MOST}`.execute(db);
  return rows;
}
