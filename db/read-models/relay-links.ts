import type { Sql } from '../database.ts';

/** What stands behind the acknowledgement link of a partner. */
export interface RelayLink {
  readonly mail: string;
  readonly partner: string;
  readonly organisationName: string;
  readonly timeZone: string;
  readonly contactAddress: string;
  readonly contactPhone: string | null;
  readonly number: string;
  readonly subject: string;
  readonly exercise: boolean;
  readonly acknowledgedAt: number | null;
}

/** @param hash SHA-256 of the token; undefined when no mail that counts carries it */
export async function findRelayLink(db: Sql, hash: string): Promise<RelayLink | undefined> {
  const row = await db
    .selectFrom('relay_mail as mail')
    .innerJoin('relay', 'relay.id', 'mail.relay_id')
    .innerJoin('instruction as i', 'i.id', 'relay.instruction_id')
    .innerJoin('organisation as o', 'o.id', 'relay.organisation_id')
    .leftJoin('relay_acknowledgement as ack', 'ack.relay_mail_id', 'mail.id')
    .select(['mail.id as mail', 'mail.name as partner', 'o.name as organisationName', 'o.time_zone as timeZone'])
    .select(['relay.contact_address as contactAddress', 'relay.contact_phone as contactPhone'])
    .select(['i.number', 'i.subject', 'i.exercise', 'ack.at'])
    .where('mail.link_hash', '=', hash)
    .where('mail.current', '=', true)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { at, number, ...rest } = row;
  return { ...rest, number: number ?? '', acknowledgedAt: at?.getTime() ?? null };
}
