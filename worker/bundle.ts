import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../gateway/data-converter.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Everything that can end up in the bundle. */
const SOURCES = ['workflows', 'domain', 'activities/contract.ts', 'gateway/failure-converter.cjs', 'package-lock.json'];

/**
 * The bundle of all workflows, made once for each state of their sources (1.3–2.7 s) and kept in `directory`.
 * Several processes may ask at once: each writes a file of its own and renames it.
 * @returns path of the code
 */
export async function workflowBundle(directory: string): Promise<string> {
  const path = join(directory, `workflows-${await hashOfSources()}.cjs`);
  if (await exists(path)) return path;
  const code = await bundleWorkflows();
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, code);
  await rename(part, path);
  return path;
}

/** Bundles anew. @throws when workflow code imports a Node builtin */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('WARN'),
  });
  return code;
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
    await readFile(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
