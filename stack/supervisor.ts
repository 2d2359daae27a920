import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { RUNNING_ENVIRONMENT, type StackEnv } from '../config/env.ts';
import { ADDRESSES_FILE, type DeskAddresses } from './addresses.ts';
import { Child, type ChildContext } from './child.ts';
import { type Lock, tryLock } from './lock.ts';
import { describeDesk, partMakers, type Plan } from './parts.ts';
import { Pids } from './pids.ts';
import { planPorts } from './ports-plan.ts';
import { markOf } from './processes.ts';
import { loadSecrets, writePrivate } from './secrets.ts';

export interface SupervisorOptions {
  readonly env: StackEnv;
  readonly log: Logger;
  /** Parts to run; all by default. */
  readonly only?: readonly string[];
}

/** The whole desk of one data dir: starts its parts, keeps them running, stops them in order. */
export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly children = new Map<string, { child: Child; needs: readonly string[] }>();
  private readonly halt = new AbortController();
  private lock: Lock | null = null;
  private stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  /**
   * Starts everything that can start at the same time at the same time.
   * @returns where the desk is, once every part is there
   * @throws Error in French when another desk runs on the data dir or a port is taken; when a part does not start
   */
  async start(): Promise<DeskAddresses> {
    const { env, log } = this.options;
    await mkdir(env.dataDir, { recursive: true });
    await mkdir(join(env.dataDir, 'logs'), { recursive: true, mode: 0o700 });
    this.lock = await takeLock(env.dataDir);
    await writePrivate(join(env.dataDir, OWNER_FILE), markOf(process.pid));
    const pids = new Pids(env.dataDir);
    await pids.stopLeftovers((part, pid) => log.warn({ part, pid }, 'left by an earlier desk: stopped first'));
    const [ports, secrets] = await Promise.all([planPorts(env), loadSecrets(env.dataDir)]);
    const plan: Plan = {
      env,
      ports,
      secrets,
      ...describeDesk(env, ports, secrets),
      log: (message) => log.info(message),
    };
    await writePrivate(join(env.dataDir, RUNNING_ENVIRONMENT), plan.variables);
    await writePrivate(join(env.dataDir, ADDRESSES_FILE), plan.addresses);
    const context = { log, pids, logFile: (part: string) => join(env.dataDir, 'logs', `${part}.log`) };
    await this.startParts(plan, context);
    return plan.addresses;
  }

  /** Stops every part, those that others need last; then lets the data dir go. Called again: the same stop. */
  stop(): Promise<void> {
    this.stopped ??= this.stopParts();
    return this.stopped;
  }

  private async startParts(plan: Plan, context: ChildContext): Promise<void> {
    const makers = Object.entries(partMakers(plan)).filter(([name]) => this.options.only?.includes(name) ?? true);
    const starts = new Map<string, Promise<void>>();
    for (const [name, make] of makers) {
      starts.set(
        name,
        (async () => {
          const part = await make();
          for (const one of part.after) await starts.get(one);
          this.halt.signal.throwIfAborted();
          const child = new Child(part, context);
          this.children.set(name, { child, needs: [...part.after, ...(part.uses ?? [])] });
          await child.start();
        })(),
      );
    }
    await Promise.all(starts.values());
  }

  private async stopParts(): Promise<void> {
    this.halt.abort(new Error('stopping'));
    const { dataDir } = this.options.env;
    const stops = new Map<string, Promise<void>>();
    const stop = async (name: string): Promise<void> => {
      const users = [...this.children].filter(([, { needs }]) => needs.includes(name)).map(([user]) => user);
      await Promise.all(users.map(stopOnce));
      await this.children.get(name)?.child.stop();
    };
    const stopOnce = (name: string): Promise<void> => {
      const stopping = stops.get(name) ?? stop(name);
      stops.set(name, stopping);
      return stopping;
    };
    await Promise.all([...this.children.keys()].map(stopOnce));
    if (this.lock === null) return;
    await Promise.all(
      [RUNNING_ENVIRONMENT, ADDRESSES_FILE, OWNER_FILE].map((file) => rm(join(dataDir, file), { force: true })),
    );
    this.lock.release();
  }
}

const OWNER_FILE = 'supervisor.json';

/** The lock of a data dir, as the supervisor, a copy and a restore take it. */
export async function takeLock(dataDir: string): Promise<Lock> {
  const lock = tryLock(join(dataDir, 'lock.sqlite'));
  if (lock !== null) return lock;
  const owner = await readFile(join(dataDir, OWNER_FILE), 'utf8').then(
    (text) => `processus ${(JSON.parse(text) as { pid: number }).pid}`,
    () => 'processus inconnu', // it has only just begun
  );
  throw new Error(
    `Un bureau tourne déjà sur ${dataDir} (${owner}). Arrêtez-le d’abord, ou choisissez un autre VIGIE_DATA_DIR.`,
  );
}
