import { sql, type RawBuilder } from 'kysely';
import type { PlannedDelivery } from '../../../domain/changes.ts';
import type { StoredRoster } from '../duty-roster.ts';
import { toJson } from '../json.ts';

/** Whom a plan goes to; `address` null: there is nobody. */
export interface FoundContact {
  /** Index of the plan. */
  readonly n: number;
  readonly addressee: string | null;
  readonly address: string | null;
  readonly name: string | null;
  /** Of the recipient, where it has one and the plan goes to whoever is on call. */
  readonly roster?: StoredRoster | null;
}

/**
 * A scalar subquery: the contacts of these plans as they are now, as one jsonb array of `FoundContact`. `zoneArs` is the
 * alert box of the zone's lead, `corrussHead` and `desk` are contacts of CORRUSS, anything else is of the recipient; the
 * first position of its kind and channel; `onCall` of an organisation with a roster comes with it (`whoIsOnCall` reads it).
 * `sender` is who wrote the stored mail, as long as he is a contact of the recipient or
 * the addressee of the delivery that the mail answers: nothing ever goes to a foreign address.
 */
export const contactsOf = (
  plans: readonly Pick<PlannedDelivery, 'organisation' | 'target' | 'channel' | 'detail'>[],
): RawBuilder<FoundContact[]> => {
  if (plans.length === 0) return sql`'[]'::jsonb`;
  const wanted = plans.map(({ organisation, target, channel, detail }, n) => ({
    n,
    organisation,
    target,
    channel,
    ...(target === 'sender' ? { mail: detail['mail'] } : {}),
  }));
  return sql`(
    select jsonb_agg(jsonb_build_object(
      'n', plan.n, 'addressee', meant.organisation, 'address', coalesce(writer.address, contact.address), 'name', coalesce(writer.name, contact.name),
      'roster', duty.roster))
    from jsonb_to_recordset(${toJson(wanted)}::jsonb) as plan (n int, organisation text, target text, channel text, mail uuid)
    left join organisation recipient on plan.target = 'zoneArs' and recipient.id = plan.organisation
    left join organisation lead on lead.zone = recipient.zone and lead.zone_lead
    cross join lateral (select
      case when plan.target = 'zoneArs' then lead.id
        when plan.target in ('corrussHead', 'desk') then 'CORRUSS' else plan.organisation end as organisation,
      case when plan.target = 'zoneArs' then 'alertBox' else plan.target end as kind) meant
    left join lateral (
      select jsonb_build_object('organisation', roster.organisation_id, 'timeZone', place.time_zone, 'document', roster.document) as roster
      from duty_roster roster join organisation place on place.id = roster.organisation_id
      where plan.target = 'onCall' and roster.organisation_id = meant.organisation and roster.document is not null) duty on true
    left join lateral (
      select address, name from contact
      where organisation_id = meant.organisation and kind = meant.kind and channel = plan.channel
      order by position limit 1) contact on true
    left join lateral (
      select known.address, known.name from inbound_mail mail
      cross join lateral (
        select address, name, 0 as rank from contact
        where organisation_id = plan.organisation and channel = 'mail' and lower(address) = mail.sender
        union all
        select address, address_name, 1 from delivery
        where delivery.id = mail.delivery_id and delivery.organisation_id = plan.organisation
          and delivery.addressee = plan.organisation and lower(delivery.address) = mail.sender
        order by rank limit 1) known
      where plan.target = 'sender' and mail.id = plan.mail) writer on true)`;
};
