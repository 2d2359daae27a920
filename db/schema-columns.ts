import type { ColumnType } from 'kysely';

/** jsonb: read as a value, written as JSON text (a bare array would become a PostgreSQL array). */
export type Json<T> = ColumnType<T, string, string>;
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
