import { Migration } from '@mikro-orm/migrations';

const RFC3339 = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const textOf = (column: string): string => `to_char(${column} at time zone 'UTC', ${RFC3339})`;

/** The figures of instructions, as `domain` columns of `instruction_figures`; `ids` is a query of their ids. */
const figuresOf = (ids: string): string => `
select i.id, figures.recipients, figures.open, states.counts, figures.late, due.deadlines
from (${ids}) i (id)
cross join lateral (
  select count(*)::int as recipients, count(*) filter (where not r.closed)::int as open,
    coalesce(jsonb_agg(jsonb_build_object('organisation', r.organisation_id, 'state', r.state, 'deadline', ${textOf('r.deadline')})
      order by r.deadline, r.organisation_id) filter (where r.late and not r.closed), '[]') as late
  from instruction_recipient r where r.instruction_id = i.id
) figures
cross join lateral (
  select coalesce(jsonb_object_agg(state, n), '{}') as counts from (
    select r.state, count(*)::int as n from instruction_recipient r where r.instruction_id = i.id group by r.state
  ) states
) states
cross join lateral (
  select coalesce(jsonb_agg(jsonb_build_object('deadline', ${textOf('deadline')}, 'recipients', n, 'open', open) order by deadline),
    '[]') as deadlines from (
    select r.deadline, count(*)::int as n, count(*) filter (where not r.closed)::int as open from instruction_recipient r
    where r.instruction_id = i.id and r.deadline is not null group by r.deadline
  ) due
) due`;

/**
 * What a list says of each instruction, of all its recipients: counted when a recipient changes instead of at each reading.
 * By a trigger, so that whoever writes recipients (a turn, `reconcile`, a person with rights) leaves true figures. Turns of one
 * instruction wait for each other on its row; two of them never count at once.
 */
export class Migration0023InstructionFigures extends Migration {
  override up(): void {
    this.addSql(`
create table instruction_figures (
  instruction_id uuid primary key references instruction on delete cascade,
  recipients int not null,
  open int not null,
  counts jsonb not null,                        -- {state: recipients}
  late jsonb not null,                          -- [{organisation, state, deadline}]
  deadlines jsonb not null                      -- [{deadline, recipients, open}]
);
grant select, insert, update, delete on instruction_figures to vigie_app;`);
    this.addSql(
      `insert into instruction_figures ${figuresOf('select distinct instruction_id from instruction_recipient')};`,
    );
    this.addSql(`
create function count_instruction_figures() returns trigger language plpgsql as $$
begin
  insert into instruction_figures ${figuresOf('select distinct instruction_id from changed')}
  on conflict (instruction_id) do update set recipients = excluded.recipients, open = excluded.open,
    counts = excluded.counts, late = excluded.late, deadlines = excluded.deadlines;
  return null;
end $$;`);
    for (const [event, rows] of [
      ['insert', 'new'],
      ['update', 'new'],
      ['delete', 'old'],
    ]) {
      this.addSql(`
create trigger instruction_figures_after_${event} after ${event} on instruction_recipient
referencing ${rows} table as changed for each statement execute function count_instruction_figures();`);
    }
  }
}
