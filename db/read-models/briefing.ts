import { sql } from 'kysely';
import type { Briefing } from '../../domain/briefing.ts';
import { DAY, type Instant } from '../../domain/instant.ts';
import type { Sql } from '../database.ts';

/** Answers of so many days make a median: enough for a small agency to have some, few enough to show a change. */
const MEDIAN_OVER = 30 * DAY;

/** More than these are counted, not named. */
const LISTED = 200;

/** What the desk is told every morning, read in one snapshot. Exercises are never counted. */
export const readBriefing = (db: Sql, { at, since }: { at: Instant; since: Instant }): Promise<Briefing> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      at,
      since,
      ...(await totals(trx, { at, since })),
      open: await openInstructions(trx),
      late: await lateFollowUps(trx),
      answered: await answers(trx, { at, since }),
      signals: await openSignals(trx),
      medians: await medians(trx, at),
    }));

/**
 * A reply that says something: `received` is no answer, `read` only of what asks to be read. One row a reply.
 */
const ANSWERS = sql`
  select p.instruction_id, p.organisation_id, p.kind, p.at
  from reply p join instruction i on i.id = p.instruction_id
  where not i.exercise and p.kind <> 'received' and (p.kind <> 'read' or i.nature = 'information')`;

async function totals(db: Sql, { at, since }: { at: Instant; since: Instant }) {
  const { rows } = await sql<
    Pick<Briefing, 'openInstructions' | 'openFollowUps' | 'lateFollowUps' | 'answeredFollowUps'>
  >`
    select count(distinct i.id) filter (where not r.closed)::int as "openInstructions",
      count(*) filter (where not r.closed)::int as "openFollowUps",
      count(*) filter (where r.late and not r.closed)::int as "lateFollowUps", (
        select count(distinct (a.instruction_id, a.organisation_id))::int from (${ANSWERS}) a
        where a.at >= ${new Date(since)} and a.at < ${new Date(at)}) as "answeredFollowUps"
    from instruction_recipient r join instruction i on i.id = r.instruction_id
    where i.status = 'open' and not i.exercise`.execute(db);
  return rows[0] ?? { openInstructions: 0, openFollowUps: 0, lateFollowUps: 0, answeredFollowUps: 0 };
}

async function openInstructions(db: Sql): Promise<Briefing['open']> {
  const { rows } = await sql<Omit<Briefing['open'][number], 'deadline'> & { deadline: Date | null }>`
    select i.id, i.number, i.subject, min(r.deadline) filter (where not r.closed) as deadline,
      count(*) filter (where not r.closed)::int as awaited, count(*)::int as recipients,
      count(*) filter (where r.late and not r.closed)::int as late
    from instruction i join instruction_recipient r on r.instruction_id = i.id
    where i.status = 'open' and not i.exercise
    group by i.id having bool_or(not r.closed)
    order by min(r.deadline) filter (where not r.closed) nulls last, i.number limit ${LISTED}`.execute(db);
  return rows.map(({ deadline, ...row }) => ({ ...row, deadline: deadline?.getTime() ?? null }));
}

async function lateFollowUps(db: Sql): Promise<Briefing['late']> {
  const { rows } = await sql<{ number: string; organisation: string; name: string; deadline: Date }>`
    select i.number, r.organisation_id as organisation, o.name, r.deadline
    from instruction_recipient r join instruction i on i.id = r.instruction_id join organisation o on o.id = r.organisation_id
    where i.status = 'open' and not i.exercise and not r.closed and r.late and r.deadline is not null
    order by r.deadline, o.name limit ${LISTED}`.execute(db);
  return rows.map(({ deadline, ...row }) => ({ ...row, deadline: deadline.getTime() }));
}

/** The last answer of each follow-up since then. */
async function answers(db: Sql, { at, since }: { at: Instant; since: Instant }): Promise<Briefing['answered']> {
  const { rows } = await sql<Omit<Briefing['answered'][number], 'at'> & { at: Date }>`
    select i.number, last.organisation_id as organisation, o.name, last.kind, last.at from (
      select distinct on (a.instruction_id, a.organisation_id) a.* from (${ANSWERS}) a
      where a.at >= ${new Date(since)} and a.at < ${new Date(at)}
      order by a.instruction_id, a.organisation_id, a.at desc) last
    join instruction i on i.id = last.instruction_id join organisation o on o.id = last.organisation_id
    order by last.at, o.name limit ${LISTED}`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

async function openSignals(db: Sql): Promise<Briefing['signals']> {
  const { rows } = await sql<Omit<Briefing['signals'][number], 'raisedAt'> & { raised_at: Date }>`
    select s.id, s.reference, s.organisation_id as organisation, o.name, s.subject, s.urgency, s.status, s.late, s.raised_at
    from early_signal s join organisation o on o.id = s.organisation_id
    where not s.exercise and s.status not in ('closed', 'withdrawn')
    order by array_position(array['immediate', 'urgent', 'routine'], s.urgency), s.raised_at limit ${LISTED}`.execute(
    db,
  );
  return rows.map(({ raised_at, ...row }) => ({ ...row, raisedAt: raised_at.getTime() }));
}

/** From the sending of the first mail to the first answer, of the follow-ups first answered in those days. */
async function medians(db: Sql, at: Instant): Promise<Briefing['medians']> {
  const { rows } = await sql<{ organisation: string; name: string; answers: number; median: string }>`
    with first as (
      select a.instruction_id, a.organisation_id, min(a.at) as at from (${ANSWERS}) a group by 1, 2
    ), timed as (
      select first.organisation_id, extract(epoch from first.at - coalesce(min(d.sent_at), i.released_at)) as seconds
      from first join instruction i on i.id = first.instruction_id
      left join delivery d on d.instruction_id = first.instruction_id and d.organisation_id = first.organisation_id
        and d.purpose = 'instruction' and d.status = 'sent'
      where first.at >= ${new Date(at - MEDIAN_OVER)} and first.at < ${new Date(at)}
      group by first.instruction_id, first.organisation_id, first.at, i.released_at
    )
    select timed.organisation_id as organisation, o.name, count(*)::int as answers,
      percentile_cont(0.5) within group (order by greatest(timed.seconds, 0)) as median
    from timed join organisation o on o.id = timed.organisation_id
    group by timed.organisation_id, o.name order by median desc, o.name`.execute(db);
  return rows.map(({ median, ...row }) => ({ ...row, medianMillis: Math.round(Number(median) * 1000) }));
}
