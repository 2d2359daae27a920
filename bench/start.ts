import { newDataDir, startBenchDesk } from './desk.ts';

/** From the command to a green /readyz. Bars: ≤ 10 s on an empty data dir, ≤ 5 s on one that was used before. */
export async function start(): Promise<void> {
  const dataDir = newDataDir();
  for (const kind of ['cold', 'warm', 'warm'] as const) {
    const desk = await startBenchDesk({ dataDir, sink: false });
    console.log(`${kind} start: ${(desk.startMs / 1_000).toFixed(1)} s (bar ${kind === 'cold' ? 10 : 5} s)`);
    await desk.stop();
  }
}
