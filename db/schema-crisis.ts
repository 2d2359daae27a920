import type { Generated } from 'kysely';
import type { Nullable } from './schema-columns.ts';

/** A crisis (événement): what ties messages together. */
export interface CrisisTable {
  id: string;
  name: string;
  description: Generated<string>;
  /** For ever: a trigger refuses its change. */
  exercise: boolean;
  version: Generated<number>;
  opened_by: string;
  opened_at: Date;
  updated_at: Date;
  closed_by: Nullable<string>;
  closed_at: Nullable<Date>;
}
