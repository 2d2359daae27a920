import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../stack/ports.ts';
import { POSTGRES_STOP_SIGNAL, postgresUrl, prepareCluster } from '../stack/postgres.ts';
import { launch, markOf, stopProcess } from '../stack/processes.ts';

/** A PostgreSQL of its own with default durability, for what needs nothing else. */
export async function startPostgresAlone(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'));
  chmodSync(folder, 0o755);
  const password = randomBytes(12).toString('hex');
  const cluster = await prepareCluster({ directory: join(folder, 'postgres'), password });
  const port = await freePort();
  const mark = markOf((await launch(cluster.command(port), join(folder, 'postgres.log'))).pid);
  await cluster.ready({ limitMs: 60_000 });
  return {
    url: postgresUrl(port, password, 'postgres'),
    stop: async () => {
      if (mark !== null) await stopProcess(mark, POSTGRES_STOP_SIGNAL, 20_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
