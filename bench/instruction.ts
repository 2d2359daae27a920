import { runBare, type Load } from './bare/run.ts';
import { tellCosts } from './cpu.ts';
import { startBenchDesk } from './desk.ts';
import { inParallel } from './load.ts';
import { ARS, order, reply, untilClosed, untilMailed } from './orders.ts';

/** 200 × 18: create → release → 18 confirmations → closed, beside the bare engine in the same run on the same server. */
export async function instruction(quick: boolean): Promise<void> {
  const load: Load = { instructions: quick ? 30 : 200, recipients: ARS.length, clients: 10 };
  const desk = await startBenchDesk();
  try {
    const one = async (): Promise<void> => {
      const id = await order(desk);
      for (const organisation of ARS) await reply(desk, id, organisation);
      await untilClosed(desk, id);
    };
    await inParallel(load.clients, load.clients, one);
    const before = { cpu: await desk.cpu(), mails: await desk.mailsTaken() };
    const own = process.cpuUsage();
    const began = performance.now();
    await inParallel(load.clients, load.instructions, one);
    const rate = (load.instructions / (performance.now() - began)) * 1_000;
    const used = process.cpuUsage(own);
    await untilMailed(desk, before.mails + load.instructions * (ARS.length + 1) - load.clients);
    const after = await desk.cpu();
    const bare = await runBare(desk.addresses.temporal, load);
    console.log(
      `Vigie ${rate.toFixed(2)} instructions/s · bare engine ${bare.toFixed(2)}/s · ratio ${(rate / bare).toFixed(2)} (bar 0.5, aim 0.8)`,
    );
    tellCosts('an instruction', { before: before.cpu, after, pieces: load.instructions, used });
  } finally {
    await desk.stop();
  }
}
