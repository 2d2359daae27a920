import { setTimeout as pause } from 'node:timers/promises';
import { memoryMb } from './cpu.ts';
import { startBenchDesk } from './desk.ts';
import { inParallel } from './load.ts';
import { order } from './orders.ts';

/** 1 000 open instructions and nothing to do. Bars: ≤ 5 % of a core for everything together; worker ≤ 150 MB at 1 000 open recipients. */
export async function idle(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  const seconds = quick ? 10 : 60;
  try {
    const count = quick ? 60 : 1_000;
    await inParallel(5, Math.ceil(count / 18), () => order(desk));
    await pause(10_000);
    const recipients = Math.ceil(count / 18) * 18;
    console.log(
      `worker with ${recipients} open recipients: ${memoryMb((await desk.pids())['worker'] ?? 0)} MB (bar 150)`,
    );
    await inParallel(5, count - Math.ceil(count / 18), () => order(desk));
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
