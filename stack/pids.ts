import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessMark, stopProcess } from './processes.ts';

interface Recorded {
  readonly name: string;
  readonly mark: ProcessMark;
  readonly signal: NodeJS.Signals;
}

/**
 * The children of the desk, written down the moment they live: they survive a kill -9 of the supervisor, and the next
 * one must find them. In the order in which they were started.
 */
export class Pids {
  private readonly file: string;
  private readonly children = new Map<string, Recorded>();

  constructor(dataDir: string) {
    this.file = join(dataDir, 'pids.json');
  }

  add(child: Recorded): void {
    this.children.set(child.name, child);
    this.write();
  }

  remove(name: string): void {
    this.children.delete(name);
    this.write();
  }

  /** Stops what an earlier supervisor has left behind, last started first, and waits for the end of each. */
  async stopLeftovers(log: (name: string, pid: number) => void): Promise<void> {
    for (const { name, mark, signal } of this.leftovers().toReversed()) {
      log(name, mark.pid);
      await stopProcess(mark, signal, 20_000);
    }
    rmSync(this.file, { force: true });
  }

  /** Children of an earlier supervisor that still run. */
  leftovers(): Recorded[] {
    return this.read().filter(({ mark }) => isAlive(mark));
  }

  private read(): Recorded[] {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Recorded[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private write(): void {
    writeFileSync(`${this.file}.part`, JSON.stringify([...this.children.values()], null, 2));
    renameSync(`${this.file}.part`, this.file);
  }
}
