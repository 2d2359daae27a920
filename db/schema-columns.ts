import type { ColumnType, Generated } from 'kysely';

/** jsonb: read as a value, written as JSON text (a bare array would become a PostgreSQL array). */
export type Json<T> = ColumnType<T, string, string>;
/** The same with a default of the table. */
export type JsonOrDefault<T> = ColumnType<T, string | undefined, string>;
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** A mail of many, and how far its sending is. */
export interface SendingColumns {
  id: string;
  name: string;
  address: string;
  attempts: Generated<number>;
  link_hash: Nullable<string>;
  reply_hash: Nullable<string>;
  last_error: Nullable<string>;
  planned_at: Date;
  claimed_at: Nullable<Date>;
  sent_at: Nullable<Date>;
  bounced_at: Nullable<Date>;
  in_doubt: Generated<boolean>;
}
