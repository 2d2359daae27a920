import { mkdtemp, rm } from 'node:fs/promises';
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
  /** Stops and forgets everything. */
  close(): Promise<void>;
}

export async function startOwnTemporal(dynamicConfig: Readonly<Record<string, unknown>> = {}): Promise<OwnTemporal> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-temporal-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const command = temporalServerCommand({
    cli: testServers().temporalCli,
    port,
    uiPort: null,
    file: join(folder, 'temporal.sqlite'),
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
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
