import { sql } from 'kysely';
import { type KeyRing } from '../../../config/keys.ts';
import { hashToken, relayLinkToken, relayReplyPart } from '../../../config/tokens.ts';
import type { NormalDraft } from '../../../domain/draft.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { PartnerCategory } from '../../../domain/partner.ts';
import { startReply, type RelayAnswer, type RelayAsk, type RelayRefusalCode } from '../../../domain/relay.ts';
import type { ReplyInput } from '../../../domain/reply-kinds.ts';
import { newId, type Sql, type Transaction } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';
import { toJson } from '../json.ts';

export interface RelayStore {
  readonly sql: Sql;
  readonly keys: KeyRing;
}

export interface TakenStep {
  readonly answer: RelayAnswer;
  /** What the instruction is told; the same when it is asked again. */
  readonly reply: ReplyInput | null;
}

export interface Asked<Ask extends RelayAsk = RelayAsk> {
  readonly instruction: string;
  readonly organisation: string;
  readonly ask: Ask;
  readonly now: Instant;
}

const DETAILS: Readonly<Record<RelayRefusalCode, string>> = {
  notFound: 'Cette agence n’est pas destinataire de l’instruction.',
  notDiffusion: 'Seul un message pour diffusion peut être relayé.',
  closed: 'Le suivi de votre agence est clos : la diffusion a déjà été confirmée, ou annulée.',
  noContact: 'Aucune adresse de contact de votre agence : les partenaires ne pourraient pas vous répondre.',
  noPartner: 'Votre annuaire n’a aucun partenaire actif dans les catégories demandées.',
  notRelayed: 'Ce message n’a pas encore été relayé par votre agence.',
  unknownPartner: 'Ce partenaire n’est pas un partenaire actif des catégories demandées.',
  onItsWay: 'Le courriel de ce partenaire est déjà en route.',
  acknowledged: 'Ce partenaire a déjà accusé réception.',
};

export const refuseRelay = (code: RelayRefusalCode): TakenStep => ({
  answer: { accepted: false, code, detail: DETAILS[code] },
  reply: null,
});

export interface NewMail {
  readonly partner: string;
  readonly category: PartnerCategory;
  readonly name: string;
  readonly address: string;
  readonly round: number;
}

/** Begins the relay of one ARS, once: asked again, the same relay. All partners in one statement. */
export function beginRelay(store: RelayStore, asked: Asked<RelayAsk & { kind: 'relay' }>): Promise<TakenStep> {
  return store.sql.transaction().execute(async (trx) => {
    const matter = await lockRecipient(trx, asked);
    if (matter === undefined) return refuseRelay('notFound');
    const existing = await relayOf(trx, asked);
    if (existing !== undefined) return begun(asked, existing, true);
    if (matter.nature !== 'diffusion') return refuseRelay('notDiffusion');
    if (matter.closed || matter.status !== 'open') return refuseRelay('closed');
    const contact = await contactOf(trx, asked.organisation);
    if (contact === undefined) return refuseRelay('noContact');
    const partners = await partnersOf(trx, asked.organisation, matter.relayTo);
    if (partners.length === 0) return refuseRelay('noPartner');
    return begun(asked, await write(store, trx, asked, contact, partners), false);
  });
}

const begun = (
  { organisation, ask }: Asked,
  { id, partners, askedBy }: { id: string; partners: number; askedBy: string },
  again: boolean,
): TakenStep => ({
  answer: { accepted: true, relay: id, partners, again },
  reply: startReply({ relay: id, organisation, askedBy: again ? askedBy : ask.by }, partners),
});

/** The row of the recipient is held until the relay is there: of two asks at once one begins it, the other finds it. */
async function lockRecipient(trx: Transaction, { instruction, organisation }: Asked) {
  const row = await trx
    .selectFrom('instruction_recipient as r')
    .innerJoin('instruction as i', 'i.id', 'r.instruction_id')
    .select(['i.nature', 'i.status', 'i.draft', 'r.closed'])
    .where('r.instruction_id', '=', instruction)
    .where('r.organisation_id', '=', organisation)
    .forUpdate('r')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { relayTo = [] } = row.draft as Partial<NormalDraft>;
  return { nature: row.nature, status: row.status, closed: row.closed, relayTo };
}

