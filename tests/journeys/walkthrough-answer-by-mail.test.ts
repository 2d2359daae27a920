import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { childEnvironment } from '../../config/env.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/walkthroughs/answer-by-mail.md');
const speaksSmtp = String(spawnSync('curl', ['--version']).stdout).includes('smtp');
if (!speaksSmtp)
  process.stderr.write('SKIPPED: no curl that speaks SMTP, the walk-through answer-by-mail is not followed\n');

let desk: RunningDesk | undefined;
beforeAll(async () => {
  if (speaksSmtp) desk = await startDesk();
}, 150_000);
afterAll(() => desk?.stop(), 60_000);

/** Every command of the page in one shell, on this desk's own ports. */
async function script({ addresses }: RunningDesk): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const own = { api: addresses.api, mailbox: addresses.mailbox, intake: `smtp://${addresses.inboundSmtp}` };
  let text = blocks.join('\n');
  for (const [name, url] of Object.entries(own)) text = text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${url}`);
  return `set -euo pipefail\n${text}`;
}

async function run(text: string, dataDir: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('bash', ['-s'], { cwd: ROOT, env: childEnvironment({ VIGIE_DATA_DIR: dataDir }) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(text);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, said };
}

(speaksSmtp ? test : test.skip)(
  'whoever follows docs/walkthroughs/answer-by-mail.md sees what it says',
  async () => {
    if (desk === undefined) throw new Error('no desk');
    const { code, said } = await run(await script(desk), desk.dataDir);
    if (code !== 0) throw new Error(`the shell ended with ${code}, after it said:\n${said}`);
    for (const words of [
      'ARS-84 inProgress',
      'Réponse enregistrée : en cours (60 %)',
      'par ars84-astreinte@ars-84.example',
      'question',
      'takenInCharge',
      'ARS-84 répond « en cours à 60 % » (courriel)',
      'saisi pour son compte par corruss-valideur (CORRUSS)',
    ]) {
      expect(said.replaceAll('\u00a0', ' ')).toContain(words);
    }
  },
  240_000,
);
