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
let broken: { from: string; rule: string }[];

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'vigie-arrows-'));
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'package.json'])
    await copyFile(join(ROOT, file), join(tree, file));
  for (const file of IMPORTED) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), 'export type Database = object;\nexport const toRfc3339 = String;\n');
  }
  broken = await rulesBroken();
});

afterAll(() => rm(tree, { recursive: true, force: true }));

const IMPORTED = [
  'db/database.ts',
  'db/stores/process/record.ts',
  'activities/recording.activities.ts',
  'domain/instant.ts',
];

/** What must not be imported: the folder, a file in it, the rule that it breaks. */
const FORBIDDEN = [
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
] as const;
const probeOf = (index: number): string => join(FORBIDDEN[index]![0], `probe-${index}.ts`);

/** Runs dependency-cruiser once over all probes; answers each rule broken with the file that breaks it. */
async function rulesBroken(): Promise<{ from: string; rule: string }[]> {
  const probes = FORBIDDEN.map((_, index) => probeOf(index));
  for (const [index, probe] of probes.entries()) {
    await mkdir(dirname(join(tree, probe)), { recursive: true });
    await writeFile(join(tree, probe), FORBIDDEN[index]![1]);
  }
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = ['--config', '.dependency-cruiser.js', '--output-type', 'json', ...probes];
  const { stdout } = await run(process.execPath, [cruiser, ...args], { cwd: tree, maxBuffer: 64e6 });
  const result = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return result.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }));
}

test.each(FORBIDDEN.map(([folder, code, rule], index) => [folder, code, rule, probeOf(index)] as const))(
  'a file of %s that imports %j breaks the rule «%s»',
  (_folder, _code, rule, from) => {
    expect(broken).toContainEqual({ from, rule });
  },
);
