import { sql } from 'kysely';
import { MACHINE } from '../../../domain/events.ts';
import { toRfc3339, type Instant } from '../../../domain/instant.ts';
import { endReply, type RelayFigures } from '../../../domain/relay.ts';
import type { ReplyInput } from '../../../domain/reply-kinds.ts';
import type { Sql, Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import { toJson } from '../json.ts';
import type { RelayStore } from './relay.ts';

/** A mail of a relay that this process alone may send now. */
export interface ClaimedRelayMail {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly plannedAt: Instant;
  readonly linkHash: string | null;
  readonly replyHash: string | null;
}

interface Claim {
  readonly at: Instant;
  /** Already tried by this call. */
  readonly tried: readonly string[];
  readonly most: number;
}

/**
 * Takes mails of one relay, in one statement that commits before anything is sent. A row found `sending` was claimed by an
 * attempt that never told its outcome: it is taken again, in doubt. One that was put off waits longer each time
 * (`retryAfter` of the domain).
 */
export async function claimRelayMails(db: Sql, relay: string, { at, tried, most }: Claim): Promise<ClaimedRelayMail[]> {
  const now = new Date(at);
  const { rows } = await sql<Omit<ClaimedRelayMail, 'plannedAt'> & { plannedAt: Date }>`
    with todo as (
      select id, status from relay_mail
      where relay_id = ${relay}::uuid and status in ('planned', 'sending', 'waiting') and id <> all(${tried}::uuid[])
        and (status <> 'waiting' or claimed_at + least(5 * attempts * attempts, 300) * interval '1 second' <= ${now}::timestamptz)
      order by status = 'waiting', id limit ${most} for update skip locked
    )
    update relay_mail set status = 'sending', claimed_at = ${now}::timestamptz, attempts = attempts + 1,
      in_doubt = relay_mail.in_doubt or todo.status = 'sending'
    from todo where relay_mail.id = todo.id
    returning relay_mail.id, name, address, planned_at as "plannedAt", link_hash as "linkHash", reply_hash as "replyHash"`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, plannedAt: row.plannedAt.getTime() }));
}

/** A message that is cancelled meanwhile is passed on to nobody more: what has not left never will. */
export async function withdrawCancelledMails(db: Sql, relay: string): Promise<void> {
  await sql`
    update relay_mail set status = 'failed', last_error = 'retiré : le message a été annulé'
    where relay_id = ${relay}::uuid and status in ('planned', 'waiting') and exists (
      select from relay join instruction i on i.id = relay.instruction_id
      join instruction_recipient r on r.instruction_id = relay.instruction_id and r.organisation_id = relay.organisation_id
      where relay.id = ${relay}::uuid and (i.status = 'cancelled' or r.state = 'cancelled'))`.execute(db);
}

export interface FinishedRelayMail {
  readonly id: string;
  readonly status: 'sent' | 'failed' | 'waiting' | 'planned';
  readonly at: Instant;
  readonly error: string | null;
  readonly inDoubt: boolean;
}

/** How claims ended, all in one statement. A bounce that was quicker than this stays. `planned`: nothing was tried. */
export async function finishRelayMails(db: Sql, finished: readonly FinishedRelayMail[]): Promise<void> {
  const rows = finished.map(({ at, ...row }) => ({ ...row, at: toRfc3339(at) }));
  await sql`
    update relay_mail mail set
      status = case when mail.bounced_at is null then done.status else 'failed' end,
      last_error = case when mail.bounced_at is null then done.error else mail.last_error end,
      in_doubt = mail.in_doubt or done."inDoubt",
      attempts = mail.attempts - case when done.status = 'planned' then 1 else 0 end,
      sent_at = case when done.status = 'sent' then done.at else mail.sent_at end
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as done (id uuid, status text, at timestamptz, error text, "inDoubt" boolean)
    where mail.id = done.id and (mail.status = 'sending' or done.status = 'sent')`.execute(db);
}

export async function countUnsentRelayMails(db: Sql, relay: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from relay_mail
    where relay_id = ${relay}::uuid and status in ('planned', 'sending', 'waiting')`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function renewRelayTokens(
  db: Sql,
  id: string,
  hashes: { link_hash: string; reply_hash: string },
): Promise<void> {
  await db.updateTable('relay_mail').set(hashes).where('id', '=', id).execute();
}

export interface RelayMatter {
  readonly instruction: string;
  readonly organisation: string;
  readonly organisationName: string;
  readonly timeZone: string;
  readonly note: string;
  readonly contact: { readonly name: string; readonly address: string; readonly phone: string | null };
}

export async function readRelayMatter(db: Sql, relay: string): Promise<RelayMatter> {
  const row = await db
    .selectFrom('relay')
    .innerJoin('organisation', 'organisation.id', 'relay.organisation_id')
    .select(['relay.instruction_id', 'organisation.id', 'organisation.name', 'organisation.time_zone', 'relay.note'])
    .select(['relay.contact_name', 'relay.contact_address', 'relay.contact_phone'])
    .where('relay.id', '=', relay)
    .executeTakeFirstOrThrow();
  return {
    instruction: row.instruction_id,
    organisation: row.id,
    organisationName: row.name,
    timeZone: row.time_zone,
    note: row.note,
    contact: { name: row.contact_name, address: row.contact_address, phone: row.contact_phone },
  };
}

interface EndRow extends RelayFigures {
  readonly instruction: string;
  readonly organisation: string;
  readonly askedBy: string;
  readonly endedAt: Date | null;
  readonly closed: boolean;
  readonly mails: number;
}

/**
 * Nothing is left to send: noted once. Asked again, the same reply, which the instruction counts once; null where the
 * follow-up is closed already, or something is to be sent again.
 */
export function endRelay({ sql: db, keys }: RelayStore, relay: string, now: Instant): Promise<ReplyInput | null> {
  return db.transaction().execute(async (trx) => {
    const row = await lockFigures(trx, relay);
    if (row === undefined || row.waiting > 0) return null;
    const { instruction, organisation, askedBy, closed, partners, reached, notReached } = row;
    if (row.endedAt === null) {
      await trx
        .updateTable('relay')
        .set({ ended_at: new Date(now) })
        .where('id', '=', relay)
        .execute();
      const data = { relay, partners, reached, notReached };
      await appendAudit(trx, keys, instructionSubject(instruction), [
        { at: now, kind: 'relayEnded', organisation, actor: MACHINE, data },
      ]);
    }
    return closed ? null : endReply({ relay, organisation, askedBy }, row, row.mails);
  });
}

async function lockFigures(trx: Transaction, relay: string): Promise<EndRow | undefined> {
  await trx.selectFrom('relay').select('id').where('id', '=', relay).forUpdate().executeTakeFirst();
  const { rows } = await sql<EndRow>`
    select relay.instruction_id as instruction, relay.organisation_id as organisation, relay.asked_by as "askedBy",
      relay.ended_at as "endedAt", r.closed, figures.*, (select count(*)::int from relay_mail where relay_id = relay.id) as mails
    from relay
    join instruction_recipient r on r.instruction_id = relay.instruction_id and r.organisation_id = relay.organisation_id
    cross join lateral (
      select count(*)::int as partners, count(*) filter (where status = 'sent')::int as reached,
        count(*) filter (where status = 'failed')::int as "notReached",
        count(*) filter (where status in ('planned', 'sending', 'waiting'))::int as waiting
      from relay_mail where relay_id = relay.id and current
    ) figures
    where relay.id = ${relay}::uuid`.execute(trx);
  return rows[0];
}
