import { sql, type RawBuilder } from 'kysely';
import type { Changes } from '../../../domain/changes.ts';
import { toRfc3339 } from '../../../domain/instant.ts';
import type { Sql } from '../../database.ts';
import { newId } from '../../ids.ts';
import { PREPARED } from '../../prepared-statements.ts';
import type { SealedEntry } from '../audit-chain.ts';
import { auditRows } from '../audit.ts';
import { toJson } from '../json.ts';
import type { DeliveryRow } from './planned-deliveries.ts';
import { recipientRow } from './projection.ts';

type Part = RawBuilder<unknown>;

/** A turn made ready: contacts looked up, facts chained. */
export interface PreparedTurn {
  /** The UPDATE of `instruction` (returning its id) on which all the rest depends: no row, nothing written. */
  readonly guard: Part;
  readonly changes: Changes;
  /** True: rows of later turns are overwritten too (the workflow has lost those turns). */
  readonly overwrite: boolean;
  readonly deliveries: readonly DeliveryRow[];
  readonly audit: {
    readonly subject: string;
    readonly entries: readonly SealedEntry[];
    readonly from: number;
    readonly head: { readonly position: number; readonly hmac: string; readonly seal: string };
  };
}

/**
 * Writes a turn as one statement, which is its own transaction: one round trip whatever the number of recipients. Only
 * the parts that have something to write are in it.
 * @returns false when the guard found no row
 * @throws unique violation on `audit_entry` when somebody else has continued the chain in between: try again
 */
export async function writeTurn(database: Sql, turn: PreparedTurn): Promise<boolean> {
  const parts = partsOf(turn);
  const { rows } = await sql<{ written: number }>`${sql.raw(PREPARED)}
    with guard as (${turn.guard})${sql.join(parts, sql``)}
    select count(*)::int as written from guard`.execute(database);
  return (rows[0]?.written ?? 0) > 0;
}

/** `, name as (…)` for each thing to write. */
function partsOf(turn: PreparedTurn): Part[] {
  const { changes } = turn;
  const some = (count: number, name: string, part: () => Part): Part[] =>
    count === 0 ? [] : [sql`, ${sql.raw(name)} as (${part()})`];
  const evidence = changes.replies.flatMap(({ reply }) => reply.evidence ?? []);
  const opened = changes.tasks.filter(({ open }) => open);
  const closed = changes.tasks.filter(({ open }) => !open);
  const reported = reportedDeliveries(changes);
  return [
    ...some(changes.followUps.length, 'followed', () => upsertRecipients(turn)),
    ...some(changes.replies.length, 'replied', () => insertReplies(changes)),
    ...some(evidence.length, 'evidenced', () => keepEvidence(changes)),
    ...some(changes.withdrawals.length, 'withdrawn', () => withdraw(changes)),
    ...some(turn.deliveries.length, 'planned', () => insertDeliveries(turn)),
    ...some(reported.length, 'reported', () => markReported(reported)),
    ...some(opened.length, 'opened', () => openTasks(changes, opened)),
    ...some(closed.length, 'done', () => closeTasks(changes, closed)),
    ...some(turn.audit.entries.length, 'audited', () => insertAudit(turn)),
    ...some(turn.audit.entries.length, 'head', () => moveHead(turn)),
  ];
}

const upsertRecipients = ({ changes, overwrite }: PreparedTurn): Part => sql`
  insert into instruction_recipient (instruction_id, organisation_id, seq, state, closed, percent, late, deadline, returns,
    ladder_step, next_step, last_reply, follow_up)
  select guard.id, organisation_id, ${changes.seq}::int, state, closed, percent, late, deadline, returns, ladder_step,
    next_step, last_reply, follow_up
  from guard, jsonb_to_recordset(${toJson(changes.followUps.map(recipientRow))}::jsonb) as item (organisation_id text,
    state text, closed boolean, percent int, late boolean, deadline timestamptz, returns int, ladder_step int,
    next_step jsonb, last_reply jsonb, follow_up jsonb)
  on conflict (instruction_id, organisation_id) do update set seq = excluded.seq, state = excluded.state,
    closed = excluded.closed, percent = excluded.percent, late = excluded.late, deadline = excluded.deadline,
    returns = excluded.returns, ladder_step = excluded.ladder_step, next_step = excluded.next_step,
    last_reply = excluded.last_reply, follow_up = excluded.follow_up
  where ${sql.lit(overwrite)} or instruction_recipient.seq < excluded.seq`;

function insertReplies(changes: Changes): Part {
  const rows = changes.replies.map(({ at, reply }) => ({ ...reply, id: newId(), at: toRfc3339(at) }));
  return sql`
  insert into reply (id, instruction_id, organisation_id, message_id, seq, kind, percent, comment, until, evidence, declared, said_by,
    channel, verified, on_behalf_by, at)
  select item.id, guard.id, organisation, "messageId", ${changes.seq}::int, kind, percent, comment, until,
    coalesce(evidence, '{}'), declared, "from", channel, verified, "onBehalfBy", at
  from guard, jsonb_to_recordset(${toJson(rows)}::jsonb) as item (id uuid, organisation text, "messageId" text, kind text,
    percent int, comment text, until timestamptz, evidence uuid[], declared jsonb, "from" text, channel text, verified boolean,
    "onBehalfBy" text, at timestamptz)
  on conflict (instruction_id, organisation_id, message_id) do nothing`;
}

