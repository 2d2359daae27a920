import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../stack/demo/desk-client.ts';
import { startBenchDesk } from './desk.ts';
import { inParallel, percentile } from './load.ts';
import { ARS, order, reply } from './orders.ts';

/** A reply by the API until the read model shows it, with 100 open instructions. Bar: p99 ≤ 250 ms. */
export async function replyLatency(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  try {
    const open: string[] = [];
    await inParallel(5, quick ? 10 : 100, async () => void open.push(await order(desk)));
    await pause(3_000);
    const samples: number[] = [];
    for (const id of open) {
      for (const organisation of ARS.slice(0, 5)) {
        const began = performance.now();
        await reply(desk, id, organisation, { kind: 'takenInCharge' });
        await untilShown(desk.api('corruss-valideur'), `/v1/instructions/${id}/recipients/${organisation}`);
        samples.push(performance.now() - began);
      }
    }
    const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
    console.log(
      `${samples.length} replies, ${open.length} open instructions: p50 ${p50.toFixed(0)} ms · p99 ${p99.toFixed(0)} ms (bar 250)`,
    );
  } finally {
    await desk.stop();
  }
}

async function untilShown(api: Caller, path: string): Promise<void> {
  while ((await api.get<{ state: string }>(path)).body.state !== 'takenInCharge') await pause(2);
}
