import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Run as this user (only root can). */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

/** A process by number and start: the number alone may have been given to another one since. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/**
 * Starts a command in a process group of its own, so that a signal to ours does not reach it, writing to `logFile`.
 * @throws when the file cannot be run
 */
export async function launch(command: Command, logFile: string): Promise<ChildProcess & { pid: number }> {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command.file, command.args, {
      env: command.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...command.identity,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    if (child.pid === undefined) throw new Error(`${command.file} did not start`);
    return Object.assign(child, { pid: child.pid });
  } finally {
    closeSync(log);
  }
}

/** Remembers a living process; null when it is gone. */
export function markOf(pid: number): ProcessMark | null {
  const started = startOf(pid);
  return started === null ? null : { pid, started };
}

export const isAlive = (mark: ProcessMark): boolean => startOf(mark.pid) === mark.started;

/**
 * Asks a process to stop and waits until it is gone; after `graceMs` its whole group is killed.
 * @param signal what it understands as «stop in order»
 */
export async function stopProcess(mark: ProcessMark, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isAlive(mark)) return;
  send(mark.pid, signal);
  if (await gone(mark, graceMs)) return;
  send(-mark.pid, 'SIGKILL');
  send(mark.pid, 'SIGKILL');
  if (!(await gone(mark, 10_000))) throw new Error(`process ${mark.pid} cannot be stopped`);
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in between: what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(mark: ProcessMark, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (isAlive(mark)) {
    if (performance.now() > end) return false;
    await pause(20);
  }
  return true;
}

/** When the process began, as the system counts (null: gone, or a zombie that its parent has not collected yet). */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the name, in brackets, may hold spaces; state is the third field, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH' || (code === 'ENOENT' && process.platform === 'linux')) return null;
    if (code === 'ENOENT') return startWithoutProc(pid);
    throw error;
  }
}

/** macOS has no /proc: a number that lives is taken for the same process. */
function startWithoutProc(pid: number): string | null {
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : null;
  }
}
