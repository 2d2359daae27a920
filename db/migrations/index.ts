import type { MigrationObject } from '@mikro-orm/core';
import { Migration0001Foundation } from './migration-0001-foundation.ts';
import { Migration0002ApplicationRole } from './migration-0002-application-role.ts';

/** Every migration, oldest first; only appended to. */
export const MIGRATIONS: MigrationObject[] = [
  { name: 'Migration0001Foundation', class: Migration0001Foundation },
  { name: 'Migration0002ApplicationRole', class: Migration0002ApplicationRole },
];
