import type { RosterDocument } from '../domain/duty-document.ts';
import type { NullableJson } from './schema-columns.ts';

export interface DutyRosterTable {
  organisation_id: string;
  version: number;
  /** Null: taken away. */
  document: NullableJson<RosterDocument>;
  updated_at: Date;
  updated_by: string;
}

/** A person has taken note that a notice was not delivered. */
export interface DutyNoticeSeenTable {
  notice_id: string;
  sub: string;
  at: Date;
}
