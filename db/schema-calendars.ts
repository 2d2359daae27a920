import type { Json, Nullable } from './schema-columns.ts';

export interface CalendarLinkTable {
  id: string;
  token_hash: string;
  feed: 'deadlines' | 'duty' | 'messages';
  organisation_id: Nullable<string>;
  sub: string;
  claims: Json<unknown>;
  created_at: Date;
  expires_at: Date;
  revoked_at: Nullable<Date>;
}
