import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The bare SMTP server in a process of its own. */
export async function startBareIntake(databaseUrl: string): Promise<{ readonly address: string; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'smtp.ts'), databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { address: `127.0.0.1:${line.toString().trim()}`, stop: () => void child.kill('SIGKILL') };
}
