import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the embedded desk makes once and keeps: whoever reads this file holds the desk. */
export interface Secrets {
  /** The key ring, as `VIGIE_SECRET_KEYS`. */
  readonly secretKeys: string;
  readonly postgresPassword: string;
  readonly oidcClientSecret: string;
}

/** Reads the secrets of a data dir, or makes them (file mode 0600). */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  return loadOrMake(join(dataDir, 'secrets.json'), () => ({
    secretKeys: randomBytes(36).toString('base64url'),
    postgresPassword: randomBytes(24).toString('base64url'),
    oidcClientSecret: randomBytes(24).toString('base64url'),
  }));
}

/**
 * A JSON file made at first use, put in place whole.
 * @throws when it is there and cannot be read: it is never made anew over another
 */
export async function loadOrMake<T>(file: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new Error(`${file} cannot be read`, { cause: error });
  }
  const made = await make();
  await writePrivate(file, made);
  return made;
}

/** Writes JSON that only the owner reads, atomically. */
export async function writePrivate(file: string, content: unknown): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(part, file);
}
