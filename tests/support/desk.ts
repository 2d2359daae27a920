import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import { type DeskAddresses, readAddresses } from '../../stack/addresses.ts';
import { type DeskClient, deskClient } from '../../stack/demo/desk-client.ts';
import { until } from '../../stack/ports.ts';
import { isAlive, markOf, type ProcessMark, send, stopProcess } from '../../stack/processes.ts';
import { testCache } from './servers.ts';
import { childrenOf, descendantsOf, type RunningProcess } from './process-tree.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The children of the supervisor, each with what its command line shows. */
const PARTS = {
  postgres: /\/postgres -D /,
  temporal: /server start-dev/,
  mailbox: /maildev/,
  issuer: /issuer/,
  worker: /worker\/main\.ts/,
  api: /api\/main\.ts/,
  intake: /intake\/main\.ts/,
} as const;
export type Part = keyof typeof PARTS;

/** `npm start` as its users run it, on free ports and a data dir of its own. */
export interface RunningDesk extends DeskClient {
  readonly dataDir: string;
  /** Variables that its roles run with: the same as a tool that is started by hand beside it. */
  environment(): Promise<Record<string, string>>;
  pidOf(part: Part): number | undefined;
  /** kill -9 of one child; the supervisor brings it back. */
  killPart(part: Part): Promise<void>;
  /** kill -9 of parts that stay away (their supervisor stands still) until the function returned is called. */
  hold(...parts: Part[]): Promise<() => void>;
  /** kill -9 of everything, the supervisor first. */
  killAll(): Promise<void>;
  /** Starts again on the same data dir and ports. */
  restart(): Promise<void>;
  /** Stops in order and removes the data dir. To be called in `afterAll`; may be called twice. */
  stop(): Promise<void>;
}

interface Options {
  /** Kept when given; else a temporary one, removed by `stop`. */
  readonly dataDir?: string;
  /** On top of the ports. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a desk and waits until it is ready.
 * @throws Error with the tails of all logs
 */
export async function startDesk(options: Options = {}): Promise<RunningDesk> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vigie-desk-')));
  if (options.dataDir === undefined) {
    await chmod(dataDir, 0o755); // PostgreSQL may run as another user
    // What programs make once of the sources (compiled code, the workflows' bundle) is the same for all desks of a run.
    await symlink(testCache(), join(dataDir, 'cache'));
  }
  const desk = new Desk(dataDir, options.dataDir === undefined);
  for (let tries = 1; ; tries += 1) {
    try {
      return await desk.start({ ...ANY_PORTS, ...options.environment });
    } catch (error) {
      await desk.clear();
      // Between the drawing of a free port and its use somebody else may have taken it.
      if (tries === 2) throw error;
    }
  }
}

class Desk {
  private readonly dataDir: string;
  private readonly temporary: boolean;
  private supervisor: (ChildProcess & { mark: ProcessMark }) | undefined;
  private guard: ChildProcess | undefined;
  private said = '';

  constructor(dataDir: string, temporary: boolean) {
    this.dataDir = dataDir;
    this.temporary = temporary;
  }

  async start(environment: Readonly<Record<string, string>>): Promise<RunningDesk> {
    this.launch(environment);
    const addresses = await this.ready();
    return {
      ...deskClient(addresses),
      dataDir: this.dataDir,
      environment: async () => JSON.parse(await readFile(join(this.dataDir, 'environment.json'), 'utf8')) as never,
      pidOf: (part) => this.find(part)?.pid,
      killPart: (part) => this.killPart(part),
      hold: (...parts) => this.hold(parts),
      killAll: () => this.killAll(),
      restart: async () => {
        this.launch(environment);
        await this.ready();
      },
      stop: () => this.clear(),
    };
  }

