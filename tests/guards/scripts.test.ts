import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('every script of package.json runs a file that is there', async () => {
  const files = Object.values(manifest.scripts).flatMap((script) =>
    script.split(' ').filter((word) => /\.(?:ts|js)$/.test(word)),
  );
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) await expect(access(join(ROOT, file))).resolves.toBeUndefined();
});

test.each(['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md'])(
  'every npm script that %s names exists',
  async (file) => {
    const text = await readFile(join(ROOT, file), 'utf8');
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  },
);
