import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Everything that can end up in the bundle. */
const SOURCES = ['workflows', 'domain', 'activities/contract.ts', 'gateway/failure-converter.cjs', 'package-lock.json'];

/**
 * The bundle of all workflows, made once for each state of their sources (1.3–2.7 s, in a process of its own) and kept in
 * `directory`. Several processes may ask at once: each makes a file of its own and renames it.
 * @returns path of the code
 * @throws when workflow code cannot be bundled
 */
export async function workflowBundle(directory: string): Promise<string> {
  const path = join(directory, `workflows-${await hashOfSources()}.cjs`);
  if (await exists(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  await run(process.execPath, [join(ROOT, 'worker', 'make-bundle.ts'), path]);
  return path;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesOf(source)) {
      hash
        .update(file)
        .update('\0')
        .update(await readFile(join(ROOT, file)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(source: string): Promise<string[]> {
  if (/\.\w+$/.test(source)) return [source];
  const entries = await readdir(join(ROOT, source), { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => join(source, entry))
    .sort();
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
