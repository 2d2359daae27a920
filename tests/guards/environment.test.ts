import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['domain', 'workflows', 'activities', 'channels', 'db', 'gateway', 'api', 'intake', 'worker', 'stack'];

async function typescriptFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

test('only config/env.ts reads the environment', async () => {
  const files = (await Promise.all(SOURCES.map(typescriptFiles))).flat();
  const readers = await Promise.all(
    files.map(async (file) => ((await readFile(file, 'utf8')).includes('process.env') ? [file] : [])),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(readers.flat()).toEqual([]);
});

test('no file of packages names a registry', async () => {
  const lockfile = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, object>>;
  };
  const npmrc = await readFile(join(ROOT, '.npmrc'), 'utf8');
  const packages = Object.entries(lockfile.packages);
  expect(packages.length).toBeGreaterThan(500);
  expect(packages.filter(([, one]) => 'resolved' in one).map(([name]) => name)).toEqual([]);
  expect(npmrc).not.toMatch(/^\s*registry\s*=/m);
});

test('every package of ours is pinned to an exact version', async () => {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}),
  );
  expect(versions.length).toBeGreaterThan(40);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
