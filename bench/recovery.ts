import { setTimeout as pause } from 'node:timers/promises';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel } from './load.ts';
import { ARS, order } from './orders.ts';

/** kill -9 of the worker, then of Temporal: how long until a reply is taken again. Bar: ≤ 5 s. */
export async function recovery(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  try {
    const open: string[] = [];
    await inParallel(5, quick ? 5 : 50, async () => void open.push(await order(desk)));
    await pause(3_000);
    for (const part of ['worker', 'temporal'] as const) {
      const times: number[] = [];
      for (let round = 0; round < (quick ? 1 : 5); round += 1) times.push(await kill(desk, part, open.pop() ?? ''));
      console.log(
        `kill -9 of ${part}: back at work after ${times.map((ms) => `${(ms / 1_000).toFixed(1)} s`).join(', ')} (bar 5 s)`,
      );
    }
  } finally {
    await desk.stop();
  }
}

async function kill(desk: BenchDesk, part: string, id: string): Promise<number> {
  process.kill((await desk.pids())[part] ?? 0, 'SIGKILL');
  const began = performance.now();
  const path = `/v1/instructions/${id}/recipients/${ARS[0] ?? ''}/replies`;
  const api = desk.api((ARS[0] ?? '').toLowerCase());
  while ((await api.post(path, { kind: 'takenInCharge' })).status !== 200) await pause(50);
  const took = performance.now() - began;
  await pause(5_000);
  return took;
}
