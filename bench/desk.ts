import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment } from '../config/env.ts';
import { type DeskAddresses, readAddresses } from '../stack/addresses.ts';
import { type DeskClient, deskClient } from '../stack/demo/desk-client.ts';
import { cpuOfTree } from './cpu.ts';

const ROOT = join(import.meta.dirname, '..');

export interface BenchDesk extends DeskClient {
  readonly dataDir: string;
  /** Pid of each part, by the supervisor's own book. */
  pids(): Promise<Record<string, number>>;
  /** CPU milliseconds of each part so far; `mail` is the sink. */
  cpu(): Promise<Record<string, number>>;
  mailsTaken(): Promise<number>;
  /** URL of the sink; empty without one. */
  readonly smtp: string;
  /** From the command to the green /readyz. */
  readonly startMs: number;
  stop(): Promise<void>;
}

interface Options {
  /** Kept from an earlier start, for a warm one. */
  readonly dataDir?: string;
  /** False: the desk's own mailbox instead of the sink. */
  readonly sink?: boolean;
}

/** The desk as `npm start` runs it, on free ports, its mails into a sink in a process of its own. */
export async function startBenchDesk({ dataDir = newDataDir(), sink = true }: Options = {}): Promise<BenchDesk> {
  const mail = sink ? await startSink() : null;
  const began = performance.now();
  const supervisor = spawn(process.execPath, ['stack/start.ts'], {
    cwd: ROOT,
    env: childEnvironment({ VIGIE_DATA_DIR: dataDir, ...FREE_PORTS, ...(mail === null ? {} : { SMTP_URL: mail.url }) }),
    stdio: 'ignore',
  });
  const addresses = await ready(dataDir, supervisor);
  const startMs = performance.now() - began;
  const pids = async (): Promise<Record<string, number>> => {
    const book = JSON.parse(await readFile(join(dataDir, 'pids.json'), 'utf8')) as {
      name: string;
      mark: { pid: number };
    }[];
    return Object.fromEntries(book.map(({ name, mark }) => [name, mark.pid]));
  };
  return {
    ...deskClient(addresses),
    dataDir,
    startMs,
    smtp: mail?.url ?? '',
    pids,
    async cpu() {
      const parts = { ...(await pids()), ...(mail === null ? {} : { mail: mail.pid }) };
      return Object.fromEntries(Object.entries(parts).map(([name, pid]) => [name, cpuOfTree(pid)]));
    },
    mailsTaken: () => (mail === null ? Promise.resolve(0) : mail.taken()),
    async stop() {
      supervisor.kill('SIGTERM');
      if (supervisor.exitCode === null) await once(supervisor, 'exit');
      mail?.stop();
    },
  };
}

export function newDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vigie-bench-'));
  // PostgreSQL may run as another user.
  chmodSync(directory, 0o755);
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

const FREE_PORTS = Object.fromEntries(
  [
    'VIGIE_HTTP',
    'VIGIE_TEMPORAL',
    'VIGIE_TEMPORAL_UI',
    'VIGIE_MAILBOX',
    'VIGIE_SMTP',
    'VIGIE_POSTGRES',
    'VIGIE_OIDC',
    'INBOUND_SMTP',
  ].map((name) => [`${name}_PORT`, '0']),
);

async function ready(dataDir: string, supervisor: ChildProcess): Promise<DeskAddresses> {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    if (supervisor.exitCode !== null) throw new Error(`the supervisor ended with ${supervisor.exitCode}`);
    const addresses = await addressesOnceReady(dataDir);
    if (addresses !== undefined && addresses.supervisor === supervisor.pid) return addresses;
    await pause(20);
  }
  throw new Error('the desk was not ready within two minutes');
}

async function addressesOnceReady(dataDir: string): Promise<DeskAddresses | undefined> {
  try {
    const addresses = await readAddresses(dataDir);
    const response = await fetch(`${addresses.api}/readyz`);
    return response.ok && ((await response.json()) as { status: string }).status === 'ready' ? addresses : undefined;
  } catch {
    // Not written yet, or nobody listens yet.
    return undefined;
  }
}

async function startSink() {
  const child = spawn(process.execPath, ['bench/sink.ts'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { smtp, counter } = JSON.parse(line.toString()) as { smtp: number; counter: number };
  if (child.pid === undefined) throw new Error('the sink did not start');
  return {
    pid: child.pid,
    url: `smtp://127.0.0.1:${smtp}`,
    async taken() {
      const [count] = (await once(connect(counter, '127.0.0.1'), 'data')) as [Buffer];
      return Number(count.toString());
    },
    stop: () => child.kill('SIGKILL'),
  };
}
