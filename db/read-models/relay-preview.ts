import { sql } from 'kysely';
import type { NormalDraft } from '../../domain/draft.ts';
import type { PartnerCategory } from '../../domain/partner.ts';
import type { Sql } from '../database.ts';

export interface PreviewedPartner {
  readonly partner: string;
  readonly category: PartnerCategory;
  readonly name: string;
  readonly address: string;
}

/** Exactly those to whom a relay asked for now would go: the active ones of the categories, one an address. */
const chosen = (organisation: string, categories: readonly string[]) => sql`
  select distinct on (lower(address)) id as partner, category, name, address from partner
  where organisation_id = ${organisation} and active and category = any(${[...categories]}::text[])
  order by lower(address), id`;

export async function previewPartners(
  db: Sql,
  { organisation, categories }: { readonly organisation: string; readonly categories: readonly string[] },
  page: { readonly limit: number; readonly after: string | null },
): Promise<{ readonly rows: PreviewedPartner[]; readonly counts: Partial<Record<PartnerCategory, number>> }> {
  const { rows } = await sql<PreviewedPartner>`
    select * from (${chosen(organisation, categories)}) chosen where partner::text > ${page.after ?? ''}
    order by partner::text limit ${page.limit}`.execute(db);
  const { rows: counted } = await sql<{ category: PartnerCategory; count: number }>`
    select category, count(*)::int as count from (${chosen(organisation, categories)}) chosen group by category`.execute(
    db,
  );
  return { rows, counts: Object.fromEntries(counted.map(({ category, count }) => [category, count])) };
}

export interface RelaySource {
  readonly nature: string;
  readonly number: string | null;
  readonly subject: string;
  readonly body: string;
  readonly exercise: boolean;
  readonly draft: Partial<NormalDraft>;
  readonly organisationName: string;
  readonly contact: { readonly name: string; readonly address: string; readonly phone: string | null } | null;
}

/** What a relay of this instruction by this ARS would say, and who would sign it. */
export async function relaySource(
  db: Sql,
  instruction: string,
  organisation: string,
): Promise<RelaySource | undefined> {
  const { rows } = await sql<RelaySource>`
    select i.nature, i.number, i.subject, i.body, i.exercise, i.draft, o.name as "organisationName",
      case when box.address is null then null
        else jsonb_build_object('name', o.name, 'address', box.address, 'phone', phone.address) end as contact
    from instruction i join organisation o on o.id = ${organisation}
    left join lateral (
      select address from contact c where c.organisation_id = o.id and c.channel = 'mail' and c.kind in ('partners', 'alertBox')
      order by c.kind = 'partners' desc, c.position limit 1
    ) box on true
    left join lateral (
      select address from contact c where c.organisation_id = o.id and c.kind = 'partners' and c.channel = 'call'
      order by c.position limit 1
    ) phone on true
    where i.id = ${instruction}`.execute(db);
  return rows[0];
}
