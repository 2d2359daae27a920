import type { ColumnType, Generated } from 'kysely';
import type { Declared } from '../domain/declared.ts';
import type { FactKind, TaskKind } from '../domain/changes.ts';
import type { DeliveryPurpose } from '../domain/events.ts';
import type { FollowUp, LastReply, RecipientState } from '../domain/follow-up-state.ts';
import type { Channel, DeliveryTarget, LadderTarget } from '../domain/instruction.ts';
import type { ReplyDoor, ReplyKind } from '../domain/reply-kinds.ts';
import type { Json, Nullable, NullableJson } from './schema-columns.ts';

/* Tables that only the process writes. */

export interface NextStep {
  readonly target: LadderTarget;
  readonly channel: Channel;
  /** RFC 3339. */
  readonly at: string;
}

export interface InstructionRecipientTable {
  instruction_id: string;
  organisation_id: string;
  seq: number;
  state: RecipientState;
  closed: boolean;
  percent: Nullable<number>;
  late: boolean;
  deadline: Nullable<Date>;
  returns: number;
  ladder_step: number;
  next_step: NullableJson<NextStep>;
  last_reply: NullableJson<LastReply>;
  follow_up: Json<FollowUp>;
}

export interface ReplyTable {
  id: string;
  instruction_id: string;
  organisation_id: string;
  message_id: string;
  seq: number;
  kind: ReplyKind;
  percent: Nullable<number>;
  comment: Nullable<string>;
  until: Nullable<Date>;
  evidence: Generated<string[]>;
  declared: NullableJson<Declared>;
  said_by: string;
  channel: ReplyDoor;
  verified: boolean;
  on_behalf_by: Nullable<string>;
  at: Date;
}

export interface TaskTable {
  instruction_id: string;
  organisation_id: string;
  kind: TaskKind;
  step: Generated<number>;
  opened_at: Date;
  closed_at: Nullable<Date>;
  urgent: Generated<boolean>;
}

export const DELIVERY_STATUSES = ['planned', 'sending', 'waiting', 'sent', 'failed', 'withdrawn'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface DeliveryTable {
  id: string;
  instruction_id: string;
  organisation_id: string;
  purpose: DeliveryPurpose;
  target: DeliveryTarget;
  channel: Channel;
  step: number;
  round: number;
  addressee: string;
  address: string;
  address_name: Generated<string>;
  detail: ColumnType<Record<string, unknown>, string | undefined, string>;
  status: DeliveryStatus;
  attempts: Generated<number>;
  message_id: string;
  link_hash: Nullable<string>;
  reply_hash: Nullable<string>;
  last_error: Nullable<string>;
  planned_at: Date;
  claimed_at: Nullable<Date>;
  sent_at: Nullable<Date>;
  in_doubt: Generated<boolean>;
  reported: Generated<boolean>;
  /** A bounce for good came back: it has not arrived, whatever the relay said. */
  bounced_at: Nullable<Date>;
}

export interface DutyNoticeTable {
  id: string;
  key: string;
  source: 'watch' | 'briefing' | `signal/${string}`;
  urgent: Generated<boolean>;
  organisation_id: string;
  address: string;
  address_name: Generated<string>;
  letter: Json<object>;
  status: DeliveryStatus;
  attempts: Generated<number>;
  message_id: string;
  last_error: Nullable<string>;
  in_doubt: Generated<boolean>;
  planned_at: Date;
  claimed_at: Nullable<Date>;
  sent_at: Nullable<Date>;
  bounced_at: Nullable<Date>;
  failed_at: Nullable<Date>;
}

export interface AuditEntryTable {
  subject: string;
  position: number;
  at: Date;
  recorded_at: Date;
  kind: FactKind;
  organisation_id: Nullable<string>;
  actor_sub: string;
  actor_organisation: string;
  data: Json<Record<string, unknown>>;
  previous: string;
  hmac: string;
}

export interface WorkflowHistoryTable {
  run_id: string;
  workflow_id: string;
  workflow_type: string;
  status: string;
  started_at: Date;
  closed_at: Date;
  events: number;
  content: Buffer;
  sha256: string;
  archived_at: Date;
}

export interface AuditRootTable {
  position: number;
  at: Date;
  chains: number;
  /** int8: text out. */
  entries: ColumnType<string, number, never>;
  digest: string;
  previous: string;
  hmac: string;
}

export interface AuditRootHeadTable {
  root: number;
  subject: string;
  position: number;
  hmac: string;
}

export interface AuditHeadTable {
  subject: string;
  position: number;
  hmac: string;
  seal: string;
}
