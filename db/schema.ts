import type { Generated } from 'kysely';
import type { NormalDraft } from '../domain/draft.ts';
import type { Channel, InstructionStatus, Nature, Terms } from '../domain/instruction.ts';
import type { MailReading, MailSignal, SurveyMailKept, MailState } from '../domain/mail-reading.ts';
import type { Relation } from '../domain/relation.ts';
import type { CalendarLinkTable } from './schema-calendars.ts';
import type { CrisisTable } from './schema-crisis.ts';
import type { DutyNoticeSeenTable, DutyRosterTable } from './schema-duty.ts';
import type { RelaySchema } from './schema-relays.ts';
import type { SignalSchema } from './schema-signals.ts';
import type { SiteSchema } from './schema-sites.ts';
import type { Json, Nullable, NullableJson } from './schema-columns.ts';
import type { SurveySchema } from './schema-survey.ts';
import type { SurveySeriesTables } from './schema-survey-series.ts';
import type { SurveyCampaignTables } from './schema-surveys.ts';
import type { ThresholdTables } from './schema-thresholds.ts';
import type {
  AuditEntryTable,
  AuditHeadTable,
  AuditRootHeadTable,
  AuditRootTable,
  DeliveryTable,
  DutyNoticeTable,
  InstructionRecipientTable,
  ReplyTable,
  TaskTable,
  WorkflowHistoryTable,
} from './schema-process.ts';

export type * from './schema-columns.ts';
export * from './schema-process.ts';
export type * from './schema-relays.ts';
export type * from './schema-surveys.ts';

/*
 * The tables as SQL sees them: timestamptz is a `Date` in and out, jsonb comes out parsed and goes in as JSON text
 * (`JSON.stringify`), bytea is a `Buffer`, int4 a number, arrays are arrays. The DDL is db/migrations.
 */

export interface OrganisationTable {
  id: string;
  kind: 'ars' | 'national' | 'site';
  name: string;
  region_code: Nullable<string>;
  departments: Generated<string[]>;
  zone: Nullable<string>;
  zone_lead: Generated<boolean>;
  time_zone: Generated<string>;
}

export const CONTACT_KINDS = [
  'alertBox',
  'secondary',
  'onCall',
  'director',
  'corrussHead',
  'desk',
  'partners',
] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

export interface ContactTable {
  id: string;
  organisation_id: string;
  kind: ContactKind;
  channel: Channel;
  address: string;
  name: Generated<string>;
  position: Generated<number>;
  updated_at: Date;
}

export interface ContactVersionTable {
  organisation_id: string;
  version: Generated<number>;
}

export interface ContactReportTable {
  id: string;
  organisation_id: string;
  instruction_id: Nullable<string>;
  delivery_id: Nullable<string>;
  comment: Generated<string>;
  nonce: string;
  reported_at: Date;
  closed_at: Nullable<Date>;
  closed_by: Nullable<string>;
}

export interface InstructionTable {
  id: string;
  status: InstructionStatus;
  number: Nullable<string>;
  nature: Nature;
  exercise: Generated<boolean>;
  subject: string;
  body: string;
  /** As written, normalised; checked again at release. */
  draft: Json<NormalDraft>;
  terms: NullableJson<Terms>;
  version: Generated<number>;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  released_by: Nullable<string>;
  released_at: Nullable<Date>;
  emergency_reason: Nullable<string>;
  closed_at: Nullable<Date>;
  seq: Generated<number>;
  fingerprint: Nullable<string>;
  /** The message that this one amends, cancels or lifts. */
  refers_to: Nullable<string>;
  relation: Nullable<Relation>;
  superseded_by: Nullable<string>;
  crisis_id: Nullable<string>;
}

export interface InstructionEditorTable {
  instruction_id: string;
  sub: string;
}

export interface AttachmentTable {
  id: string;
  instruction_id: Nullable<string>;
  owner_organisation: string;
  uploaded_by: string;
  name: string;
  media_type: string;
  size: number;
  sha256: string;
  content: Buffer;
  created_at: Date;
}

export interface NumberSeriesTable {
  series: string;
  year: number;
  last: number;
}

export interface InboundMailTable {
  id: string;
  received_at: Date;
  envelope_from: string;
  envelope_to: string[];
  raw: Buffer;
  size: number;
  sha256: string;
  message_id: string;
  from_header: Generated<string>;
  subject: Generated<string>;
  instruction_id: Nullable<string>;
  organisation_id: Nullable<string>;
  delivery_id: Nullable<string>;
  mailing_mail_id: Nullable<string>;
  read_at: Nullable<Date>;
  read_by: Nullable<string>;
  /** Address of its only `From`, lower case. */
  sender: Nullable<string>;
  understood_at: Nullable<Date>;
  state: Generated<MailState>;
  reading: NullableJson<MailReading>;
  /** What its instruction was told; null: nothing. */
  signal: NullableJson<MailSignal | SurveyMailKept>;
  evidence: Generated<string[]>;
  classified_as: Nullable<string>;
}

export interface IdempotencyKeyTable {
  sub: string;
  route: string;
  key: string;
  body_sha256: string;
  status: Nullable<number>;
  response: NullableJson<unknown>;
  created_at: Date;
}

export interface SessionTable {
  id_hash: string;
  sub: string;
  claims: Json<unknown>;
  created_at: Date;
  expires_at: Date;
}

export interface KeyRingSeenTable {
  key_id: string;
  first_seen: Date;
}

/** Names of migrations that were run (MikroORM's table). */
export interface MigrationsTable {
  id: Generated<number>;
  name: string;
  executed_at: Date;
}

export interface Schema
  extends
    RelaySchema,
    SignalSchema,
    SiteSchema,
    SurveySchema,
    SurveyCampaignTables,
    SurveySeriesTables,
    ThresholdTables {
  organisation: OrganisationTable;
  contact: ContactTable;
  contact_version: ContactVersionTable;
  contact_report: ContactReportTable;
  instruction: InstructionTable;
  crisis: CrisisTable;
  instruction_editor: InstructionEditorTable;
  attachment: AttachmentTable;
  number_series: NumberSeriesTable;
  instruction_recipient: InstructionRecipientTable;
  reply: ReplyTable;
  task: TaskTable;
  delivery: DeliveryTable;
  duty_roster: DutyRosterTable;
  duty_notice: DutyNoticeTable;
  duty_notice_seen: DutyNoticeSeenTable;
  calendar_link: CalendarLinkTable;
  inbound_mail: InboundMailTable;
  audit_entry: AuditEntryTable;
  audit_head: AuditHeadTable;
  audit_root: AuditRootTable;
  audit_root_head: AuditRootHeadTable;
  workflow_history: WorkflowHistoryTable;
  idempotency_key: IdempotencyKeyTable;
  session: SessionTable;
  key_ring_seen: KeyRingSeenTable;
  mikro_orm_migrations: MigrationsTable;
}
