import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { childEnvironment } from '../../config/env.ts';
import { parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import type { Fact } from '../../domain/changes.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { KEYS, NOW, SECRET } from './fixture.ts';

let fresh: FreshDatabase;
let owner: Database;

beforeEach(async () => {
  fresh = await freshDatabase();
  owner = await openDatabase(fresh.url, { as: 'owner' });
});

afterEach(async () => {
  await owner.close();
  await fresh.drop();
});

const fact = (n: number): Fact => ({
  at: NOW + n,
  kind: 'edited',
  organisation: 'ARS-84',
  actor: { sub: 'redacteur', organisation: 'CORRUSS' },
  data: { n, nested: { b: [1, 2.5, null], a: 'é \u2028' }, absent: undefined },
});

const append = (subject: string, facts: Fact[]): Promise<void> =>
  fresh.database.sql.transaction().execute((trx) => appendAudit(trx, KEYS, subject, facts));

/** A chain of five entries under a subject of its own. */
async function chain(subject: string): Promise<void> {
  await append(subject, [fact(1), fact(2), fact(3)]);
  await append(subject, [fact(4), fact(5)]);
}

/** As somebody who owns the tables and puts the triggers out of the way. */
async function tamper(statement: ReturnType<typeof sql>): Promise<void> {
  await owner.sql.transaction().execute(async (trx) => {
    await sql`alter table audit_entry disable trigger all`.execute(trx);
    await statement.execute(trx);
    await sql`alter table audit_entry enable trigger all`.execute(trx);
  });
}

/** Does it, says what verification finds, and puts all entries and heads back as they were. */
async function foundAfter(...statements: ReturnType<typeof sql>[]) {
  await sql`create table kept_entry as table audit_entry`.execute(owner.sql);
  await sql`create table kept_head as table audit_head`.execute(owner.sql);
  for (const statement of statements) await tamper(statement);
  const found = await verifyAudit(fresh.database.sql, KEYS);
  await tamper(sql`with gone as (delete from audit_entry) select`);
  await tamper(sql`with gone as (delete from audit_head) select`);
  await tamper(sql`insert into audit_entry table kept_entry`);
  await tamper(sql`insert into audit_head table kept_head`);
  await sql`drop table kept_entry, kept_head`.execute(owner.sql);
  expect(await verifyAudit(fresh.database.sql, KEYS)).toMatchObject({ intact: true });
  return found;
}

test('twenty writers of one chain at once number it without gap, and it holds', async () => {
  const subject = 'organisation/parallel';
  await Promise.all(Array.from({ length: 20 }, (_, n) => append(subject, [fact(n), fact(n + 100)])));
  const rows = await owner.sql
    .selectFrom('audit_entry')
    .select('position')
    .where('subject', '=', subject)
    .orderBy('position')
    .execute();
  expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  expect(await verifyAudit(fresh.database.sql, KEYS)).toMatchObject({ intact: true });
});

test('a transaction rolled back leaves nothing in the chain', async () => {
  const subject = 'organisation/rolled-back';
  const work = fresh.database.sql.transaction().execute(async (trx) => {
    await appendAudit(trx, KEYS, subject, [fact(1)]);
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  await append(subject, [fact(2)]);
  const rows = await owner.sql.selectFrom('audit_entry').select('data').where('subject', '=', subject).execute();
  expect(rows).toMatchObject([{ data: { n: 2 } }]);
});

test('the database refuses to change or remove an entry, to the owner of the tables as to the application', async () => {
  const subject = 'organisation/kept';
  await chain(subject);
  for (const { sql: database } of [fresh.database, owner]) {
    const statements = [
      sql`update audit_entry set data = '{}' where subject = ${subject}`,
      sql`delete from audit_entry where subject = ${subject}`,
      sql`truncate audit_entry`,
    ];
    for (const statement of statements) {
      await expect(statement.execute(database)).rejects.toThrow(/never changed nor removed|permission denied/);
    }
  }
  await expect(sql`alter table audit_entry disable trigger all`.execute(fresh.database.sql)).rejects.toThrow('owner');
  const rows = await owner.sql.selectFrom('audit_entry').select('position').where('subject', '=', subject).execute();
  expect(rows).toHaveLength(5);
});

test('verification finds what somebody with all rights did to an entry', async () => {
  const subject = 'organisation/tampered';
  await chain(subject);
  const where = sql`where subject = ${subject} and position`;
  const broken = (position: number | null) => ({ intact: false, subject, position });
  expect(await foundAfter(sql`update audit_entry set data = '{"n": 9}' ${where} = 3`)).toMatchObject(broken(3));
  expect(await foundAfter(sql`update audit_entry set at = at + interval '1 ms' ${where} = 2`)).toMatchObject(broken(2));
  expect(await foundAfter(sql`update audit_entry set actor_sub = 'x' ${where} = 1`)).toMatchObject(broken(1));
  expect(await foundAfter(sql`delete from audit_entry ${where} = 3`)).toMatchObject(broken(3));
  expect(await foundAfter(sql`delete from audit_entry ${where} = 1`)).toMatchObject(broken(1));
  expect(await foundAfter(sql`delete from audit_entry ${where} > 3`)).toMatchObject(broken(4));
  const swap = sql`update audit_entry set position = case position when 2 then 103 else 102 end ${where} in (2, 3)`;
  const back = sql`update audit_entry set position = position - 100 ${where} > 100`;
  expect(await foundAfter(swap, back)).toMatchObject(broken(2));
});

/** Each column of an entry set to another value of its type; `position` and the key of `subject` make room for it. */
const ALTERATIONS: Readonly<Record<string, string>> = {
  subject: `'organisation/another'`,
  position: 'position + 100',
  at: `at + interval '1 ms'`,
  recorded_at: `recorded_at - interval '1 ms'`,
  kind: `'drafted'`,
  organisation_id: 'null',
  actor_sub: `actor_sub || 'x'`,
  actor_organisation: `'ARS-84'`,
  data: `jsonb_set(data, '{n}', '9')`,
  previous: `overlay(previous placing case right(previous, 1) when '0' then '1' else '0' end from length(previous))`,
  hmac: `overlay(hmac placing case right(hmac, 1) when '0' then '1' else '0' end from length(hmac))`,
};

test('each column of an entry, altered by somebody with all rights, is found, wherever it stands in its chain', async () => {
  const columns = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_name = 'audit_entry'`.execute(owner.sql);
  expect(columns.rows.map(({ name }) => name).sort()).toEqual(Object.keys(ALTERATIONS).sort());
  const subject = 'organisation/columns';
  await chain(subject);
  for (const [column, value] of Object.entries(ALTERATIONS)) {
    for (const position of [1, 3, 5]) {
      const found = await foundAfter(sql`
        update audit_entry set ${sql.ref(column)} = ${sql.raw(value)} where subject = ${subject} and position = ${position}`);
      expect({ column, at: position, ...found }).toMatchObject({ column, at: position, intact: false });
    }
  }
});

test('each column of a head, altered, is found', async () => {
  const subject = 'organisation/head';
  await chain(subject);
  const changes = {
    subject: `'organisation/another'`,
    position: 'position - 1',
    hmac: `hmac || '0'`,
    seal: `seal || '0'`,
  };
  for (const [column, value] of Object.entries(changes)) {
    const found = await foundAfter(
      sql`update audit_head set ${sql.ref(column)} = ${sql.raw(value)} where subject = ${subject}`,
    );
    expect({ column, ...found }).toMatchObject({ column, intact: false });
  }
});

test('verification finds a tail cut together with its head, a lost head and a chain gone whole', async () => {
  const subject = 'organisation/cut';
  await chain(subject);
  const cut = sql`delete from audit_entry where subject = ${subject} and position > 3`;
  const head = sql`
    update audit_head set position = 3, hmac = (select hmac from audit_entry where subject = ${subject} and position = 3)
    where subject = ${subject}`;
  const removeHead = sql`delete from audit_head where subject = ${subject}`;
  const removeAll = sql`delete from audit_entry where subject = ${subject}`;
  const broken = { intact: false, subject, position: null };
  expect(await foundAfter(cut, head)).toMatchObject(broken);
  expect(await foundAfter(removeHead)).toMatchObject(broken);
  expect(await foundAfter(removeAll)).toMatchObject(broken);
});

test('a chain begun under an older key holds under the rotated ring, and not without that key', async () => {
  const subject = 'organisation/rotated';
  await append(subject, [fact(1)]);
  const newest = 'second-secret-of-the-tests-0123456789';
  const rotated = parseKeyRing(`${newest},${SECRET}`);
  await fresh.database.sql.transaction().execute((trx) => appendAudit(trx, rotated, subject, [fact(2)]));
  expect(await verifyAudit(fresh.database.sql, rotated)).toMatchObject({ intact: true });
  expect(await verifyAudit(fresh.database.sql, parseKeyRing(newest))).toMatchObject({ intact: false });
});

test('a NUL or half a surrogate pair in a fact is replaced: recording goes on', async () => {
  const subject = 'organisation/rubbish';
  await append(subject, [{ ...fact(1), data: { text: 'a\0b\uD800c \\u0000' } }]);
  const row = await owner.sql
    .selectFrom('audit_entry')
    .select('data')
    .where('subject', '=', subject)
    .executeTakeFirst();
  expect(row?.data).toEqual({ text: 'a\uFFFDb\uFFFDc \\u0000' });
});

test('npm run audit:verify ends with 0 while the chains hold, and with 1 and the first broken entry when one does not', async () => {
  const subject = 'organisation/command';
  await chain(subject);
  const verify = () =>
    promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../db/audit-verify.ts', import.meta.url))], {
      env: childEnvironment({ DATABASE_URL: fresh.url, VIGIE_SECRET_KEYS: SECRET, VIGIE_DATA_DIR: tmpdir() }),
    });
  expect((await verify()).stdout).toContain('5 entries in 1 chains');
  await tamper(sql`update audit_entry set kind = 'drafted' where subject = ${subject} and position = 4`);
  await expect(verify()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(`${subject} #4`) });
});
