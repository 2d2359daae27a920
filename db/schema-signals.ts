import type { Generated } from 'kysely';
import type {
  EarlySignal,
  SignalEntryKind,
  SignalOutcome,
  SignalStatus,
  SignalTaskKind,
  SignalUrgency,
  SignalWords,
} from '../domain/early-signal.ts';
import type { Json, Nullable, NullableJson } from './schema-columns.ts';

export interface EarlySignalTable {
  id: string;
  organisation_id: string;
  reference: string;
  /** For ever: a trigger refuses its change. */
  exercise: boolean;
  urgency: SignalUrgency;
  subject: string;
  raised_by: string;
  raised_by_name: string;
  raised_at: Date;
  due_at: Date;
  request_key: Nullable<string>;
  status: SignalStatus;
  late: Generated<boolean>;
  task: Nullable<SignalTaskKind>;
  task_since: Nullable<Date>;
  outcome: Nullable<SignalOutcome>;
  crisis_id: Nullable<string>;
  instruction_id: Nullable<string>;
  seq: Generated<number>;
  fingerprint: Nullable<string>;
  state: NullableJson<EarlySignal>;
}

export interface EarlySignalEntryTable {
  id: string;
  signal_id: string;
  kind: SignalEntryKind;
  content: Json<SignalWords[SignalEntryKind]>;
  sha256: string;
  by_sub: string;
  by_name: string;
  by_organisation: string;
  written_at: Date;
  request_key: Nullable<string>;
}

export interface SignalSchema {
  early_signal: EarlySignalTable;
  early_signal_entry: EarlySignalEntryTable;
}
