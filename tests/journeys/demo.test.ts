import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import { startDesk } from '../support/desk.ts';

const ROOT = join(import.meta.dirname, '../..');

/** `npm run demo` beside a data dir: what it says and how it ends. */
async function play(dataDir: string): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['stack/demo/main.ts'], {
    cwd: ROOT,
    env: childEnvironment({ NODE_OPTIONS: undefined, VIGIE_DATA_DIR: dataDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, said };
}

test('without a desk the demonstration says how to start one', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'vigie-no-desk-'));
  try {
    const { code, said } = await play(empty);
    expect([code, said]).toEqual([1, expect.stringContaining('npm start')]);
  } finally {
    await rm(empty, { recursive: true });
  }
});

test('the demonstration plays both stories to their end beside a running desk', async () => {
  const desk = await startDesk();
  try {
    const { code, said } = await play(desk.dataDir);
    expect([code, said]).toEqual([0, expect.stringContaining('se clôt d’elle-même')]);
    for (const words of [
      'ARS-94 reçoit 1 courriel',
      'Qui doit encore une réponse : CH de Bellefeuille (ARS-94) ; CHS de Grand-Pré-du-Songe (ARS-94).',
      'Il dit où des réponses manquent : en Corse, celle de CHS de Grand-Pré-du-Songe (ARS-94)',
      'NATION : 4 reçue(s) sur 5, 3 validée(s) ; lits de réanimation occupés : 72, taux d’occupation 86,42 %',
    ])
      expect(said).toContain(words);
    for (const base of [desk.addresses.mailbox, desk.addresses.temporalUi, desk.addresses.api]) {
      expect(said).toContain(`${base}/`);
    }
  } finally {
    await desk.stop();
  }
}, 300_000);
