import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../db/database.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { DEMO_SITE_CONTACTS, DEMO_SITES } from '../../db/seeds/demo-sites.ts';
import { ORGANISATIONS } from '../../db/seeds/organisations.ts';
import { isFiness } from '../../domain/identifiers.ts';
import { emptyDatabase } from '../support/database.ts';

let empty: Awaited<ReturnType<typeof emptyDatabase>>;
let database: Database;
const migrate = () => migrateDatabase(empty.url, { demoContacts: true, demoSites: true });
beforeAll(async () => {
  empty = await emptyDatabase();
  await migrate();
  database = await openDatabase(empty.url);
});
afterAll(async () => {
  await database.close();
  await empty.drop();
});

test('a few dozen invented establishments stand in all eighteen regions, with right keys and nothing real', () => {
  expect(DEMO_SITES.length).toBeGreaterThanOrEqual(36);
  expect(new Set(DEMO_SITES.map(({ ars }) => ars)).size).toBe(18);
  expect(new Set(DEMO_SITES.map(({ finess }) => finess)).size).toBe(DEMO_SITES.length);
  for (const one of DEMO_SITES) {
    const agency = ORGANISATIONS.find(({ id }) => id === one.ars);
    expect([one.finess, isFiness(one.finess), one.name]).toEqual([one.finess, true, expect.stringContaining('fictif')]);
    expect([agency?.departments, agency?.zone]).toEqual([expect.arrayContaining([one.department]), one.zone]);
  }
  for (const { address } of DEMO_SITE_CONTACTS)
    expect(address).toMatch(/^[^@]+@site-\w{9}\.example$|^\+33639981\d{4}$|^\+336399810\d\d$/);
});

test('they are there with their contacts, each one version', async () => {
  const { rows } = await sql<{ sites: number; versions: number; contacts: number; lonely: number }>`
    select (select count(*)::int from site) as sites, (select count(*)::int from site_version) as versions,
      (select count(*)::int from contact where organisation_id like 'SITE-%') as contacts,
      (select count(*)::int from organisation where kind = 'site' and id not in (select id from site)) as lonely`.execute(
    database.sql,
  );
  expect(rows).toEqual([
    { sites: DEMO_SITES.length, versions: DEMO_SITES.length, contacts: DEMO_SITE_CONTACTS.length, lonely: 0 },
  ]);
});

test('what was changed, closed or taken away stays so when the seeds run again', async () => {
  const [one, other] = [DEMO_SITES[0]!.finess, DEMO_SITES[1]!.finess];
  await sql`update site set name = 'autre nom' where finess = ${one}`.execute(database.sql);
  await sql`update site set closed_at = now() where finess = ${other}`.execute(database.sql);
  await sql`delete from contact where organisation_id = ${`SITE-${one}`}`.execute(database.sql);
  await migrate();
  const { rows } = await sql<{ name: string; closed: boolean; contacts: number }>`
    select name, closed_at is not null as closed, (select count(*)::int from contact where organisation_id = site.id) as contacts
    from site where finess in (${one}, ${other}) order by finess = ${other}`.execute(database.sql);
  expect(rows).toMatchObject([
    { name: 'autre nom', contacts: 0 },
    { closed: true, contacts: 2 },
  ]);
});

test('production gets none', async () => {
  const production = await emptyDatabase();
  await migrateDatabase(production.url, { demoContacts: false });
  const opened = await openDatabase(production.url);
  expect((await sql`select from organisation where kind = 'site'`.execute(opened.sql)).rows).toEqual([]);
  await opened.close();
  await production.drop();
});