/** A file that a reply names belongs to the instruction from then on (it had to be the answering organisation's). */
function keepEvidence(changes: Changes): Part {
  const named = changes.replies.flatMap(({ reply }) =>
    (reply.evidence ?? []).map((id) => ({ id, organisation: reply.organisation })),
  );
  return sql`
  update attachment set instruction_id = guard.id
  from guard, jsonb_to_recordset(${toJson(named)}::jsonb) as named (id uuid, organisation text)
  where attachment.id = named.id and attachment.instruction_id is null
    and attachment.owner_organisation in (named.organisation, 'CORRUSS')`;
}

/** Rows already claimed (`sending`) stay: their mail may be on its way. */
function withdraw(changes: Changes): Part {
  const named = changes.withdrawals.flatMap(({ organisation, purposes }) =>
    purposes.map((purpose) => ({ organisation, purpose })),
  );
  return sql`
  update delivery set status = 'withdrawn'
  from guard, jsonb_to_recordset(${toJson(named)}::jsonb) as named (organisation text, purpose text)
  where delivery.instruction_id = guard.id and delivery.organisation_id = named.organisation
    and delivery.purpose = named.purpose and delivery.status in ('planned', 'waiting')`;
}

const insertDeliveries = ({ changes, deliveries }: PreparedTurn): Part => sql`
  insert into delivery (id, instruction_id, organisation_id, purpose, target, channel, step, round, addressee, address,
    address_name, detail, status, message_id, link_hash, reply_hash, planned_at)
  select item.id, guard.id, organisation, purpose, target, channel, step, round, addressee, address, name, detail, 'planned',
    message_id, link_hash, reply_hash, ${new Date(changes.at)}::timestamptz
  from guard, jsonb_to_recordset(${toJson(deliveries)}::jsonb) as item (id uuid, organisation text, purpose text,
    target text, channel text, step int, round int, addressee text, address text, name text, detail jsonb, message_id text,
    link_hash text, reply_hash text)
  on conflict (instruction_id, organisation_id, purpose, channel, target, step, round) do nothing`;

/** A row's outcome has reached the workflow's record: the dispatch need not tell it again. */
const markReported = (reported: readonly ReportedDelivery[]): Part => sql`
  update delivery set reported = true
  from guard, jsonb_to_recordset(${toJson(reported)}::jsonb) as item (organisation text, purpose text, step int)
  where delivery.instruction_id = guard.id and delivery.organisation_id = item.organisation
    and delivery.purpose = item.purpose and delivery.step = item.step
    and delivery.status in ('sent', 'failed', 'withdrawn') and not delivery.reported`;

interface ReportedDelivery {
  readonly organisation: string;
  readonly purpose: string;
  readonly step: number;
}

const OUTCOMES: ReadonlySet<string> = new Set(['sent', 'deliveryFailed', 'deliveryWithdrawn']);

/** The deliveries whose outcome a fact of this turn tells. */
const reportedDeliveries = (changes: Changes): ReportedDelivery[] =>
  changes.facts.flatMap(({ kind, organisation, data: { purpose, step } }) =>
    OUTCOMES.has(kind) && organisation !== null && typeof purpose === 'string' && typeof step === 'number'
      ? [{ organisation, purpose, step }]
      : [],
  );

const openTasks = (changes: Changes, tasks: Changes['tasks']): Part => sql`
  insert into task (instruction_id, organisation_id, kind, step, opened_at, urgent)
  select guard.id, organisation, kind, step, ${new Date(changes.at)}::timestamptz, coalesce(urgent, false)
  from guard, jsonb_to_recordset(${toJson(tasks)}::jsonb) as item (organisation text, kind text, step int, urgent boolean)
  where not exists (
    select from task where task.instruction_id = guard.id and task.organisation_id = item.organisation
      and task.kind = item.kind and task.step = item.step and task.closed_at is null)
  on conflict (instruction_id, organisation_id, kind, step, opened_at) do update set closed_at = null`;

const closeTasks = (changes: Changes, tasks: Changes['tasks']): Part => sql`
  update task set closed_at = ${new Date(changes.at)}::timestamptz
  from guard, jsonb_to_recordset(${toJson(tasks)}::jsonb) as item (organisation text, kind text, step int)
  where task.instruction_id = guard.id and task.organisation_id = item.organisation and task.kind = item.kind
    and task.step = item.step and task.closed_at is null`;

const insertAudit = ({ audit }: PreparedTurn): Part => sql`
  insert into audit_entry ${auditRows(audit.entries)} where exists (select from guard)`;

/** Where the head has moved meanwhile, the entries above collide with the new ones and the whole statement fails. */
const moveHead = ({ audit: { subject, from, head } }: PreparedTurn): Part => sql`
  insert into audit_head (subject, position, hmac, seal)
  select ${subject}, ${head.position}::int, ${head.hmac}, ${head.seal} from guard
  on conflict (subject) do update set position = excluded.position, hmac = excluded.hmac, seal = excluded.seal
  where audit_head.position = ${from}::int`;
