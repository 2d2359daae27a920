import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { testBundle } from '../support/test-runtime.ts';

/** What may be replayed: our rules and workflows, the SDK, and luxon. */
const ALLOWED = [
  /^\.\/(domain|workflows)\//,
  /^\.\/gateway\/failure-converter\.cjs$/,
  /^\.\/node_modules\/(@temporalio\/(workflow|common|proto|worker)|nexus-rpc|luxon|ms|long)\//,
  /^__temporal_/,
];

/** The modules of a bundle, as webpack names them above each. */
async function modulesOf(path: string): Promise<string[]> {
  const code = await readFile(path, 'utf8');
  return [...code.matchAll(/^\s*!\*\*\* (\S.*?) \*\*\*!$/gm)].map(([, name]) => (name ?? '').replace(/ .*/, ''));
}

test('the bundle holds only what may be replayed: no Node builtin, no client, no database', async () => {
  const modules = await modulesOf(await testBundle());
  expect(modules.length).toBeGreaterThan(50);
  expect(modules).toContain('./workflows/instruction.workflow.ts');
  expect(modules.filter((name) => !ALLOWED.some((pattern) => pattern.test(name)))).toEqual([]);
  const builtin = (name: string) => builtinModules.includes(name.replace(/^node:/, '')) || name.startsWith('external');
  expect(modules.filter(builtin)).toEqual([]);
});

test('a workflow that imports a Node builtin makes no bundle; without it, the same one does', async () => {
  const folder = await mkdtemp(join(import.meta.dirname, '.bundle-'));
  const said: string[] = [];
  const logger = new DefaultLogger('ERROR', ({ message }) => void said.push(message));
  const bundle = async (code: string) => {
    const workflowsPath = join(folder, 'index.ts');
    await writeFile(workflowsPath, code);
    return bundleWorkflowCode({ workflowsPath, logger });
  };
  try {
    await bundle(`export async function w() { return 1; }\n`);
    expect(said).toEqual([]);
    const refused = bundle(`import { randomUUID } from 'node:crypto';\nexport const w = async () => randomUUID();\n`);
    await expect(refused).rejects.toThrow();
    expect(said.join('\n')).toContain('crypto');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
