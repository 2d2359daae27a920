import { sql } from 'kysely';
import type { DeliveryPurpose, DeliveryReport } from '../../../domain/events.ts';
import type { FollowUp } from '../../../domain/follow-up-state.ts';
import type { Channel, DeliveryTarget } from '../../../domain/instruction.ts';
import { toRfc3339, type Instant } from '../../../domain/instant.ts';
import type { Sql } from '../../database.ts';
import { toJson } from '../json.ts';

/** Somebody named in a mail. */
export interface NamedOrganisation {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

/** A delivery that this process alone may send now, with all that its words need. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly purpose: DeliveryPurpose;
  readonly target: DeliveryTarget;
  readonly channel: Channel;
  readonly step: number;
  readonly round: number;
  readonly about: NamedOrganisation;
  readonly addressee: NamedOrganisation;
  readonly address: string;
  readonly addressName: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly messageId: string;
  readonly linkHash: string | null;
  readonly replyHash: string | null;
  readonly plannedAt: Instant;
  /** Null for what concerns the instruction as a whole. */
  readonly followUp: FollowUp | null;
}

/** How one claim ended. `planned`: nothing was tried, it is free again. */
export interface FinishedDelivery {
  readonly id: string;
  readonly status: 'sent' | 'failed' | 'waiting' | 'planned';
  readonly at: Instant;
  readonly error: string | null;
  readonly inDoubt: boolean;
}

export interface Claim {
  readonly at: Instant;
  /** Already tried by this call: a delivery put off is not taken again at once. */
  readonly tried: readonly string[];
  /** First mails at once (nothing but a cancellation withdraws them). */
  readonly most: number;
  /** Others at once: as many as are sent immediately, so that an answer still withdraws the rest. */
  readonly few: number;
}

/**
 * Takes deliveries of one instruction for sending, in one statement that commits by itself before anything is sent. A row found
 * `sending` was claimed by an attempt that never told its outcome: it is taken again, in doubt.
 */
export async function claimDeliveries(database: Sql, instruction: string, claim: Claim): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimRow>`
    with todo as (
      select id, status from delivery
      where instruction_id = ${instruction}::uuid and status in ('planned', 'sending', 'waiting')
        and id <> all(${claim.tried}::uuid[])
      order by purpose <> 'instruction', planned_at, id
      limit case when exists (
        select from delivery where instruction_id = ${instruction}::uuid and status in ('planned', 'sending', 'waiting')
          and purpose = 'instruction' and id <> all(${claim.tried}::uuid[])
      ) then ${claim.most}::int else ${claim.few}::int end
      for update skip locked
    ), claimed as (
      update delivery set status = 'sending', claimed_at = ${new Date(claim.at)}::timestamptz, attempts = attempts + 1,
        in_doubt = delivery.in_doubt or todo.status = 'sending'
      from todo where delivery.id = todo.id
      returning delivery.*
    )
    select claimed.*, about.name as about_name, about.time_zone as about_zone, reader.name as reader_name,
      reader.time_zone as reader_zone, recipient.follow_up
    from claimed
    join organisation about on about.id = claimed.organisation_id
    join organisation reader on reader.id = claimed.addressee
    left join instruction_recipient recipient on recipient.instruction_id = claimed.instruction_id
      and recipient.organisation_id = claimed.organisation_id
    order by claimed.purpose <> 'instruction', claimed.planned_at, claimed.id`.execute(database);
  return rows.map(toClaimed);
}

interface ClaimRow {
  id: string;
  organisation_id: string;
  purpose: DeliveryPurpose;
  target: DeliveryTarget;
  channel: Channel;
  step: number;
  round: number;
  addressee: string;
  address: string;
  address_name: string;
  detail: Record<string, unknown>;
  message_id: string;
  link_hash: string | null;
  reply_hash: string | null;
  planned_at: Date;
  about_name: string;
  about_zone: string;
  reader_name: string;
  reader_zone: string;
  follow_up: FollowUp | null;
}

const toClaimed = (row: ClaimRow): ClaimedDelivery => ({
  id: row.id,
  purpose: row.purpose,
  target: row.target,
  channel: row.channel,
  step: row.step,
  round: row.round,
  about: { id: row.organisation_id, name: row.about_name, timeZone: row.about_zone },
  addressee: { id: row.addressee, name: row.reader_name, timeZone: row.reader_zone },
  address: row.address,
  addressName: row.address_name,
  detail: row.detail,
  messageId: row.message_id,
  linkHash: row.link_hash,
  replyHash: row.reply_hash,
  plannedAt: row.planned_at.getTime(),
  followUp: row.follow_up,
});

/** Writes how claims ended, all in one statement. What is `sent` stays so, whatever a slower attempt says afterwards. */
export async function finishDeliveries(database: Sql, finished: readonly FinishedDelivery[]): Promise<void> {
  const rows = finished.map(({ inDoubt, at, ...row }) => ({ ...row, in_doubt: inDoubt, at: toRfc3339(at) }));
  await sql`
    update delivery set status = case when delivery.bounced_at is null then done.status else 'failed' end,
      last_error = case when delivery.bounced_at is null then done.error else delivery.last_error end, in_doubt = delivery.in_doubt or done.in_doubt,
      sent_at = case when done.status = 'sent' then done.at else delivery.sent_at end
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as done (id uuid, status text, at timestamptz, error text, in_doubt boolean)
    where delivery.id = done.id and (delivery.status = 'sending' or done.status = 'sent')`.execute(database);
}

/** Outcomes that no recorded turn has told yet: an attempt died between marking them and reporting them. */
export async function unreportedDeliveries(database: Sql, instruction: string): Promise<DeliveryReport[]> {
  const rows = await database
    .selectFrom('delivery')
    .select(['id', 'organisation_id', 'purpose', 'step', 'round', 'status', 'sent_at', 'claimed_at', 'planned_at'])
    .where('instruction_id', '=', instruction)
    .where('status', 'in', ['sent', 'failed'])
    .where('reported', '=', false)
    .orderBy('claimed_at')
    .execute();
  return rows.map((row) => ({
    delivery: row.id,
    organisation: row.organisation_id,
    purpose: row.purpose,
    step: row.step,
    round: row.round,
    outcome: row.status === 'sent' ? 'sent' : 'failed',
    at: (row.sent_at ?? row.claimed_at ?? row.planned_at).getTime(),
  }));
}

/** How many deliveries of an instruction are still to be sent. */
export async function countUnsent(database: Sql, instruction: string): Promise<number> {
  const { count } = await database
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('instruction_id', '=', instruction)
    .where('status', 'in', ['planned', 'sending', 'waiting'])
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** New hashes for a delivery whose key has left the ring: its mail goes out with tokens of the newest key. */
export async function renewTokens(
  database: Sql,
  delivery: string,
  hashes: { readonly link_hash?: string; readonly reply_hash?: string },
): Promise<void> {
  await database.updateTable('delivery').set(hashes).where('id', '=', delivery).execute();
}
