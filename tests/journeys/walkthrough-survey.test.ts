import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { childEnvironment } from '../../config/env.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/walkthroughs/ars-own-survey.md');

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startDesk();
}, 150_000);
afterAll(() => desk.stop(), 60_000);

/** Every command of the page in one shell, on this desk's own ports. */
async function script(): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const { api, mailbox } = desk.addresses;
  const text = blocks
    .join('\n')
    .replace(/^api=.*$/m, `api=${api}`)
    .replace(/^mailbox=.*$/m, `mailbox=${mailbox}`);
  return `set -euo pipefail\n${text}`;
}

test('whoever follows docs/walkthroughs/ars-own-survey.md sees what it says', async () => {
  const env = childEnvironment({ VIGIE_DATA_DIR: desk.dataDir });
  const child = spawn('bash', ['-s'], { cwd: ROOT, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(await script());
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the shell ended with ${String(code)}, after it said:\n${said}`);
  for (const words of [
    '2 répondants invités',
    'SSR du Parc',
    'plus de lits occupés que de lits installés',
    'Votre brouillon est enregistré',
    'Votre réponse est enregistrée',
    'en retard : SSR des Monts',
    '404 pour une autre agence',
    'closed',
    'Cette enquête est close depuis le',
    '1 reçue sur 2, 18 lits occupés sur 20',
    'ARS-84;2;0;1',
  ]) {
    expect(said.replaceAll('\u00a0', ' ')).toContain(words);
  }
}, 240_000);
