import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { readEnvOf } from '../../config/env.ts';
import { openDatabase, type Sql } from '../../db/database.ts';
import { backUp } from '../../stack/backup.ts';
import { restore } from '../../stack/restore.ts';
import { cleanUp, type Desk, freshDataDir, runDesk } from './desk.ts';

const PARTS = ['postgres', 'temporal'];
let folder = '';
let first = '';
let second = '';
const desks: Desk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-copies-'));
  [first, second] = await Promise.all([freshDataDir(), freshDataDir()]);
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.end('SIGTERM');
}, 60_000);
afterAll(async () => {
  await cleanUp(first, []);
  await cleanUp(second, []);
  await rm(folder, { recursive: true, force: true });
}, 120_000);

function start(dataDir: string): Desk {
  const desk = runDesk(dataDir, PARTS);
  desks.push(desk);
  return desk;
}

async function withSql<T>(dataDir: string, work: (session: Sql) => Promise<T>): Promise<T> {
  const database = await openDatabase(readEnvOf(dataDir).databaseUrl, { as: 'owner', poolSize: 1 });
  try {
    return await work(database.sql);
  } finally {
    await database.close();
  }
}

async function withTemporal<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const rows = (session: Sql) => sql<{ word: string }>`select word from kept order by word`.execute(session);

test('a copy of a running desk, restored elsewhere, has its rows, its workflows and its secrets', async () => {
  const desk = start(first);
  const { temporal } = await desk.ready();
  await withSql(first, async (session) => {
    await sql`create table kept (word text)`.execute(session);
    await sql`insert into kept values ('before')`.execute(session);
  });
  await withTemporal(temporal, (client) =>
    client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'instruction/kept', args: [{ version: 1 }] }),
  );
  const copy = join(folder, 'hot');
  expect(await backUp(first, copy)).toMatchObject({ hot: true, format: 1 });
  await withSql(first, (session) => sql`insert into kept values ('after')`.execute(session));
  await expect(restore(copy, first, true)).rejects.toThrow('Un bureau tourne déjà');
  await expect(backUp(first, copy)).rejects.toThrow('existe déjà');
  expect(await desk.end('SIGTERM')).toBe(0);

  expect(await restore(copy, second, false)).toBeNull();
  const again = start(second);
  const restored = await again.ready();
  expect((await withSql(second, rows)).rows).toEqual([{ word: 'before' }]);
  const description = await withTemporal(restored.temporal, (client) =>
    client.workflow.getHandle('instruction/kept').describe(),
  );
  expect(description).toMatchObject({ type: 'anything', status: { name: 'RUNNING' } });
  expect(await again.end('SIGTERM')).toBe(0);
}, 180_000);

test('a copy of a stopped desk replaces data only by force, and sets them aside', async () => {
  const copy = join(folder, 'cold');
  expect(await backUp(first, copy)).toMatchObject({ hot: false });
  await expect(restore(copy, second, false)).rejects.toThrow('--force');
  const aside = await restore(copy, second, true);
  expect(await readdir(aside!)).toEqual(expect.arrayContaining(['postgres', 'temporal', 'secrets.json']));
  const desk = start(second);
  await desk.ready();
  expect((await withSql(second, rows)).rows).toEqual([{ word: 'after' }, { word: 'before' }]);
  expect((await stat(copy)).mode & 0o077).toBe(0);
  expect(await desk.end('SIGTERM')).toBe(0);
}, 180_000);

test('what is not a whole copy is refused', async () => {
  await expect(restore(folder, second, true)).rejects.toThrow('n’est pas une copie entière');
});
