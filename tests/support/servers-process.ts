// Owns the servers of one Jest run. Starts them, prints where they are, and stops them when its standard input ends:
// at the end of the run, and as well when Jest itself is killed.
import '../../config/node-version.ts';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort, until } from '../../stack/ports.ts';
import { POSTGRES_STOP_SIGNAL, postgresUrl, prepareCluster } from '../../stack/postgres.ts';
import { type Command, isAlive, launch, markOf, type ProcessMark, stopProcess } from '../../stack/processes.ts';
import { findTemporalCli } from '../../stack/temporal-cli.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { readyTemporal, temporalServerCommand } from '../../stack/temporal-server.ts';

const folder = await mkdtemp(join(tmpdir(), 'vigie-tests-'));
await chmod(folder, 0o755);
const running: { mark: ProcessMark; signal: NodeJS.Signals }[] = [];
let clusterFolder = folder;
let stopping: Promise<void> | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
process.stdin.on('end', () => void stop());
process.stdin.resume();

try {
  // The bundle as well: made inside a test file, it would hold that file's connections up for seconds.
  const bundle = workflowBundle(join(folder, 'cache'));
  const [postgres, temporal] = await Promise.all([startPostgres(), startTemporal(), bundle]);
  const file = join(folder, 'servers.json');
  await writeFile(file, JSON.stringify({ ...postgres, ...temporal }));
  process.stdout.write(`${file}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
  await stop();
}

async function startPostgres(): Promise<{ postgresUrl: string }> {
  const password = randomBytes(12).toString('hex');
  const cluster = await prepareCluster({ directory: join(folder, 'postgres'), password, volatile: true });
  clusterFolder = cluster.directory;
  const port = await start('PostgreSQL', POSTGRES_STOP_SIGNAL, cluster.command, () =>
    cluster.ready({ limitMs: 60_000 }),
  );
  return { postgresUrl: postgresUrl(port, password, 'postgres') };
}

async function startTemporal(): Promise<{ temporalAddress: string; temporalCli: string }> {
  const cli = (await findTemporalCli({ log: (message) => process.stderr.write(`${message}\n`) })).path;
  const command = (port: number) =>
    temporalServerCommand({ cli, port, uiPort: null, file: join(folder, 'temporal.sqlite'), synchronous: 1 });
  const port = await start('Temporal', 'SIGTERM', command, (at) =>
    readyTemporal(`127.0.0.1:${at}`, { limitMs: 60_000 }),
  );
  return { temporalAddress: `127.0.0.1:${port}`, temporalCli: cli };
}

/** On a free port; if somebody took it in between, on another. */
async function start(
  name: string,
  signal: NodeJS.Signals,
  command: (port: number) => Command,
  ready: (port: number) => Promise<void>,
): Promise<number> {
  const log = join(folder, `${name}.log`);
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const child = await launch(command(port), log);
    const mark = markOf(child.pid);
    if (mark !== null) running.push({ mark, signal });
    const died = new AbortController();
    child.once('exit', () => died.abort(new Error(`${name} ended`)));
    try {
      await Promise.race([
        ready(port),
        new Promise((_, reject) => died.signal.addEventListener('abort', () => reject(died.signal.reason as Error))),
      ]);
      return port;
    } catch (error) {
      if (mark !== null) await stopProcess(mark, 'SIGKILL', 5_000);
      if (tries === 3) throw new Error(`${name} does not start:\n${await readFile(log, 'utf8')}`, { cause: error });
    }
  }
}

function stop(): Promise<void> {
  stopping ??= (async () => {
    await Promise.all(running.map(({ mark, signal }) => stopProcess(mark, signal, 10_000)));
    await until('the end of the servers', () => Promise.resolve(running.every(({ mark }) => !isAlive(mark))));
    await Promise.all([folder, clusterFolder].map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })));
    if (clusterFolder !== join(folder, 'postgres')) await removeIfEmpty(dirname(clusterFolder));
    process.exit();
  })();
  return stopping;
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