  /** Stops whatever runs and removes the data dir. */
  async clear(): Promise<void> {
    const { supervisor } = this;
    this.supervisor = undefined;
    if (supervisor !== undefined) {
      const left = descendantsOf(supervisor.mark.pid).flatMap(({ pid }) => markOf(pid) ?? []);
      send(supervisor.mark.pid, 'SIGCONT');
      await stopProcess(supervisor.mark, 'SIGTERM', 30_000);
      await Promise.all(left.map((mark) => stopProcess(mark, 'SIGKILL', 5_000)));
    }
    this.guard?.kill('SIGKILL');
    this.guard = undefined;
    if (this.temporary) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  private launch(environment: Readonly<Record<string, string>>): void {
    mkdirSync(this.dataDir, { recursive: true });
    this.said = '';
    const child = spawn(process.execPath, ['stack/start.ts'], {
      cwd: ROOT,
      env: childEnvironment({ ...WITHOUT, VIGIE_DATA_DIR: this.dataDir, ...environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer): void => void (this.said += chunk.toString());
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const mark = child.pid === undefined ? null : markOf(child.pid);
    if (mark === null) throw new Error(`the supervisor did not start: ${this.said}`);
    this.supervisor = Object.assign(child, { mark });
    this.guard?.kill('SIGKILL');
    this.guard = watch(mark.pid, this.temporary ? this.dataDir : '');
  }

  private async ready(): Promise<DeskAddresses> {
    const { supervisor } = this;
    try {
      return await until(
        'the desk',
        async () => {
          if (supervisor?.exitCode !== null) throw new Error('its supervisor ended');
          const addresses = await readAddresses(this.dataDir);
          const response = await fetch(`${addresses.api}/readyz`, { signal: AbortSignal.timeout(5_000) });
          const { status } = (await response.json()) as { status: string };
          return response.status === 200 && status === 'ready' ? addresses : null;
        },
        { limitMs: 60_000, everyMs: 100 },
      );
    } catch (error) {
      throw new Error(`The desk is not ready.\n${await this.tails()}`, { cause: error });
    }
  }

  private find(part: Part): RunningProcess | undefined {
    const pid = this.supervisor?.mark.pid;
    return pid === undefined ? undefined : childrenOf(pid).find(({ command }) => PARTS[part].test(command));
  }

  private async killPart(part: Part): Promise<void> {
    // Killed a moment ago, it may not be back yet.
    const { pid } = await until(`the ${part}`, () => Promise.resolve(this.find(part)));
    await killTree(pid);
  }

  private async hold(parts: readonly Part[]): Promise<() => void> {
    const pid = this.supervisor?.mark.pid ?? 0;
    for (const part of parts) await until(`the ${part}`, () => Promise.resolve(this.find(part)));
    send(pid, 'SIGSTOP');
    for (const part of parts) await this.killPart(part);
    return () => send(pid, 'SIGCONT');
  }

  private async killAll(): Promise<void> {
    if (this.supervisor === undefined) throw new Error('nothing runs');
    const { pid } = this.supervisor.mark;
    this.supervisor = undefined;
    this.guard?.kill('SIGKILL');
    await killTree(pid);
  }

  /** What the supervisor said last, and each part's log. */
  private async tails(): Promise<string> {
    const files = (await readdir(this.dataDir, { recursive: true })).filter((name) => name.endsWith('.log'));
    const tail = (text: string): string => text.split('\n').slice(-25).join('\n');
    const logs = files.map(async (name) => `── ${name}\n${tail(await readFile(join(this.dataDir, name), 'utf8'))}`);
    return [`── supervisor\n${tail(this.said)}`, ...(await Promise.all(logs))].join('\n');
  }
}

/** Of what the caller's own surroundings may say. */
const WITHOUT = Object.fromEntries(
  ['NODE_OPTIONS', 'DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'SMTP_URL', 'SMS_URL', 'FAX_URL']
    .concat(['OIDC_ISSUER', 'OIDC_CLIENT_SECRET', 'VIGIE_MODE', 'VIGIE_PUBLIC_URL', 'VIGIE_SECRET_KEYS', 'IMAP_URL'])
    .map((name) => [name, undefined]),
);

/** Any free port for each; the next start on the same data dir takes the same ones again. */
const ANY_PORTS = Object.fromEntries(
  ['HTTP', 'TEMPORAL', 'TEMPORAL_UI', 'MAILBOX', 'SMTP', 'POSTGRES', 'OIDC']
    .map((name) => [`VIGIE_${name}_PORT`, '0'])
    .concat([['INBOUND_SMTP_PORT', '0']]),
) as Record<string, string>;

/** kill -9 of a process and all below it, listed before the first falls. */
async function killTree(pid: number): Promise<void> {
  const marks = [pid, ...descendantsOf(pid).map((one) => one.pid)].flatMap((one) => markOf(one) ?? []);
  for (const mark of marks) send(mark.pid, 'SIGKILL');
  await until('their end', () => Promise.resolve(!marks.some(isAlive)), { everyMs: 10 });
}

/** Should this process die without its `afterAll`: its end of the pipe closes, the desk is told to stop. */
function watch(supervisor: number, folder: string): ChildProcess {
  const script = 'read -r _; kill -CONT "$0"; kill -TERM "$0" && sleep 20; [ -z "$1" ] || rm -rf "$1"';
  const guard = spawn('sh', ['-c', script, String(supervisor), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}
