import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import { type DeskAddresses, readAddresses } from '../../stack/addresses.ts';
import { Pids } from '../../stack/pids.ts';
import { isAlive, type ProcessMark } from '../../stack/processes.ts';
import { until } from '../support/wait.ts';

const FREE_PORTS = Object.fromEntries(
  ['HTTP', 'TEMPORAL', 'TEMPORAL_UI', 'MAILBOX', 'SMTP', 'POSTGRES', 'OIDC'].map((part) => [`VIGIE_${part}_PORT`, '0']),
);

/** A supervisor in its own process, on free ports. */
export interface Desk {
  readonly process: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Until the table is there. */
  ready(): Promise<DeskAddresses>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export async function freshDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-desk-'));
  await chmod(folder, 0o755);
  return folder;
}

export function runDesk(
  dataDir: string,
  only: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Desk {
  const process_ = spawn(process.execPath, ['stack/start.ts', '--only', only.join(',')], {
    env: childEnvironment({ VIGIE_DATA_DIR: dataDir, INBOUND_SMTP_PORT: '0', ...FREE_PORTS, ...variables }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [process_.stdout, process_.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(process_, 'close').then(() => process_.exitCode);
  return {
    process: process_,
    output: () => text,
    ready: async () => {
      await until(
        'the table of the desk',
        () => {
          if (process_.exitCode === null) return Promise.resolve(text.includes('└'));
          return Promise.resolve(true);
        },
        { limitMs: 80_000 },
      );
      if (!text.includes('└')) throw new Error(`the desk did not start:\n${text}`);
      return readAddresses(dataDir);
    },
    end: async (signal) => {
      process_.kill(signal); // false when it has ended already
      return ended;
    },
  };
}

/** The children of a desk by name, as it has written them down. */
export async function childrenOf(dataDir: string): Promise<Map<string, ProcessMark>> {
  const text = await readFile(join(dataDir, 'pids.json'), 'utf8');
  const recorded = JSON.parse(text) as { name: string; mark: ProcessMark }[];
  return new Map(recorded.filter(({ mark }) => isAlive(mark)).map(({ name, mark }) => [name, mark]));
}

/** Ends whatever a failed test has left, and removes its files. */
export async function cleanUp(dataDir: string, desks: readonly Desk[]): Promise<void> {
  for (const desk of desks)
    if (desk.process.exitCode === null && desk.process.signalCode === null) await desk.end('SIGTERM');
  await new Pids(dataDir).stopLeftovers(() => undefined);
  // Where the temporary folder is closed to PostgreSQL's user, these are links to elsewhere.
  for (const inner of ['.', ...(await readdir(dataDir)).filter((name) => name.startsWith('replaced-'))]) {
    const cluster = await realpath(join(dataDir, inner, 'postgres')).catch(() => null); // no PostgreSQL there
    if (cluster !== null) await rm(cluster, { recursive: true, force: true, maxRetries: 5 });
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
