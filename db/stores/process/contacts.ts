import { sql, type RawBuilder } from 'kysely';
import type { PlannedDelivery } from '../../../domain/changes.ts';
import { toJson } from '../json.ts';

/** Whom a plan goes to; `address` null: there is nobody. */
export interface FoundContact {
  /** Index of the plan. */
  readonly n: number;
  readonly addressee: string | null;
  readonly address: string | null;
  readonly name: string | null;
}

/**
 * A scalar subquery: the contacts of these plans as they are now, as one jsonb array of `FoundContact`. `zoneArs` is the
 * alert box of the zone's lead, `corrussHead` and `desk` are contacts of CORRUSS, anything else is of the recipient; the
 * first position of its kind and channel.
 */
export const contactsOf = (plans: readonly PlannedDelivery[]): RawBuilder<FoundContact[]> => {
  if (plans.length === 0) return sql`'[]'::jsonb`;
  const wanted = plans.map(({ organisation, target, channel }, n) => ({ n, organisation, target, channel }));
  return sql`(
    select jsonb_agg(jsonb_build_object(
      'n', plan.n, 'addressee', meant.organisation, 'address', contact.address, 'name', contact.name))
    from jsonb_to_recordset(${toJson(wanted)}::jsonb) as plan (n int, organisation text, target text, channel text)
    left join organisation recipient on plan.target = 'zoneArs' and recipient.id = plan.organisation
    left join organisation lead on lead.zone = recipient.zone and lead.zone_lead
    cross join lateral (select
      case when plan.target = 'zoneArs' then lead.id
        when plan.target in ('corrussHead', 'desk') then 'CORRUSS' else plan.organisation end as organisation,
      case when plan.target = 'zoneArs' then 'alertBox' else plan.target end as kind) meant
    left join lateral (
      select address, name from contact
      where organisation_id = meant.organisation and kind = meant.kind and channel = plan.channel
      order by position limit 1) contact on true)`;
};
