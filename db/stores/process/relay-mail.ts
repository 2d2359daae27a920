import { sql } from 'kysely';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { endReply, type RelayFigures } from '../../../domain/relay.ts';
import type { ReplyInput } from '../../../domain/reply-kinds.ts';
import type { Sql, Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import type { MailTable } from './mail-rows.ts';
import type { RelayStore } from './relay.ts';

/** Mails of relays, as the sending path of all mailings sees them. */
export const RELAY_MAILS: MailTable = { table: 'relay_mail', of: 'relay_id', to: 'partner_id' };

/** A message that is cancelled meanwhile is passed on to nobody more: what has not left never will. */
export async function withdrawCancelledMails(db: Sql, relay: string): Promise<void> {
  await sql`
    update relay_mail set status = 'failed', last_error = 'retiré : le message a été annulé'
    where relay_id = ${relay}::uuid and status in ('planned', 'waiting') and exists (
      select from relay join instruction i on i.id = relay.instruction_id
      join instruction_recipient r on r.instruction_id = relay.instruction_id and r.organisation_id = relay.organisation_id
      where relay.id = ${relay}::uuid and (i.status = 'cancelled' or r.state = 'cancelled'))`.execute(db);
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
