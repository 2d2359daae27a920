// npm run restore -- <folder> [--force]: puts a copy made by «npm run backup» in place.
import '../config/node-version.ts';
import { chmod, copyFile, mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readDataDir } from '../config/env.ts';
import { BACKUP_FORMAT, isThere, KEPT_FILES, MANIFEST, type Manifest, refuseLeftovers } from './backup.ts';
import { copyTree, giveTo } from './copy.ts';
import { placeCluster, postgresIdentity } from './postgres-user.ts';
import { takeLock } from './supervisor.ts';

const DATA = ['postgres', 'temporal', 'mailbox', ...KEPT_FILES];

/**
 * Restores a copy into a data dir whose desk does not run. What was there is set aside, never deleted.
 * @returns where the data that was there is now; null when there was none
 * @throws Error in French when the desk runs, the copy is not whole, or there is data and `force` is not given
 */
export async function restore(copy: string, dataDir: string, force: boolean): Promise<string | null> {
  const manifest = await readManifest(copy);
  if (manifest?.format !== BACKUP_FORMAT) throw new Error(`${copy} n’est pas une copie entière d’un bureau.`);
  await mkdir(dataDir, { recursive: true });
  const lock = await takeLock(dataDir);
  try {
    refuseLeftovers(dataDir);
    const present = (await readdir(dataDir)).filter((name) => DATA.includes(name));
    if (present.length > 0 && !force) {
      throw new Error(
        `${dataDir} contient déjà des données : ajoutez --force pour les remplacer (elles seront mises de côté).`,
      );
    }
    const aside = present.length === 0 ? null : await setAside(dataDir, present);
    await putInPlace(copy, dataDir);
    return aside;
  } finally {
    lock.release();
  }
}

async function setAside(dataDir: string, names: readonly string[]): Promise<string> {
  const aside = join(dataDir, `replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o711 });
  for (const name of names) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

async function putInPlace(copy: string, dataDir: string): Promise<void> {
  for (const folder of ['temporal', 'mailbox']) {
    if (await isThere(join(copy, folder))) await copyTree(join(copy, folder), join(dataDir, folder));
  }
  for (const file of KEPT_FILES) {
    if (await isThere(join(copy, file))) await copyFile(join(copy, file), join(dataDir, file));
  }
  if (!(await isThere(join(copy, 'postgres')))) return;
  const identity = await postgresIdentity();
  const directory = await placeCluster(join(dataDir, 'postgres'), identity, (message) => {
    process.stderr.write(`${message}\n`);
  });
  const data = join(directory, 'data');
  await copyTree(join(copy, 'postgres'), data);
  await chmod(data, 0o700);
  if (identity !== undefined) await giveTo(data, identity);
}

async function readManifest(copy: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(copy, MANIFEST), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

if (import.meta.main) {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { force: { type: 'boolean' } } });
    const [copy] = positionals;
    if (copy === undefined) throw new Error('Usage : npm run restore -- <dossier de la copie> [--force]');
    const aside = await restore(resolve(copy), readDataDir(), values.force === true);
    const note = aside === null ? '' : ` Les données précédentes sont dans ${aside}.`;
    process.stdout.write(`Copie restaurée dans ${readDataDir()}.${note} Lancez « npm start ».\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
