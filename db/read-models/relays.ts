import { type RawBuilder, sql } from 'kysely';
import type { LastDeclared } from '../../domain/follow-up-state.ts';
import type { PartnerCategory, PartnerState } from '../../domain/partner.ts';
import type { RelayFigures } from '../../domain/relay.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { timeOf } from './cursor.ts';
import { type DeclaredView, lastDeclaredView, type LastDeclaredView } from './declared.ts';
import { inScope } from './scope.ts';

/**
 * One ARS of a «pour diffusion»: one figure for the nation. What Vigie counted, zeros where the ARS has not relayed through it;
 * beside it what the ARS declares: both may tell of the same partners, so they are never added up.
 */
export interface RelayView extends RelayFigures {
  readonly organisation: string;
  readonly name: string;
  readonly state: string;
  readonly askedAt: string | null;
  readonly endedAt: string | null;
  readonly declared: LastDeclaredView | null;
}

interface Row extends Omit<RelayView, 'askedAt' | 'endedAt' | 'declared'> {
  readonly askedAt: Date | null;
  readonly endedAt: Date | null;
  readonly declared: LastDeclared | null;
}

/** What an acknowledgement says outweighs what a machine said of the same mail. */
const STATE = sql<PartnerState>`case when ack.relay_mail_id is not null then 'acknowledged' when mail.status = 'sent' then 'reached'
  when mail.status = 'failed' then 'notReached' else 'waiting' end`;

/** Figures of the mails that the condition picks, as columns of `figures`. */
const figures = (where: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  cross join lateral (
    select count(*)::int as partners, count(*) filter (where sent_at is not null)::int as relayed,
      count(*) filter (where state in ('reached', 'acknowledged'))::int as reached,
      count(*) filter (where state = 'acknowledged')::int as acknowledged,
      count(*) filter (where state = 'notReached')::int as "notReached", count(*) filter (where state = 'waiting')::int as waiting
    from (
      select mail.sent_at, ${STATE} as state from relay_mail mail
      left join relay_acknowledgement ack on ack.relay_mail_id = mail.id
      where mail.current and ${where}
    ) mails
  ) figures`;

/** The recipients of an instruction within the scope, by id, each with its relay. */
export async function listRelays(
  db: Sql,
  scope: Scope,
  instruction: string,
  page: { readonly limit: number; readonly after: string | null; readonly only?: string },
): Promise<RelayView[]> {
  const only = page.only === undefined ? sql`true` : sql`r.organisation_id = ${page.only}`;
  const { rows } = await sql<Row>`
    select r.organisation_id as organisation, o.name, r.state, relay.asked_at as "askedAt", relay.ended_at as "endedAt",
      r.follow_up->'declared' as declared, figures.*
    from instruction_recipient r
    join organisation o on o.id = r.organisation_id
    left join relay on relay.instruction_id = r.instruction_id and relay.organisation_id = r.organisation_id
    ${figures(sql`mail.relay_id = relay.id`)}
    where r.instruction_id = ${instruction} and ${inScope(scope, 'r.organisation_id')} and ${only}
      and r.organisation_id > ${page.after ?? ''}
    order by r.organisation_id limit ${page.limit}`.execute(db);
  return rows.map(({ askedAt, endedAt, declared, ...row }) => ({
    ...row,
    askedAt: timeOf(askedAt),
    endedAt: timeOf(endedAt),
    declared: lastDeclaredView(declared),
  }));
}

/** The figures of a nation: what Vigie counted, and beside it what was declared. */
export interface RelayTotals extends RelayFigures {
  /** Those that have relayed through Vigie. */
  readonly organisations: number;
  readonly declared: DeclaredTotals;
  /** Those that have done both. */
  readonly both: number;
}

/** Sums of what was declared; null where nobody said. */
export interface DeclaredTotals extends Omit<DeclaredView, 'means'> {
  /** Those that have declared. */
  readonly organisations: number;
}

/** All relays of an instruction within the scope, together. */
export async function relayTotals(db: Sql, scope: Scope, instruction: string): Promise<RelayTotals> {
  const { rows } = await sql<RelayTotals>`
    select figures.*, (
      select count(*)::int from relay where instruction_id = ${instruction} and ${inScope(scope, 'relay.organisation_id')}
    ) as organisations, said.both, jsonb_build_object('organisations', said.organisations, 'relayed', said.relayed,
      'reached', said.reached, 'acknowledged', said.acknowledged, 'notReached', said.not_reached) as declared
    from (
      select count(*)::int as organisations, count(relay.id)::int as both, coalesce(sum((said->>'relayed')::int), 0) as relayed,
        sum((said->>'reached')::int) as reached, sum((said->>'acknowledged')::int) as acknowledged,
        sum((said->>'notReached')::int) as not_reached
      from instruction_recipient r cross join lateral (select r.follow_up->'declared' as said) one
      left join relay on relay.instruction_id = r.instruction_id and relay.organisation_id = r.organisation_id
      where r.instruction_id = ${instruction} and said is not null and ${inScope(scope, 'r.organisation_id')}
    ) said ${figures(sql`mail.relay_id in (
      select id from relay where instruction_id = ${instruction} and ${inScope(scope, 'relay.organisation_id')})`)}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate is always one row');
  return row;
}

export interface RelayPartner {
  readonly partner: string;
  readonly category: PartnerCategory;
  readonly name: string;
  /** Where its mail went. */
  readonly address: string;
  readonly state: PartnerState;
  readonly sentAt: string | null;
  readonly acknowledgedAt: string | null;
  /** Why it was not reached. */
  readonly reason: string | null;
  /** More than 1: sent again. */
  readonly round: number;
}

interface PartnerRow extends Omit<RelayPartner, 'sentAt' | 'acknowledgedAt'> {
  readonly sentAt: Date | null;
  readonly acknowledgedAt: Date | null;
}

/** Partners of one relay, each with where it stands. */
export async function listRelayPartners(
  db: Sql,
  recipient: { readonly instruction: string; readonly organisation: string },
  page: { readonly limit: number; readonly after: string | null; readonly state?: PartnerState },
): Promise<RelayPartner[]> {
  const wanted = page.state === undefined ? sql`true` : sql`state = ${page.state}`;
  const { rows } = await sql<PartnerRow>`
    select * from (
      select mail.partner_id as partner, mail.category, mail.name, mail.address, ${STATE} as state, mail.sent_at as "sentAt",
        ack.at as "acknowledgedAt", mail.last_error as reason, mail.round
      from relay join relay_mail mail on mail.relay_id = relay.id and mail.current
      left join relay_acknowledgement ack on ack.relay_mail_id = mail.id
      where relay.instruction_id = ${recipient.instruction} and relay.organisation_id = ${recipient.organisation}
        and mail.partner_id::text > ${page.after ?? ''}
    ) partners where ${wanted} order by partner::text limit ${page.limit}`.execute(db);
  return rows.map(({ sentAt, acknowledgedAt, ...row }) => ({
    ...row,
    reason: row.state === 'notReached' || row.state === 'waiting' ? row.reason : null,
    sentAt: timeOf(sentAt),
    acknowledgedAt: timeOf(acknowledgedAt),
  }));
}
