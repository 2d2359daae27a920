// npm run backup [-- <folder>]: a copy of the embedded desk's data, also while it runs.
import '../config/node-version.ts';
import { sql } from 'kysely';
import { copyFile, mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { readDataDir, readEnvOf } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { copyTree } from './copy.ts';
import { type Lock, tryLock } from './lock.ts';
import { Pids } from './pids.ts';
import { writePrivate } from './secrets.ts';

/** Written last: a copy without it is not whole. */
export const MANIFEST = 'manifest.json';
export const BACKUP_FORMAT = 1;
/** Kept with the data: without the key ring nothing in the copy can be read. */
export const KEPT_FILES = ['secrets.json', 'issuer.json', 'ports.json'];

export interface Manifest {
  readonly format: typeof BACKUP_FORMAT;
  /** RFC 3339 */
  readonly madeAt: string;
  /** Taken from a running desk: PostgreSQL's instant lies shortly before Temporal's, `npm run reconcile` shows the gap. */
  readonly hot: boolean;
  /** What is in it; parts that run elsewhere are not. */
  readonly parts: readonly string[];
}

/**
 * Copies PostgreSQL, Temporal's file, the mailbox and the secrets of a data dir.
 * @param target folder of the copy; it must not exist
 * @throws Error in French when there is nothing to copy or the target exists
 */
export async function backUp(dataDir: string, target: string): Promise<Manifest> {
  if (await isThere(target)) throw new Error(`${target} existe déjà : choisissez un autre dossier.`);
  if (!(await isThere(join(dataDir, 'lock.sqlite')))) throw new Error(`Aucun bureau dans ${dataDir}.`);
  const part = `${target}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  const lock = tryLock(join(dataDir, 'lock.sqlite'));
  try {
    if (lock !== null) refuseLeftovers(dataDir);
    await copyPostgres(dataDir, join(part, 'postgres'), lock);
    // Temporal after PostgreSQL: a workflow that is ahead records again, one that is behind would have forgotten.
    await copyTemporal(join(dataDir, 'temporal'), join(part, 'temporal'));
    if (await isThere(join(dataDir, 'mailbox'))) await copyTree(join(dataDir, 'mailbox'), join(part, 'mailbox'));
    for (const file of KEPT_FILES) {
      if (await isThere(join(dataDir, file))) await copyFile(join(dataDir, file), join(part, file));
    }
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      madeAt: new Date().toISOString(),
      hot: lock === null,
      parts: await readdir(part),
    };
    await writePrivate(join(part, MANIFEST), manifest);
    await rename(part, target);
    return manifest;
  } finally {
    lock?.release();
  }
}

/** @throws Error in French when processes of a killed desk still write */
export function refuseLeftovers(dataDir: string): void {
  const names = new Pids(dataDir).leftovers().map(({ name, mark }) => `${name} (${mark.pid})`);
  if (names.length === 0) return;
  throw new Error(
    `Le superviseur a été tué mais ${names.join(', ')} tournent encore : lancez « npm start », qui les reprend, puis recommencez.`,
  );
}

async function copyPostgres(dataDir: string, target: string, lock: Lock | null): Promise<void> {
  const folder = join(dataDir, 'postgres');
  if (!(await isThere(folder))) return; // an external PostgreSQL has its own tools
  const data = join(await realpath(folder), 'data');
  if (lock === null) await copyRunning(dataDir, data, target);
  else await copyTree(data, target, (path) => path === 'postmaster.pid');
}

/** What PostgreSQL's manual says to leave out of a copy («Making a Base Backup Using the Low Level API»). */
const TRANSIENT = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//;
const NOT_COPIED = new Set(['postmaster.pid', 'postmaster.opts']);

/** A base backup of the running cluster, with the write-ahead log that makes it consistent. */
async function copyRunning(dataDir: string, data: string, target: string): Promise<void> {
  const database = await openDatabase(readEnvOf(dataDir).databaseUrl, { as: 'owner', poolSize: 1 });
  try {
    await database.sql.connection().execute(async (session) => {
      await sql`select pg_backup_start('vigie', fast => true)`.execute(session);
      await copyTree(data, target, (path) => TRANSIENT.test(path) || NOT_COPIED.has(path));
      const stopped = sql<{ labelfile: string }>`select labelfile from pg_backup_stop(wait_for_archive => false)`;
      const label = (await stopped.execute(session)).rows[0]?.labelfile ?? '';
      await writeFile(join(target, 'backup_label'), label, { mode: 0o600 });
      await copyTree(join(data, 'pg_wal'), join(target, 'pg_wal'));
      const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1] ?? '';
      if (!(await isThere(join(target, 'pg_wal', first)))) {
        throw new Error('PostgreSQL a trop écrit pendant la copie : recommencez à un moment plus calme.');
      }
    });
  } finally {
    await database.close();
  }
}

/** In one step, so that writes of the server in between do not make it begin again and again. */
const ALL_PAGES = 2 ** 30;

/** SQLite's own online copy: one instant, while the server goes on. */
async function copyTemporal(folder: string, target: string): Promise<void> {
  if (!(await isThere(folder))) return; // an external Temporal has its own tools
  await mkdir(target, { mode: 0o700 });
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.sqlite')) continue;
    const database = new DatabaseSync(join(folder, file), { timeout: 10_000 });
    try {
      await backup(database, join(target, file), { rate: ALL_PAGES });
    } finally {
      database.close();
    }
  }
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

if (import.meta.main) {
  try {
    const dataDir = readDataDir();
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    const target = resolve(process.argv[2] ?? join(dataDir, 'backups', stamp));
    const { hot, parts } = await backUp(dataDir, target);
    process.stdout.write(
      `Copie ${hot ? 'à chaud ' : ''}faite dans ${target} (${parts.join(', ')}).\n` +
        'Elle contient les secrets du bureau : protégez-la, et gardez-la sur une autre machine.\n',
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
