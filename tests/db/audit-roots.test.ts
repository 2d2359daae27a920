import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { childEnvironment } from '../../config/env.ts';
import { parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { sealOf } from '../../db/stores/audit-chain.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { addAuditRoot, type AuditRoot, ROOTS } from '../../db/stores/audit-roots.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import type { Fact } from '../../domain/changes.ts';
import { DAY } from '../../domain/instant.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { KEYS, NOW, SECRET } from './fixture.ts';

let fresh: FreshDatabase;
let owner: Database;
const roots: AuditRoot[] = [];

const TABLES = ['audit_entry', 'audit_head', 'audit_root', 'audit_root_head'];
const ARS = 'organisation/ARS-84';
const OTHER = 'organisation/ARS-11';

/** Three days: two chains, then one of them goes on and a third begins, then nothing. */
beforeAll(async () => {
  fresh = await freshDatabase();
  owner = await openDatabase(fresh.url, { as: 'owner' });
  await append(ARS, 1, 2);
  await append(OTHER, 3);
  roots.push(await root(NOW));
  await append(ARS, 4);
  await append('organisation/É', 5);
  roots.push(await root(NOW + DAY), await root(NOW + 2 * DAY));
});

afterAll(async () => {
  await owner.close();
  await fresh.drop();
});

const fact = (n: number): Fact => ({
  at: NOW + n,
  kind: 'edited',
  organisation: 'ARS-84',
  actor: { sub: 'redacteur', organisation: 'CORRUSS' },
  data: { n },
});
const append = (subject: string, ...facts: number[]): Promise<void> =>
  fresh.database.sql.transaction().execute((trx) => appendAudit(trx, KEYS, subject, facts.map(fact)));
const root = (at: number) => addAuditRoot(fresh.database.sql, KEYS, at);
const verify = (kept?: string) => {
  const [position, digest = ''] = kept?.split(':') ?? [];
  return verifyAudit(fresh.database.sql, KEYS, kept === undefined ? null : { position: Number(position), digest });
};

/** Does it as somebody who owns the tables and has put every trigger out of the way; what is found then; and takes it back. */
async function foundAfter(...statements: ReturnType<typeof sql>[]) {
  const found = await owner.sql
    .transaction()
    .execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      for (const table of TABLES)
        await sql`create table ${sql.table(`kept_${table}`)} as table ${sql.table(table)}`.execute(trx);
      for (const statement of statements) await statement.execute(trx);
    })
    .then(() => verify());
  await owner.sql.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    for (const table of TABLES) {
      await sql`delete from ${sql.table(table)}`.execute(trx);
      await sql`insert into ${sql.table(table)} table ${sql.table(`kept_${table}`)}`.execute(trx);
      await sql`drop table ${sql.table(`kept_${table}`)}`.execute(trx);
    }
  });
  expect(await verify()).toMatchObject({ intact: true });
  return found;
}

test('each root commits to what was added since the one before, and counts the whole', async () => {
  expect(roots).toMatchObject([
    { position: 1, chains: 2, entries: 3 },
    { position: 2, chains: 3, entries: 5 },
    { position: 3, chains: 3, entries: 5 },
  ]);
  expect(new Set(roots.map(({ digest }) => digest)).size).toBe(3);
  expect(await verify()).toMatchObject({ intact: true, chains: 3, entries: 5, roots: 3, lastRoot: roots[2] });
  const listed = await sql`select root, subject, position from audit_root_head order by root, subject`.execute(
    owner.sql,
  );
  expect(listed.rows).toEqual([
    { root: 1, subject: OTHER, position: 1 },
    { root: 1, subject: ARS, position: 2 },
    { root: 2, subject: ARS, position: 3 },
    { root: 2, subject: 'organisation/É', position: 1 },
  ]);
});

test('asked for again for the same instant, even many times at once, a root is the same', async () => {
  const again = await Promise.all([1, 2, 3, 4].map(() => root(NOW + DAY)));
  expect(again).toEqual(again.map(() => roots[1]));
});

test('a chain removed together with its head is found, and named with the root that had seen it', async () => {
  const gone = [OTHER, ARS].flatMap((subject) => [
    [
      subject,
      sql`delete from audit_entry where subject = ${subject}`,
      sql`delete from audit_head where subject = ${subject}`,
    ] as const,
  ]);
  for (const [subject, entries, head] of gone) {
    const found = await foundAfter(entries, head);
    expect(found).toMatchObject({
      intact: false,
      subject,
      position: null,
      reason: expect.stringContaining('root 1 saw it'),
    });
  }
  // Its lines in the roots as well: then the roots themselves do not add up.
  const [, entries, head] = gone[0]!;
  const lines = sql`delete from audit_root_head where subject = ${OTHER}`;
  expect(await foundAfter(entries, head, lines)).toMatchObject({ intact: false, subject: ROOTS, position: 1 });
});

