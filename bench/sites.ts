import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { readSiteCsv } from '../api/sites/read-csv.ts';
import { readReferenceDir } from '../config/env.ts';
import { parseKeyRing } from '../config/keys.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { agenciesOf } from '../db/read-models/organisations.ts';
import { listSites } from '../db/read-models/sites.ts';
import { compareSites, importSites } from '../db/stores/desk/sites.ts';
import type { SiteEntry } from '../domain/site.ts';
import { startPostgresAlone } from './postgres.ts';

const BAR_MS = 3_000;
const KEYS = parseKeyRing('a key ring for measuring which seals nothing of worth');

/** The register of establishments from its bytes to the commit, beside a bare COPY of the same rows into a bare table. */
export async function sites(quick: boolean): Promise<void> {
  const file = join(readReferenceDir(), 'data', 'etablissements.csv');
  const content = await readFile(file).catch(() => null);
  if (content === null) {
    console.error(`SKIPPED, no register: ${file} (VIGIE_REFERENCE_DIR)`);
    return;
  }
  const server = await startPostgresAlone();
  try {
    await migrateDatabase(server.url, { demoContacts: false });
    const database = await openDatabase(server.url);
    const worst = await rounds(database, server.url, content, quick ? 3 : 9);
    await database.close();
    if (worst > BAR_MS) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

async function rounds(database: Database, url: string, content: Buffer, count: number): Promise<number> {
  const agencies = await agenciesOf(database.sql);
  const { entries, mentioned } = readSiteCsv(content, agencies);
  const times: Record<'copy' | 'read' | 'first' | 'again' | 'dry' | 'list', number[]> = {
    ...{ copy: [], read: [], first: [], again: [], dry: [], list: [] },
  };
  const run = async () => {
    const file = { entries: readSiteCsv(content, agencies).entries, complete: mentioned };
    const by = { by: { sub: 'bench', organisation: 'CORRUSS' }, now: Date.now(), sha256: '', closing: 0 };
    return importSites(database, KEYS, file, by);
  };
  for (let round = 0; round < count; round += 1) {
    await emptied(database);
    times.copy.push(await bareCopy(url, entries));
    times.read.push(await timed(() => Promise.resolve(readSiteCsv(content, agencies))));
    times.dry.push(await timed(() => compareSites(database.sql, { entries, complete: mentioned })));
    times.first.push(await timed(run));
    times.again.push(await timed(run));
    const filter = { territory: 'ZONE-SUD', search: 'hopital jour', time: null };
    times.list.push(await timed(() => listSites(database.sql, 'all', filter, { limit: 51, after: null })));
  }
  const tell = (values: number[]) => {
    values.sort((a, b) => a - b);
    return `median ${(values[values.length >> 1] ?? 0).toFixed(0)} ms, worst ${(values.at(-1) ?? 0).toFixed(0)} ms`;
  };
  console.log(`${entries.length} sites, ${content.length} bytes, ${count} rounds`);
  console.log(`floor, COPY into a bare table     : ${tell(times.copy)}`);
  console.log(`import, all new                   : ${tell(times.first)} (bar ${BAR_MS})`);
  console.log(`  of it reading and checking lines: ${tell(times.read)}`);
  console.log(`import again, nothing changed     : ${tell(times.again)}`);
  console.log(`differences alone, all new        : ${tell(times.dry)}`);
  console.log(`a page of 50, zone and two words  : ${tell(times.list)}`);
  return times.first.at(-1) ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function emptied({ sql: db }: Database): Promise<void> {
  await sql`delete from site_version`.execute(db);
  await sql`delete from site`.execute(db);
  await sql`delete from organisation where kind = 'site'`.execute(db);
}

const COLUMNS = ['finess', 'name', 'category', 'status', 'department', 'ars', 'zone', 'postcode', 'city'] as const;

/** Without key, index or check, in one transaction; the client speaks the COPY protocol by itself. */
async function bareCopy(url: string, entries: readonly SiteEntry[]): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const fields = [...COLUMNS, 'latitude', 'longitude', 'phone'] as const;
  await client.query(`drop table if exists bare; create table bare (${fields.map((one) => `${one} text`).join(', ')})`);
  const lines = entries.map((entry) => fields.map((field) => entry[field] ?? '\\N').join('\t'));
  const data = Buffer.from(`${lines.join('\n')}\n`);
  const begun = performance.now();
  await copyIn(client, 'copy bare from stdin', data);
  const took = performance.now() - begun;
  const { rows } = await client.query<{ count: string }>('select count(*) from bare');
  await client.end();
  if (Number(rows[0]?.count) !== entries.length) throw new Error('the bare table has not got every row');
  return took;
}

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  query(text: string): void;
}

const copyIn = (client: pg.Client, text: string, data: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    // A «submittable» of pg: it is handed the connection in its turn, and what comes back.
    const copy = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection) => {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    };
    client.query(copy as unknown as pg.Submittable);
  });
