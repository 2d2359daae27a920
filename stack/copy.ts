import { copyFile, lchown, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies a folder. Files that vanish meanwhile are left out: a database that runs drops some, and its log knows.
 * @param skip says of a path relative to the folder whether it stays behind
 */
export async function copyTree(from: string, to: string, skip: (path: string) => boolean = () => false): Promise<void> {
  const copy = async (path: string): Promise<void> => {
    const { mode } = await stat(join(from, path));
    await mkdir(join(to, path), { recursive: true, mode: mode & 0o777 });
    for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (skip(inner)) continue;
      await unlessGone(() => (entry.isDirectory() ? copy(inner) : copyFile(join(from, inner), join(to, inner))));
    }
  };
  await copy('.');
}

/** Gives a folder and all in it to a user. */
export async function giveTo(path: string, owner: { uid: number; gid: number }): Promise<void> {
  for (const entry of await readdir(path, { recursive: true })) await lchown(join(path, entry), owner.uid, owner.gid);
  await lchown(path, owner.uid, owner.gid);
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
