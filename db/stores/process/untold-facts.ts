import { sql } from 'kysely';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Sql } from '../../database.ts';
import { toJson } from '../json.ts';

interface Told {
  readonly kind: string;
  readonly organisation: string | null;
  readonly sub: string;
  readonly by: string;
  readonly data: unknown;
}

/**
 * Of the facts of a turn those that the audit has not told yet: its number is taken, by a turn that was lost with its workflow task
 * after it was recorded. What that turn had taken in is taken in again, perhaps with more; each fact is told once, with the instant
 * that it had the first time. One that came twice is told twice.
 * @param subject of the chain
 * @param seq of the turn: what was told after the last turn before it counts
 */
export async function untoldFacts(
  database: Sql,
  subject: string,
  seq: number,
  facts: readonly Fact[],
): Promise<readonly Fact[]> {
  if (facts.length === 0) return facts;
  const { rows } = await sql<Told>`
    select kind, organisation_id as organisation, actor_sub as sub, actor_organisation as by, data from audit_entry
    where subject = ${subject} and position > (
      select coalesce(max(position), 0) from audit_entry
      where subject = ${subject} and kind = 'turnRecorded' and (data ->> 'seq')::int < ${seq}::int)`.execute(database);
  const told = rows.reduce(
    (counts, row) => counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1),
    new Map<string, number>(),
  );
  return facts.filter((fact) => {
    const key = keyOf(asTold(fact));
    const left = told.get(key) ?? 0;
    told.set(key, left - 1);
    return left <= 0;
  });
}

const keyOf = ({ kind, organisation, sub, by, data }: Told): string =>
  canonicalJson([kind, organisation, sub, by, data]);

/** As the row of it says when it is read. */
const asTold = ({ kind, organisation, actor, data }: Fact): Told => ({
  kind,
  organisation,
  sub: actor.sub,
  by: actor.organisation,
  data: JSON.parse(toJson(data)),
});