async function relayOf(trx: Transaction, { instruction, organisation }: Asked) {
  const { rows } = await sql<{ id: string; partners: number; askedBy: string }>`
    select relay.id, relay.asked_by as "askedBy",
      (select count(*)::int from relay_mail where relay_id = relay.id and round = 1) as partners
    from relay where instruction_id = ${instruction} and organisation_id = ${organisation}`.execute(trx);
  return rows[0];
}

export interface RelayContact {
  readonly name: string;
  readonly address: string;
  readonly phone: string | null;
}

/** Whom partners write back to: the public contact of the ARS where it has one, else its alert box. Never CORRUSS. */
export async function contactOf(db: Sql, organisation: string): Promise<RelayContact | undefined> {
  const { rows } = await sql<RelayContact>`
    select o.name, box.address, phone.address as phone
    from organisation o
    join lateral (
      select address from contact c where c.organisation_id = o.id and c.channel = 'mail' and c.kind in ('partners', 'alertBox')
      order by c.kind = 'partners' desc, c.position limit 1
    ) box on true
    left join lateral (
      select address from contact c where c.organisation_id = o.id and c.kind = 'partners' and c.channel = 'call'
      order by c.position limit 1
    ) phone on true
    where o.id = ${organisation} and o.kind = 'ars'`.execute(db);
  return rows[0];
}

/** One mail an address, also where it stands in two categories. */
async function partnersOf(trx: Transaction, organisation: string, categories: readonly string[]): Promise<NewMail[]> {
  const { rows } = await sql<NewMail>`
    select distinct on (lower(address)) id as partner, category, name, address, 1 as round from partner
    where organisation_id = ${organisation} and active and category = any(${[...categories]}::text[])
    order by lower(address), id`.execute(trx);
  return rows;
}

async function write(
  store: RelayStore,
  trx: Transaction,
  { instruction, organisation, ask, now }: Asked<RelayAsk & { kind: 'relay' }>,
  contact: RelayContact,
  partners: readonly NewMail[],
) {
  const id = newId();
  await trx
    .insertInto('relay')
    .values({
      id,
      instruction_id: instruction,
      organisation_id: organisation,
      note: ask.note,
      contact_name: contact.name,
      contact_address: contact.address,
      contact_phone: contact.phone,
      asked_by: ask.by,
      asked_at: new Date(now),
    })
    .execute();
  await insertMails(trx, store.keys, { relay: id, now }, partners);
  const actor = { sub: ask.by, organisation };
  await appendAudit(trx, store.keys, instructionSubject(instruction), [
    {
      at: now,
      kind: 'relayStarted',
      organisation,
      actor,
      data: { relay: id, partners: partners.length, note: ask.note },
    },
  ]);
  return { id, partners: partners.length, askedBy: ask.by };
}

/** Mails to send, with the hashes of their tokens: the tokens themselves are made again when they leave. */
export async function insertMails(
  trx: Transaction,
  keys: KeyRing,
  { relay, now }: { readonly relay: string; readonly now: Instant },
  mails: readonly NewMail[],
): Promise<void> {
  const rows = mails.map((mail) => {
    const id = newId();
    const link = hashToken(relayLinkToken(keys[0], id));
    return { ...mail, id, link, reply: hashToken(relayReplyPart(keys[0], id)) };
  });
  await sql`
    insert into relay_mail (id, relay_id, partner_id, round, category, name, address, status, link_hash, reply_hash, planned_at)
    select id, ${relay}::uuid, partner, round, category, name, address, 'planned', link, reply, ${new Date(now)}::timestamptz
    from jsonb_to_recordset(${toJson(rows)}::jsonb)
      as mail (id uuid, partner uuid, round int, category text, name text, address text, link text, reply text)`.execute(
    trx,
  );
}
