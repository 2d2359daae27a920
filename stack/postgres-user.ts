import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, chown, cp, mkdir, mkdtemp, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PostgreSQL refuses to run as root: then it runs as the system's `postgres`, made when there is none. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Where root puts what that user cannot reach under the desk's own folder (for instance below /root, which is closed). */
const ELSEWHERE = '/var/lib/vigie';

/** The user that PostgreSQL runs as; undefined: the present one. */
export async function postgresIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await lookUp('postgres');
  if (found !== undefined) return found;
  let why: unknown;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', 'postgres']);
  } catch (error) {
    why = error; // another process may have made it at the same time: looked up again
  }
  const made = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (made === undefined) throw new Error('PostgreSQL refuses root, and no other user can be made', { cause: why });
  return made;
}

/** Where a folder really is; null: not there yet. */
async function placeOf(folder: string): Promise<string | null> {
  try {
    return await realpath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The folder of a cluster, owned by `identity` and reachable by it.
 * @param wanted where it should be; when `identity` cannot get there, a folder below /var/lib/vigie takes its place and
 *   `wanted` becomes a link to it
 */
export async function placeCluster(
  wanted: string,
  identity: Identity | undefined,
  log: (message: string) => void,
): Promise<string> {
  if (identity === undefined) {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    return realpath(wanted);
  }
  const present = await placeOf(wanted);
  if (present !== null && (await isReachable(present, identity))) {
    await chown(present, identity.uid, identity.gid);
    return present;
  }
  const parent = dirname(wanted);
  await mkdir(parent, { recursive: true });
  const ownFolder = await stat(parent);
  if (ownFolder.uid === 0 && (ownFolder.mode & 0o001) === 0) await chmod(parent, ownFolder.mode | 0o011);
  if (present === null && (await isReachable(await realpath(parent), identity))) return ownedFolder(wanted, identity);
  if (present !== null) {
    throw new Error(`${wanted} is there but user ${identity.uid} cannot reach it; open its parents (chmod o+x)`);
  }
  await mkdir(ELSEWHERE, { recursive: true, mode: 0o755 });
  const place = await mkdtemp(join(ELSEWHERE, 'cluster-'));
  log(
    `PostgreSQL cannot run as root, and its user cannot reach ${wanted}: its files are in ${place}, linked from there`,
  );
  await ownedFolder(place, identity);
  await symlink(place, wanted);
  return place;
}

/** The folder of PostgreSQL's programs, copied once to where `identity` reaches it when it cannot reach node_modules. */
export async function placePrograms(bin: string, identity: Identity | undefined): Promise<string> {
  if (identity === undefined || (await isReachable(await realpath(bin), identity))) return bin;
  const native = dirname(bin);
  const { mtimeMs } = await stat(join(bin, 'postgres'));
  const name = createHash('sha256').update(`${native} ${mtimeMs}`).digest('hex').slice(0, 16);
  const target = join(ELSEWHERE, `programs-${name}`);
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (!there) {
    await mkdir(ELSEWHERE, { recursive: true, mode: 0o755 });
    const part = await mkdtemp(`${target}.`);
    await chmod(part, 0o755);
    await cp(native, part, { recursive: true, verbatimSymlinks: true });
    try {
      await rename(part, target);
    } catch (error) {
      await rm(part, { recursive: true });
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return join(target, 'bin');
}

async function ownedFolder(path: string, identity: Identity): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  await chmod(path, 0o700);
  await chown(path, identity.uid, identity.gid);
  return realpath(path);
}

/** Whether `identity` may pass through every folder above `path`. */
async function isReachable(path: string, identity: Identity): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function lookUp(name: string): Promise<Identity | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (error) {
    if ((error as { code?: unknown }).code === 1) return undefined; // no such user
    throw error;
  }
}
