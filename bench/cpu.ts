import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

/** CPU time (user and system) that a process has taken since its start; its dead children are counted where it awaited them. */
function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0] = [1, 11, 12, 13, 14].map((at) => fields[at]);
    return { parent, cpuMs: (utime + stime + cutime + cstime) * TICK_MS };
  } catch (error) {
    // Gone since it was listed.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** CPU milliseconds of a process and everything below it. */
export function cpuOfTree(root: number): number {
  const all = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? stat(Number(name)) : null;
    if (found !== null) all.set(Number(name), found);
  }
  const sum = (pid: number): number =>
    (all.get(pid)?.cpuMs ?? 0) +
    [...all].filter(([, { parent }]) => parent === pid).reduce((ms, [child]) => ms + sum(child), 0);
  return sum(root);
}

/** Memory of one process in MB: resident, and the part of it that is its own (the rest are files, shared with other processes). */
export function memoryMb(pid: number): { readonly resident: number; readonly own: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (field: string): number => {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status);
    return Math.round(Number(match?.[1] ?? 0) / 1024);
  };
  return { resident: mb('VmRSS'), own: mb('RssAnon') };
}

type Costs = Readonly<Record<string, number>>;

/** Prints core-milliseconds a piece of work, the dearest part first. `used`: by this process itself. */
export function tellCosts(
  piece: string,
  { before, after, pieces, used }: { before: Costs; after: Costs; pieces: number; used: NodeJS.CpuUsage },
): void {
  const parts = Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / pieces] as const);
  parts.push(['clients of the bench', (used.user + used.system) / 1_000 / pieces]);
  console.log(`core-milliseconds ${piece}:`);
  for (const [name, ms] of parts.toSorted(([, a], [, b]) => b - a))
    console.log(`  ${name.padEnd(22)} ${ms.toFixed(1)}`);
}
