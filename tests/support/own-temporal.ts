import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../stack/ports.ts';
import { launch, markOf, stopProcess, type ProcessMark } from '../../stack/processes.ts';
import { readyTemporal, temporalServerCommand } from '../../stack/temporal-server.ts';
import { testServers } from './servers.ts';

/** A Temporal server of one test file, for what the shared one cannot be: configured otherwise, or stopped. */
export interface OwnTemporal {
  readonly address: string;
  /** On the same port and file. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Keeps this instant; the function returned puts the server back to it, as a restored copy does. Workers are to be stopped. */
  keep(): Promise<() => Promise<void>>;
  /** Stops and forgets everything. */
  close(): Promise<void>;
}

export async function startOwnTemporal(dynamicConfig: Readonly<Record<string, unknown>> = {}): Promise<OwnTemporal> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-temporal-'));
  const data = join(folder, 'data');
  await mkdir(data);
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const command = temporalServerCommand({
    cli: testServers().temporalCli,
    port,
    uiPort: null,
    file: join(data, 'temporal.sqlite'),
    synchronous: 1,
  });
  const more = Object.entries(dynamicConfig).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
  let running: ProcessMark | null = null;
  const start = async (): Promise<void> => {
    const child = await launch({ ...command, args: [...command.args, ...more] }, join(folder, 'log'));
    running = markOf(child.pid);
    await readyTemporal(address, { limitMs: 30_000 });
  };
  const stop = async (): Promise<void> => {
    if (running !== null) await stopProcess(running, 'SIGTERM', 10_000);
    running = null;
  };
  await start();
  return {
    address,
    start,
    stop,
    async keep() {
      const kept = join(folder, 'kept');
      await stop();
      await cp(data, kept, { recursive: true });
      await start();
      return async () => {
        await stop();
        await rm(data, { recursive: true });
        await cp(kept, data, { recursive: true });
        await start();
      };
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
