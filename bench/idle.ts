import { setTimeout as pause } from 'node:timers/promises';
import { memoryMb } from './cpu.ts';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel } from './load.ts';
import { order } from './orders.ts';

/** 1 000 open instructions and nothing to do. Bars: ≤ 5 % of a core for everything together; worker ≤ 150 MB of its own at 1 000 open recipients (ADR 0024). */
export async function idle(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  const seconds = quick ? 10 : 60;
  try {
    const count = quick ? 60 : 1_000;
    const some = Math.ceil((quick ? 180 : 1_000) / 18);
    await tellMemory(desk, 'no recipient');
    await inParallel(5, some, () => order(desk));
    await pause(30_000);
    await tellMemory(desk, `${some * 18} open recipients (bar: 150 of its own)`);
    await inParallel(5, count - some, () => order(desk));
    await pause(20_000);
    const before = await desk.cpu();
    await pause(seconds * 1_000);
    const after = await desk.cpu();
    const shares = Object.entries(after).map(
      ([name, ms]) => [name, (ms - (before[name] ?? 0)) / (seconds * 10)] as const,
    );
    const total = shares.reduce((sum, [, share]) => sum + share, 0);
    console.log(`idle with ${count} open instructions: ${total.toFixed(1)} % of a core (bar 5)`);
    for (const [name, share] of shares.toSorted(([, a], [, b]) => b - a))
      console.log(`  ${name.padEnd(10)} ${share.toFixed(2)} %`);
  } finally {
    await desk.stop();
  }
}

async function tellMemory(desk: BenchDesk, what: string): Promise<void> {
  const { resident, own } = memoryMb((await desk.pids())['worker'] ?? 0);
  console.log(`worker with ${what}: ${resident} MB, ${own} MB of its own`);
}
