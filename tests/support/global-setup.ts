import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTestServersFile } from '../../config/env.ts';

/** Starts the run's servers in a process of their own (it outlives a killed Jest just long enough to clean up). */
export default async function globalSetup(): Promise<void> {
  const script = fileURLToPath(new URL('servers-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  (globalThis as ServersOfRun).vigieServers = child;
  const ended = once(child, 'exit').then(() => {
    throw new Error('The servers of the tests did not start: see above');
  });
  const lines = createInterface({ input: child.stdout });
  const [file] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  setTestServersFile(file);
  ended.catch(() => undefined); // from here on its end is the teardown's affair
}

export interface ServersOfRun {
  vigieServers?: ChildProcess;
}
