import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readReferenceDir } from '../../config/env.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { openOrm } from '../../db/orm.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { MIGRATIONS } from '../../db/migrations/index.ts';
import { ORGANISATIONS } from '../../db/seeds/organisations.ts';
import { emptyDatabase } from '../support/database.ts';

let empty: Awaited<ReturnType<typeof emptyDatabase>>;
let url: string;
let database: Database;

beforeAll(async () => {
  empty = await emptyDatabase();
  ({ url } = empty);
  // Two roles started at once on a new database: one migrates, the other waits and finds it done.
  await Promise.all([migrateDatabase(url, { demoContacts: true }), migrateDatabase(url, { demoContacts: true })]);
  database = await openDatabase(url, { as: 'owner' });
});

afterAll(async () => {
  await database.close();
  await empty.drop();
});

test('two migrations at once run each migration once', async () => {
  const rows = await database.sql.selectFrom('mikro_orm_migrations').select('name').orderBy('id').execute();
  expect(rows.map(({ name }) => name)).toEqual(MIGRATIONS.map((one) => (one as { name: string }).name));
});

test('the entities of the desk match the migrated tables, names of constraints and indexes apart', async () => {
  const orm = openOrm(url, { as: 'owner' });
  const difference = await orm.schema.getUpdateSchemaSQL({ safe: true });
  await orm.close(true);
  const columns = difference.split('\n').filter((line) => /column|create table|type /.test(line));
  expect(columns).toEqual([]);
});

test('every ARS has a contact of each kind, all of them .example, and the desk has its two', async () => {
  const contacts = await database.sql.selectFrom('contact').selectAll().execute();
  expect(contacts.filter(({ kind }) => kind === 'alertBox')).toHaveLength(18);
  const mails = contacts.filter(({ channel }) => channel === 'mail');
  expect(mails.every(({ address }) => address.endsWith('.example'))).toBe(true);
  const ofLyon = contacts.filter((one) => one.organisation_id === 'ARS-84').map((one) => `${one.kind} ${one.channel}`);
  expect(ofLyon.sort()).toEqual(['alertBox mail', 'director mail', 'onCall mail', 'onCall sms', 'secondary mail']);
  const ofDesk = contacts.filter((one) => one.organisation_id === 'CORRUSS').map(({ kind }) => kind);
  expect(ofDesk.sort()).toEqual(['corrussHead', 'desk']);
});

test('a contact corrected or taken away stays so when the seeds run again, and names come back up to date', async () => {
  const { sql } = database;
  await sql
    .updateTable('contact')
    .set({ address: 'nouvelle@ars-84.example' })
    .where('organisation_id', '=', 'ARS-84')
    .where('kind', '=', 'alertBox')
    .execute();
  await sql.deleteFrom('contact').where('organisation_id', '=', 'ARS-11').execute();
  await sql.updateTable('organisation').set({ name: 'ancien nom' }).where('id', '=', 'ARS-53').execute();

  await migrateDatabase(url, { demoContacts: true });

  const contacts = await sql.selectFrom('contact').select(['organisation_id', 'kind', 'address']).execute();
  const alertBox = contacts.find((one) => one.organisation_id === 'ARS-84' && one.kind === 'alertBox');
  expect(alertBox?.address).toBe('nouvelle@ars-84.example');
  expect(contacts.filter((one) => one.organisation_id === 'ARS-11')).toEqual([]);
  const brittany = await sql.selectFrom('organisation').select('name').where('id', '=', 'ARS-53').executeTakeFirst();
  expect(brittany?.name).toBe('ARS Bretagne');
});

test('the embedded desk has a roster for each ARS and for itself, nobody real in it; one that was changed stays so', async () => {
  const { sql } = database;
  await migrateDatabase(url, { demoContacts: true, demoRosters: true });
  const rosters = await sql.selectFrom('duty_roster').selectAll().execute();
  expect(rosters).toHaveLength(19);
  for (const { document } of rosters) {
    for (const { mail, phone } of document!.people) {
      expect([mail, phone]).toEqual([expect.stringMatching(/\.example$/), expect.stringMatching(/^\+33639980\d{3}$/)]);
    }
  }
  await sql
    .updateTable('duty_roster')
    .set({ document: null, version: 2 })
    .where('organisation_id', '=', 'ARS-11')
    .execute();
  await migrateDatabase(url, { demoContacts: true, demoRosters: true });
  const paris = await sql.selectFrom('duty_roster').selectAll().where('organisation_id', '=', 'ARS-11').execute();
  expect(paris).toMatchObject([{ version: 2, document: null }]);
});

test('production gets the organisations and not one contact', async () => {
  const production = await emptyDatabase();
  await migrateDatabase(production.url, { demoContacts: false });
  const opened = await openDatabase(production.url);
  try {
    expect(await opened.sql.selectFrom('contact').select('id').execute()).toEqual([]);
    expect(await opened.sql.selectFrom('duty_roster').select('version').execute()).toEqual([]);
    expect(await opened.sql.selectFrom('organisation').select('id').execute()).toHaveLength(ORGANISATIONS.length);
  } finally {
    await opened.close();
    await production.drop();
  }
});

interface ReferenceArs {
  code: string;
  regionCode: string;
  name: string;
  departments: string[];
  zone: string;
  zoneLead: boolean;
}

const reference = join(readReferenceDir(), 'data', 'ars.json');
const withReference = existsSync(reference) ? test : test.skip;
if (!existsSync(reference)) process.stderr.write(`SKIPPED, no reference data: ${reference} (VIGIE_REFERENCE_DIR)\n`);

withReference('the 18 ARS are those of the reference data, territory for territory', () => {
  const expected = JSON.parse(readFileSync(reference, 'utf8')) as ReferenceArs[];
  const given = ORGANISATIONS.filter(({ kind }) => kind === 'ars').map(
    ({ kind: _kind, timeZone: _zone, ...one }) => one,
  );
  expect(given).toEqual(
    expected.map(({ code, departments, zone, regionCode, name, zoneLead }) => ({
      id: code,
      regionCode,
      name,
      departments: departments.map((department) => `D${department}`),
      zone: `ZONE-${zone}`,
      zoneLead,
    })),
  );
});

test('time zones are known to the machine, and overseas agencies have their own', () => {
  const zones = ORGANISATIONS.map(({ timeZone }) => timeZone);
  const used = zones.map((timeZone) => new Intl.DateTimeFormat('fr', { timeZone }).resolvedOptions().timeZone);
  expect(used).toHaveLength(zones.length);
  expect(new Set(zones).size).toBe(6);
});