test('a chain set back to an earlier end, its old head put back, is found', async () => {
  const old = await sql<{ hmac: string }>`select hmac from audit_entry where subject = ${ARS} and position = 1`.execute(
    owner.sql,
  );
  const end = { position: 1, hmac: old.rows[0]!.hmac };
  const found = await foundAfter(
    sql`delete from audit_entry where subject = ${ARS} and position > 1`,
    sql`update audit_head set position = 1, hmac = ${end.hmac}, seal = ${sealOf(KEYS, ARS, end)} where subject = ${ARS}`,
  );
  expect(found).toMatchObject({ intact: false, subject: ARS, position: 2 });
});

const CHANGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  audit_root: {
    position: 'position + 100',
    at: `at + interval '1 ms'`,
    chains: 'chains + 1',
    entries: 'entries - 1',
    digest: `overlay(digest placing case right(digest, 1) when '0' then '1' else '0' end from 64)`,
    previous: `previous || '0'`,
    hmac: `overlay(hmac placing case right(hmac, 1) when '0' then '1' else '0' end from length(hmac))`,
  },
  audit_root_head: {
    root: '3',
    subject: `subject || 'x'`,
    position: 'position + 1',
    hmac: `hmac || '0'`,
  },
};

test.each(Object.keys(CHANGES))('each column of %s, altered by somebody with all rights, is found', async (table) => {
  const columns = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_name = ${table}`.execute(owner.sql);
  expect(columns.rows.map(({ name }) => name).sort()).toEqual(Object.keys(CHANGES[table]!).sort());
  const key = table === 'audit_root' ? 'position' : 'root';
  for (const [column, value] of Object.entries(CHANGES[table]!)) {
    for (const position of table === 'audit_root' ? [1, 2, 3] : [1, 2]) {
      const found = await foundAfter(
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.raw(value)} where ${sql.ref(key)} = ${position}`,
      );
      expect({ column, position, ...found }).toMatchObject({ column, position, intact: false, subject: ROOTS });
    }
  }
});

test('a root removed, the first, a middle one or the last, is found; all of them with their head, by the mail alone', async () => {
  for (const position of [1, 2, 3]) {
    expect(await foundAfter(sql`delete from audit_root where position = ${position}`)).toMatchObject({
      intact: false,
      subject: ROOTS,
      position,
    });
  }
  const head = sql`delete from audit_head where subject = ${ROOTS}`;
  expect(await foundAfter(head)).toMatchObject({ intact: false, subject: ROOTS });
  const mailed = `3:${roots[2]!.digest}`;
  expect(await verify(mailed)).toMatchObject({ intact: true });
  expect(await verify(`4:${'0'.repeat(64)}`)).toMatchObject({ intact: false, subject: ROOTS, position: 4 });
  expect(await verify(`2:${roots[2]!.digest}`)).toMatchObject({ intact: false, subject: ROOTS, position: 2 });
});

test('the database refuses to change or remove a root, to the owner of the tables as to the application', async () => {
  for (const table of ['audit_root', 'audit_root_head']) {
    const key = sql.ref(table === 'audit_root' ? 'position' : 'root');
    for (const { sql: database } of [fresh.database, owner]) {
      const statements = [
        sql`update ${sql.table(table)} set ${key} = ${key}`,
        sql`delete from ${sql.table(table)}`,
        sql`truncate ${sql.table(table)} cascade`,
      ];
      for (const statement of statements)
        await expect(statement.execute(database)).rejects.toThrow(/never changed nor removed|permission denied/);
    }
  }
});

test('roots begun under an older key hold under the rotated ring, and not without that key', async () => {
  const newest = 'second-secret-of-the-tests-0123456789';
  expect(await verifyAudit(fresh.database.sql, parseKeyRing(`${newest},${SECRET}`))).toMatchObject({ intact: true });
  expect(await verifyAudit(fresh.database.sql, parseKeyRing(newest))).toMatchObject({ intact: false });
});

test('npm run audit:verify tells the last root, and holds one of a mail against it', async () => {
  const command = fileURLToPath(new URL('../../db/audit-verify.ts', import.meta.url));
  const env = childEnvironment({ DATABASE_URL: fresh.url, VIGIE_SECRET_KEYS: SECRET, VIGIE_DATA_DIR: tmpdir() });
  const run = (...kept: string[]) => promisify(execFile)(process.execPath, [command, ...kept], { env });
  const mailed = `3:${roots[2]!.digest}`;
  expect((await run(mailed)).stdout).toContain(
    `5 entries in 3 chains.\n3 roots, the last one of ${new Date(NOW + 2 * DAY).toISOString()}: ${mailed}`,
  );
  await expect(run(`3:${'0'.repeat(64)}`)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${ROOTS} #3`),
  });
  await expect(run('douze')).rejects.toMatchObject({ code: 2 });
});
