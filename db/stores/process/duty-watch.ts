import { sql } from 'kysely';
import type { RosterDocument } from '../../../domain/duty-document.ts';
import type { HandOverFacts } from '../../../domain/duty-summary.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import { MAILS_TO_READ } from '../../../domain/mail-reading.ts';
import type { Sql } from '../../database.ts';
import type { ContactKind } from '../../schema.ts';
import { undelivered } from '../../undelivered.ts';

export interface Mailbox {
  readonly address: string;
  readonly name: string;
}

/** One roster and where its organisation is written to. */
export interface WatchedRoster {
  readonly organisation: string;
  readonly name: string;
  readonly timeZone: string;
  readonly document: RosterDocument;
  /** Of an ARS its second address, else its alert box; of the desk its own; null: it has none. */
  readonly box: Mailbox | null;
  /** Where somebody always reads, for a person without address: of an ARS its alert box first. */
  readonly sharedBox: Mailbox | null;
}

/** Every roster there is. */
export async function watchedRosters(database: Sql): Promise<WatchedRoster[]> {
  const { rows } = await sql<WatchedRoster>`
    select o.id as organisation, o.name, o.time_zone as "timeZone", r.document,
      ${boxOf('desk', 'secondary', 'alertBox')} as box, ${boxOf('desk', 'alertBox', 'secondary')} as "sharedBox"
    from duty_roster r join organisation o on o.id = r.organisation_id
    where r.document is not null order by o.id`.execute(database);
  return rows;
}

/** The first mail contact of `organisation o` of these kinds, in their order. */
const boxOf = (...kinds: readonly ContactKind[]) => sql<Mailbox | null>`(
  select jsonb_build_object('address', c.address, 'name', c.name) from contact c
  where c.organisation_id = o.id and c.channel = 'mail' and c.kind = any(${[...kinds]}::text[])
  order by array_position(${[...kinds]}::text[], c.kind), c.position limit 1)`;

/** The desk's own box; null: there is none. */
export async function deskBox(database: Sql): Promise<Mailbox | null> {
  const row = await database
    .selectFrom('contact')
    .select(['address', 'name'])
    .where('organisation_id', '=', CORRUSS)
    .where('kind', '=', 'desk')
    .where('channel', '=', 'mail')
    .orderBy('position')
    .executeTakeFirst();
  return row ?? null;
}

export interface WaitingTasks {
  readonly kind: string;
  readonly count: number;
}

export type OngoingFacts = Pick<HandOverFacts, 'open' | 'late' | 'promised'> & {
  readonly tasks: readonly WaitingTasks[];
};

/** The most urgent of each part: a mail is read on a telephone. */
export const LISTED = 200;

/**
 * What a duty officer takes over: of the nation for the desk, of its own follow-ups for an ARS. Read in one snapshot. Exercises are
 * in it, for somebody must follow them; their number says what they are.
 */
export const ongoingFacts = (database: Sql, organisation: string): Promise<OngoingFacts> =>
  database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      open: await openInstructions(trx, organisation),
      late: await lateFollowUps(trx, organisation),
      promised: await promises(trx, organisation),
      tasks: organisation === CORRUSS ? await waitingTasks(trx) : [],
    }));

const mine = (organisation: string) =>
  organisation === CORRUSS ? sql`true` : sql`r.organisation_id = ${organisation}`;

async function openInstructions(db: Sql, organisation: string): Promise<HandOverFacts['open']> {
  const { rows } = await sql<{
    number: string;
    subject: string;
    released_at: Date;
    deadline: Date | null;
    awaited: number;
    recipients: number;
  }>`
    select i.number, i.subject, i.released_at, min(r.deadline) filter (where not r.closed) as deadline,
      count(*) filter (where not r.closed)::int as awaited, count(*)::int as recipients
    from instruction i join instruction_recipient r on r.instruction_id = i.id
    where i.status = 'open' and ${mine(organisation)}
    group by i.id having bool_or(not r.closed)
    order by min(r.deadline) filter (where not r.closed) nulls last, i.number limit ${LISTED}`.execute(db);
  return rows.map(({ released_at, deadline, ...row }) => ({
    ...row,
    releasedAt: released_at.getTime(),
    deadline: deadline?.getTime() ?? null,
  }));
}

async function lateFollowUps(db: Sql, organisation: string): Promise<HandOverFacts['late']> {
  const { rows } = await sql<{ number: string; organisation: string; deadline: Date }>`
    select i.number, o.name as organisation, r.deadline
    from instruction_recipient r join instruction i on i.id = r.instruction_id join organisation o on o.id = r.organisation_id
    where i.status = 'open' and not r.closed and r.late and r.deadline is not null and ${mine(organisation)}
    order by r.deadline, o.name limit ${LISTED}`.execute(db);
  return rows.map(({ deadline, ...row }) => ({ ...row, deadline: deadline.getTime() }));
}

async function promises(db: Sql, organisation: string): Promise<HandOverFacts['promised']> {
  const { rows } = await sql<{
    number: string;
    organisation: string;
    kind: 'takenInCharge' | 'deferred';
    until: string;
  }>`
    select i.number, o.name as organisation, r.state as kind, promise.until
    from instruction_recipient r join instruction i on i.id = r.instruction_id join organisation o on o.id = r.organisation_id
    cross join lateral (select case r.state
      when 'takenInCharge' then (r.follow_up->>'pausedUntil')::numeric
      else coalesce((r.follow_up->>'pausedUntil')::numeric, extract(epoch from r.deadline) * 1000) end as until) promise
    where i.status = 'open' and not r.closed and r.state in ('takenInCharge', 'deferred') and promise.until is not null
      and ${mine(organisation)}
    order by promise.until, o.name limit ${LISTED}`.execute(db);
  return rows.map(({ until, ...row }) => ({ ...row, until: Math.round(Number(until)) }));
}

const TO_READ = sql.join(MAILS_TO_READ.map((state) => sql.lit(state)));

async function waitingTasks(db: Sql): Promise<WaitingTasks[]> {
  const { rows } = await sql<WaitingTasks>`
    select kind, count(*)::int as count from (
      select kind from task where closed_at is null
      union all select 'mail' from inbound_mail where read_at is null and state in (${TO_READ})
      union all select 'contact' from contact_report where closed_at is null
      union all select task from early_signal where task is not null
      union all select 'notice' from duty_notice notice where ${undelivered}) waiting
    group by kind order by kind`.execute(db);
  return rows;
}
