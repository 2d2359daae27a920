import { sql } from 'kysely';
import type { RelayAsk } from '../../../domain/relay.ts';
import type { Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import { insertMails, refuseRelay, type Asked, type NewMail, type RelayStore, type TakenStep } from './relay.ts';

interface Current extends NewMail {
  readonly relay: string;
  readonly partners: number;
  readonly status: string | null;
  readonly acknowledged: boolean;
}

/**
 * One partner once more, at the address that its directory has now; or for the first time, where it came into the directory
 * after the relay. The mail before counts no more, nor does its link.
 */
export function resendRelay(store: RelayStore, asked: Asked<RelayAsk & { kind: 'resend' }>): Promise<TakenStep> {
  return store.sql.transaction().execute(async (trx) => {
    const relay = await lockRelay(trx, asked);
    if (relay === undefined) return refuseRelay('notRelayed');
    const current = await currentMail(trx, relay, asked);
    if (current === undefined) return refuseRelay('unknownPartner');
    if (current.acknowledged) return refuseRelay('acknowledged');
    if (['planned', 'sending', 'waiting'].includes(current.status ?? '')) return refuseRelay('onItsWay');
    await trx
      .updateTable('relay_mail')
      .set({ current: false })
      .where('relay_id', '=', relay)
      .where('partner_id', '=', asked.ask.partner)
      .execute();
    await insertMails(trx, store.keys, { relay, now: asked.now }, [current]);
    await trx.updateTable('relay').set({ ended_at: null }).where('id', '=', relay).execute();
    const { organisation, instruction, now, ask } = asked;
    const actor = { sub: ask.by, organisation };
    await appendAudit(trx, store.keys, instructionSubject(instruction), [
      {
        at: now,
        kind: 'relayResent',
        organisation,
        actor,
        data: { relay, partner: ask.partner, round: current.round },
      },
    ]);
    return { answer: { accepted: true, relay, partners: current.partners, again: false }, reply: null };
  });
}

async function lockRelay(trx: Transaction, { instruction, organisation }: Asked): Promise<string | undefined> {
  const row = await trx
    .selectFrom('relay')
    .select('id')
    .where('instruction_id', '=', instruction)
    .where('organisation_id', '=', organisation)
    .forUpdate()
    .executeTakeFirst();
  return row?.id;
}

async function currentMail(
  trx: Transaction,
  relay: string,
  { organisation, instruction, ask }: Asked<RelayAsk & { kind: 'resend' }>,
): Promise<Current | undefined> {
  const { rows } = await sql<Current>`
    select partner.id as partner, partner.category, partner.name, partner.address, coalesce(mail.round, 0) + 1 as round,
      mail.status, ack.relay_mail_id is not null as acknowledged,
      (select count(*)::int from relay_mail where relay_id = ${relay}::uuid and current) as partners
    from partner
    join instruction i on i.id = ${instruction}::uuid and i.draft -> 'relayTo' ? partner.category
    left join relay_mail mail on mail.relay_id = ${relay}::uuid and mail.partner_id = partner.id and mail.current
    left join relay_acknowledgement ack on ack.relay_mail_id = mail.id
    where partner.id::text = ${ask.partner} and partner.organisation_id = ${organisation} and partner.active`.execute(
    trx,
  );
  return rows[0];
}
