import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, rename, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type Pids } from './pids.ts';
import { type Command, launch, markOf, type ProcessMark, stopProcess } from './processes.ts';

/** One program of the desk: how to start it, when it is there, how to stop it. */
export interface Part {
  readonly name: string;
  /** Parts that must be there first. */
  readonly after: readonly string[];
  /** Parts that it uses while it runs: they may start beside it and stop after it. */
  readonly uses?: readonly string[];
  readonly command: Command;
  /** Resolves when others may use it; throws when `signal` says that it has ended. */
  ready(signal: AbortSignal, pid: number): Promise<void>;
  /** What it takes for «stop in order». */
  readonly stopSignal: NodeJS.Signals;
  /** A job: ready when it has ended well, and not started again. */
  readonly once?: boolean;
}

export interface ChildContext {
  readonly log: Logger;
  readonly logFile: (part: string) => string;
  readonly pids: Pids;
}

const FIRST_DELAY_MS = 200;
/** After a kill -9 of everything PostgreSQL refuses to start until the system has collected its dead predecessor. */
const START_TRIES = 5;
const LONGEST_DELAY_MS = 10_000;
/** Who lived this long did not fail at starting: the next delay is the first one again. */
const STEADY_MS = 30_000;
const STOP_GRACE_MS = 25_000;
const LOG_LIMIT_BYTES = 20_000_000;

/** Runs one part, and runs it again whenever it ends, until it is told to stop. */
export class Child {
  readonly part: Part;
  private readonly context: ChildContext;
  private readonly log: Logger;
  private readonly halt = new AbortController();
  private current: { process: ChildProcess; mark: ProcessMark | null; ended: AbortController } | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(part: Part, context: ChildContext) {
    this.part = part;
    this.context = context;
    this.log = context.log.child({ part: part.name });
  }

  /**
   * Starts the part and waits until it is there.
   * @throws when it ends five times before (a job: once), with the end of its log
   */
  async start(): Promise<void> {
    const since = performance.now();
    await keepSmall(this.context.logFile(this.part.name));
    for (let tries = 1; ; tries += 1) {
      try {
        await this.launchOnce();
        break;
      } catch (error) {
        this.halt.signal.throwIfAborted();
        await this.endCurrent();
        if (tries === START_TRIES || this.part.once === true) throw await this.withLog(error);
        await this.delay(FIRST_DELAY_MS * tries);
      }
    }
    this.log.info({ ms: Math.round(performance.now() - since) }, this.part.once === true ? 'done' : 'ready');
    if (this.part.once !== true) this.loop = this.keepRunning();
  }

  /** Stops the part in order and waits for its end. Safe at any moment, also while it starts. */
  async stop(): Promise<void> {
    this.halt.abort(new Error('stopping'));
    await this.endCurrent();
    await this.loop;
    this.log.info('stopped');
    this.context.pids.remove(this.part.name);
  }

  private async endCurrent(): Promise<void> {
    const mark = this.current?.mark ?? null;
    if (mark !== null) await stopProcess(mark, this.part.stopSignal, STOP_GRACE_MS);
  }

  private isHalted(): boolean {
    return this.halt.signal.aborted;
  }

  private async launchOnce(): Promise<void> {
    this.halt.signal.throwIfAborted();
    const { name, command, stopSignal } = this.part;
    const process = await launch(command, this.context.logFile(name));
    const mark = markOf(process.pid);
    const ended = new AbortController();
    process.once('exit', (code, signal) => ended.abort(new Error(`${name} ended (${signal ?? `code ${code}`})`)));
    if (process.exitCode !== null || process.signalCode !== null) ended.abort(new Error(`${name} ended at once`));
    this.current = { process, mark, ended };
    if (mark !== null) this.context.pids.add({ name, mark, signal: stopSignal });
    this.log.debug({ pid: process.pid }, 'started');
    if (this.isHalted()) await this.endCurrent(); // told to stop while it was being started
    if (this.part.once === true) {
      await endOfJob(process);
      this.context.pids.remove(name);
    } else await this.part.ready(AbortSignal.any([ended.signal, this.halt.signal]), process.pid);
  }

  private async keepRunning(): Promise<void> {
    let delayMs = FIRST_DELAY_MS;
    while (!this.halt.signal.aborted) {
      const since = performance.now();
      const { ended } = this.current ?? {};
      if (ended !== undefined && !ended.signal.aborted) await once(ended.signal, 'abort');
      if (this.isHalted()) return;
      if (performance.now() - since > STEADY_MS) delayMs = FIRST_DELAY_MS;
      this.log.warn({ reason: messageOf(ended?.signal.reason), againInMs: delayMs }, 'ended by itself: started again');
      await this.delay(delayMs);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
      await this.launchOnce().then(
        () => this.log.info('ready again'),
        (error: unknown) => {
          if (!this.isHalted()) this.log.warn({ reason: messageOf(error) }, 'not ready');
        },
      );
    }
  }

  private async delay(ms: number): Promise<void> {
    try {
      await pause(ms, undefined, { signal: this.halt.signal });
    } catch {
      // Stopped meanwhile: the caller looks at `halt`.
    }
  }

  private async withLog(error: unknown): Promise<Error> {
    const file = this.context.logFile(this.part.name);
    const message = `${this.part.name} does not start: ${messageOf(error)}\n${await tail(file)}\n(${file})`;
    return new Error(message, { cause: error });
  }
}

async function endOfJob(process: ChildProcess): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
  if (process.exitCode !== 0) throw new Error(`it ended with ${process.signalCode ?? `code ${process.exitCode}`}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function keepSmall(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0, // no log yet
  );
  if (size > LOG_LIMIT_BYTES) await rename(file, `${file}.1`);
}

/** The last lines of a log, for the message of a start that fails. */
async function tail(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_000), 0, 4_000, Math.max(0, size - 4_000));
    return buffer.subarray(0, bytesRead).toString('utf8').trim().split('\n').slice(-15).join('\n');
  } finally {
    await handle.close();
  }
}
