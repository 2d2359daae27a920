import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** A tree of the same shape beside this one, so that no other test ever meets the forbidden file. */
let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'vigie-arrows-'));
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'package.json'])
    await copyFile(join(ROOT, file), join(tree, file));
  for (const file of IMPORTED) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), 'export type Database = object;\nexport const toRfc3339 = String;\n');
  }
});

afterAll(() => rm(tree, { recursive: true, force: true }));

const IMPORTED = [
  'db/database.ts',
  'db/stores/process/record.ts',
  'activities/recording.activities.ts',
  'domain/instant.ts',
];

/** Runs dependency-cruiser over one file laid in `folder`; answers the names of the rules broken. */
async function rulesBrokenBy(folder: string, code: string): Promise<string[]> {
  const probe = join(folder, 'probe.ts');
  await mkdir(join(tree, folder), { recursive: true });
  await writeFile(join(tree, probe), code);
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = ['--config', '.dependency-cruiser.js', '--output-type', 'json', probe];
  const { stdout } = await run(process.execPath, [cruiser, ...args], { cwd: tree, maxBuffer: 64e6 });
  const result = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return result.summary.violations.map(({ rule }) => rule.name);
}

test.each([
  ['domain', `import type { Database } from '../db/database.ts';\nexport type Probe = Database;\n`, 'domain-is-pure'],
  ['domain', `import { readFile } from 'node:fs/promises';\nexport const probe = readFile;\n`, 'domain-without-io'],
  [
    'workflows',
    `import { randomUUID } from 'node:crypto';\nexport const probe = randomUUID;\n`,
    'workflows-in-the-sandbox',
  ],
  ['workflows', `import type { Database } from '../db/database.ts';\nexport type Probe = Database;\n`, 'workflows'],
  [
    'workflows',
    `import { Client } from '@temporalio/client';\nexport const probe = Client;\n`,
    'workflows-without-packages',
  ],
  ['api/routes', `import '../../db/stores/process/record.ts';\n`, 'api'],
  ['api/routes', `import '../../activities/recording.activities.ts';\n`, 'api'],
  ['channels', `import type { Database } from '../db/database.ts';\nexport type Probe = Database;\n`, 'channels'],
  [
    'config',
    `import { toRfc3339 } from '../domain/instant.ts';\nexport const probe = toRfc3339;\n`,
    'config-stands-alone',
  ],
])('a file of %s that imports %j breaks the rule «%s»', async (folder, code, rule) => {
  expect(await rulesBrokenBy(folder, code)).toContain(rule);
});
