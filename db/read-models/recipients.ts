import { sql } from 'kysely';
import type { Declared } from '../../domain/declared.ts';
import type { FollowUp, LastReply, RecipientState } from '../../domain/follow-up-state.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import type { NextStep } from '../schema.ts';
import { timeOf } from './cursor.ts';
import { declaredView, type DeclaredView, lastDeclaredView, type LastDeclaredView } from './declared.ts';
import type { Scope } from '../../domain/scope.ts';
import { inScope } from './scope.ts';

export interface RecipientView {
  readonly organisation: string;
  readonly name: string;
  readonly state: RecipientState;
  readonly closed: boolean;
  readonly percent: number | null;
  readonly late: boolean;
  readonly deadline: string | null;
  readonly returns: number;
  readonly ladderStep: number;
  readonly nextStep: NextStep | null;
  readonly lastReply: LastReplyView | null;
  /** Of a «pour diffusion»: what it declares to have relayed by other means than Vigie. */
  readonly declared: LastDeclaredView | null;
}

export type LastReplyView = Omit<LastReply, 'at'> & { readonly at: string };

export interface StepView {
  readonly number: number;
  readonly target: string;
  readonly channel: string;
  readonly status: string;
  readonly dueAt: string | null;
  readonly at: string | null;
}

export interface RecipientRow {
  instruction_id: string;
  organisation_id: string;
  name: string;
  state: RecipientState;
  closed: boolean;
  percent: number | null;
  late: boolean;
  deadline: Date | null;
  returns: number;
  ladder_step: number;
  next_step: NextStep | null;
  last_reply: LastReply | null;
  follow_up: FollowUp;
}

/** Recipients of one instruction within the scope, by organisation id after `after`. */
export async function listRecipients(
  db: Sql,
  scope: Scope,
  instruction: string,
  page: { readonly limit: number; readonly after: string | null },
): Promise<RecipientView[]> {
  const { rows } = await sql<RecipientRow>`${sql.raw(PREPARED)}
    select r.*, o.name from instruction_recipient r join organisation o on o.id = r.organisation_id
    where r.instruction_id = ${instruction} and ${inScope(scope, 'r.organisation_id')}
      and r.organisation_id > ${page.after ?? ''}
    order by r.organisation_id limit ${page.limit}`.execute(db);
  return rows.map(toRecipientView);
}

export interface RecipientDetail extends RecipientView {
  readonly steps: StepView[];
  readonly replies: ReplyView[];
  readonly deliveries: DeliveryView[];
}

export interface ReplyView {
  readonly at: string;
  readonly kind: string;
  readonly percent: number | null;
  readonly comment: string | null;
  readonly until: string | null;
  readonly evidence: string[];
  readonly declared: DeclaredView | null;
  readonly from: string;
  readonly channel: string;
  readonly verified: boolean;
  readonly onBehalfBy: string | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly purpose: string;
  readonly target: string;
  readonly channel: string;
  readonly step: number;
  readonly addressee: string;
  readonly address: string;
  readonly status: string;
  readonly attempts: number;
  readonly inDoubt: boolean;
  readonly plannedAt: string;
  readonly sentAt: string | null;
  readonly error: string | null;
}

type ReplyRow = Omit<ReplyView, 'declared'> & { readonly declared: Declared | null };

/** One recipient with its ladder, its replies and what was sent about it; undefined when there is none. */
export async function getRecipient(
  db: Sql,
  instruction: string,
  organisation: string,
): Promise<RecipientDetail | undefined> {
  const { rows } = await sql<RecipientRow & { replies: ReplyRow[]; deliveries: DeliveryView[] }>`
    select r.*, o.name, ${repliesOf(instruction, organisation)} as replies,
      ${deliveriesOf(instruction, organisation)} as deliveries
    from instruction_recipient r join organisation o on o.id = r.organisation_id
    where r.instruction_id = ${instruction} and r.organisation_id = ${organisation}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const replies = row.replies.map((one) => ({ ...one, declared: one.declared && declaredView(one.declared) }));
  return { ...toRecipientView(row), steps: stepsOf(row.follow_up), replies, deliveries: row.deliveries };
}

/** True when the organisation is a recipient of the instruction. */
export async function isRecipientIn(db: Sql, instruction: string, organisation: string): Promise<boolean> {
  const row = await db
    .selectFrom('instruction_recipient')
    .select('seq')
    .where('instruction_id', '=', instruction)
    .where('organisation_id', '=', organisation)
    .executeTakeFirst();
  return row !== undefined;
}

const RFC3339 = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

const repliesOf = (instruction: string, organisation: string) => sql`coalesce((
  select jsonb_agg(jsonb_build_object('at', to_char(p.at at time zone 'UTC', ${RFC3339}), 'kind', p.kind, 'percent', p.percent,
    'comment', p.comment, 'until', to_char(p.until at time zone 'UTC', ${RFC3339}), 'evidence', to_jsonb(p.evidence),
    'declared', p.declared, 'from', p.said_by, 'channel', p.channel, 'verified', p.verified, 'onBehalfBy', p.on_behalf_by) order by p.at, p.seq)
  from reply p where p.instruction_id = ${instruction} and p.organisation_id = ${organisation}), '[]'::jsonb)`;

const deliveriesOf = (instruction: string, organisation: string) => sql`coalesce((
  select jsonb_agg(jsonb_build_object('id', d.id, 'purpose', d.purpose, 'target', d.target, 'channel', d.channel,
    'step', d.step, 'addressee', d.addressee, 'address', d.address, 'status', d.status, 'attempts', d.attempts,
    'inDoubt', d.in_doubt, 'plannedAt', to_char(d.planned_at at time zone 'UTC', ${RFC3339}),
    'sentAt', to_char(d.sent_at at time zone 'UTC', ${RFC3339}), 'error', d.last_error) order by d.planned_at, d.step)
  from delivery d where d.instruction_id = ${instruction} and d.organisation_id = ${organisation}), '[]'::jsonb)`;

export const toRecipientView = (row: RecipientRow): RecipientView => ({
  organisation: row.organisation_id,
  name: row.name,
  state: row.state,
  closed: row.closed,
  percent: row.percent,
  late: row.late,
  deadline: timeOf(row.deadline),
  returns: row.returns,
  ladderStep: row.ladder_step,
  nextStep: row.next_step,
  lastReply: row.last_reply === null ? null : lastReplyView(row.last_reply),
  declared: lastDeclaredView(row.follow_up.declared),
});

export const lastReplyView = (reply: LastReply): LastReplyView => ({
  ...reply,
  at: new Date(reply.at).toISOString(),
});

export function stepsOf(followUp: FollowUp): StepView[] {
  const { ladderFrom } = followUp;
  return followUp.steps.map((step) => ({
    number: step.number,
    target: step.target,
    channel: step.channel,
    status: step.status,
    dueAt: ladderFrom === null ? null : new Date(ladderFrom + step.after).toISOString(),
    at: step.at === null ? null : new Date(step.at).toISOString(),
  }));
}
