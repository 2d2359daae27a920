import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../db/database.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { testServers } from './servers.ts';

/** A database of its own for one test file, migrated, with reference data and demo contacts. */
export interface FreshDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes `database` and removes it from the server, whoever is still connected. */
  drop(): Promise<void>;
}

const TEMPLATE = 'vigie_template';
const TEMPLATE_LOCK = 7_304_212;

/** Copies the run's one migrated template (made by whichever Jest worker comes first). */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `vigie_${randomBytes(6).toString('hex')}`;
  await asOwner(async (admin) => {
    await makeTemplate(admin);
    await sql`create database ${sql.id(name)} template ${sql.id(TEMPLATE)}`.execute(admin.sql);
  });
  const url = urlOf(name);
  // A test file that compiles or bundles holds its process up for seconds: no reason to give the database up.
  const database = await openDatabase(url, { connectTimeoutMs: 60_000 });
  const drop = async (): Promise<void> => {
    await database.close();
    await asOwner((admin) => sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin.sql));
  };
  return { url, database, drop };
}

/** An empty database, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `vigie_${randomBytes(6).toString('hex')}`;
  await asOwner((admin) => sql`create database ${sql.id(name)}`.execute(admin.sql));
  const drop = async (): Promise<void> => {
    await asOwner((admin) => sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin.sql));
  };
  return { url: urlOf(name), drop };
}

/** Built under another name and renamed when whole, so that a worker that dies in the middle leaves no half template. */
async function makeTemplate(admin: Database): Promise<void> {
  await admin.sql.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`.execute(session);
    try {
      const { rows } = await sql`select from pg_database where datname = ${TEMPLATE}`.execute(session);
      if (rows.length > 0) return;
      const building = `${TEMPLATE}_${randomBytes(4).toString('hex')}`;
      await sql`create database ${sql.id(building)}`.execute(session);
      await migrateDatabase(urlOf(building), { demoContacts: true });
      await sql`alter database ${sql.id(building)} rename to ${sql.id(TEMPLATE)}`.execute(session);
    } finally {
      await sql`select pg_advisory_unlock(${TEMPLATE_LOCK})`.execute(session);
    }
  });
}

async function asOwner(work: (admin: Database) => Promise<unknown>): Promise<void> {
  const admin = await openDatabase(testServers().postgresUrl, { as: 'owner', poolSize: 2, connectTimeoutMs: 60_000 });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}

function urlOf(database: string): string {
  const url = new URL(testServers().postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
}
