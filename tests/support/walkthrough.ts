import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import type { RunningDesk } from './desk.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Every command of a page of `docs/walkthroughs` in one shell, against the desk given.
 * @returns what the shell said, no-break spaces as plain ones
 * @throws Error with it when a command failed
 */
export async function runWalkthrough(page: string, desk: RunningDesk): Promise<string> {
  const child = spawn('bash', ['-s'], { cwd: ROOT, env: childEnvironment({ VIGIE_DATA_DIR: desk.dataDir }) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(await scriptOf(page, desk));
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the shell ended with ${String(code)}, after it said:\n${said}`);
  return said.replaceAll('\u00a0', ' ');
}

/** On this desk's own ports. */
async function scriptOf(page: string, { addresses: { api, mailbox, inboundSmtp } }: RunningDesk): Promise<string> {
  const text = await readFile(join(ROOT, 'docs/walkthroughs', page), 'utf8');
  const commands = [...text.matchAll(/```bash\n([\s\S]*?)```/g)]
    .map(([, block]) => block ?? '')
    .join('\n')
    .replace(/^api=.*$/m, `api=${api}`)
    .replace(/^mailbox=.*$/m, `mailbox=${mailbox}`)
    .replace(/^intake=.*$/m, `intake=smtp://${inboundSmtp}`);
  return `set -euo pipefail\n${commands}`;
}
