import { MIGRATIONS } from '../migrations/index.ts';
import type { Sql } from '../database.ts';

/** Names of the migrations that this version of the code needs. */
export const MIGRATIONS_KNOWN: readonly string[] = MIGRATIONS.map(({ name }) => name);

/** Names of those that were run; null when PostgreSQL is away, or was never migrated. */
export async function migrationsDone(db: Sql): Promise<readonly string[] | null> {
  try {
    const rows = await db.selectFrom('mikro_orm_migrations').select('name').execute();
    return rows.map((row) => row.name);
  } catch {
    // Readiness is the question: whatever the reason, the answer is «not ready».
    return null;
  }
}
