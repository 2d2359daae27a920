import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../../domain/scope.ts';
import { inScope } from './scope.ts';

const RFC3339 = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
/** An instant as RFC 3339 in UTC. */
export const textOf = (column: string): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', ${RFC3339})`;

/** The figures of a card; `figures` gives them. */
export const FIGURES = sql.raw('recipients, open, late, counts, deadlines, deliveries');

/**
 * Joins to `page i`, the instructions asked for, everything of one card that is counted, within the scope. Of all recipients it is
 * kept counted (`instruction_figures`); deliveries are counted from an index alone (`delivery_counted`).
 */
export const figures = (scope: Scope): RawBuilder<unknown> => sql`
  ${scope === 'all' ? sql`left join instruction_figures figures on figures.instruction_id = i.id` : counted(scope)}
  cross join lateral (
    select jsonb_object_agg(status, n) as deliveries from (
      select d.status, count(*)::int as n from delivery d
      where d.instruction_id = i.id and ${inScope(scope, 'd.organisation_id')} group by d.status
    ) statuses
  ) sendings`;

/** Counted at the reading, of a part of the recipients. */
const counted = (scope: Scope): RawBuilder<unknown> => sql`
  cross join lateral (
    select count(*)::int as recipients, count(*) filter (where not r.closed)::int as open,
      jsonb_agg(jsonb_build_object('organisation', r.organisation_id, 'state', r.state, 'deadline', ${textOf('r.deadline')})
        order by r.deadline, r.organisation_id) filter (where r.late and not r.closed) as late
    from instruction_recipient r where r.instruction_id = i.id and ${inScope(scope, 'r.organisation_id')}
  ) figures
  cross join lateral (
    select jsonb_object_agg(state, n) as counts from (
      select r.state, count(*)::int as n from instruction_recipient r
      where r.instruction_id = i.id and ${inScope(scope, 'r.organisation_id')} group by r.state
    ) states
  ) states
  cross join lateral (
    select jsonb_agg(jsonb_build_object('deadline', ${textOf('deadline')}, 'recipients', n, 'open', open) order by deadline)
      as deadlines from (
      select r.deadline, count(*)::int as n, count(*) filter (where not r.closed)::int as open from instruction_recipient r
      where r.instruction_id = i.id and r.deadline is not null and ${inScope(scope, 'r.organisation_id')} group by r.deadline
    ) due
  ) due`;
