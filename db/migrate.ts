import { sql } from 'kysely';
import { readEnv } from '../config/env.ts';
import { openDatabase, type Database } from './database.ts';
import { openOrm } from './orm.ts';
import { seedDemoContacts, seedOrganisations } from './seeds/apply.ts';
import { DEMO_CONTACTS } from './seeds/demo-contacts.ts';
import { seedDemoRosters } from './seeds/demo-rosters.ts';
import { DEMO_SITE_CONTACTS, seedDemoSites } from './seeds/demo-sites.ts';
import { seedSurveyModels } from './seeds/survey-models.ts';

export interface MigrateOptions {
  /** Demo contacts (`.example`) for the embedded desk and the tests; never in production. */
  readonly demoContacts: boolean;
  /** Demo rosters, for the embedded desk only. */
  readonly demoRosters?: boolean;
  /** Invented establishments with their contacts, for the embedded desk only. */
  readonly demoSites?: boolean;
}

/** Any number, the same for every process that migrates. */
const MIGRATION_LOCK = 7_304_211;

/**
 * Brings the database up to date, reference organisations included. Two at once are safe: the second waits, then finds
 * nothing to do.
 * @throws when PostgreSQL is away or a migration fails; then nothing of that run of migrations stays
 */
export async function migrateDatabase(url: string, options: MigrateOptions): Promise<void> {
  const database = await openDatabase(url, { as: 'owner', poolSize: 2 });
  const orm = openOrm(url, { as: 'owner', poolSize: 4 });
  try {
    await alone(database, async () => {
      await orm.migrator.up();
      await database.sql.transaction().execute(async (trx) => {
        await seedOrganisations(trx);
        await seedSurveyModels(trx);
        if (options.demoContacts) await seedDemoContacts(trx, DEMO_CONTACTS);
        if (options.demoSites === true) {
          await seedDemoSites(trx);
          await seedDemoContacts(trx, DEMO_SITE_CONTACTS);
        }
        if (options.demoRosters === true) await seedDemoRosters(trx);
      });
    });
  } finally {
    await Promise.all([orm.close(true), database.close()]);
  }
}

/** The lock belongs to one session, so one connection is kept while the migrations use the others. */
async function alone(database: Database, work: () => Promise<void>): Promise<void> {
  await database.sql.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(session);
    try {
      await work();
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(session);
    }
  });
}

if (import.meta.main) {
  const env = readEnv();
  const demo = env.mode === 'embedded';
  await migrateDatabase(env.databaseUrl, { demoContacts: demo, demoRosters: demo, demoSites: demo });
}
