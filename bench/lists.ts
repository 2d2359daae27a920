import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { request } from 'undici';
import { loadSecrets } from '../stack/secrets.ts';
import { postgresUrl } from '../stack/postgres.ts';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel, percentile } from './load.ts';
import { ARS, order, reply, untilQuiet } from './orders.ts';

const CLIENTS = 32;
const BAR = { ratio: 0.8, p99Ms: 60 };
/** Each reads the nation; an account may ask 6 000 times a minute. */
const READERS = ['corruss-redacteur', 'corruss-valideur', 'corruss-chef', 'superviseur'];

interface Measured {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Lists of 50 asked for by 32 clients, beside the same SQL over bare `pg` and Fastify, turn by turn in the same run. */
export async function lists(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  try {
    const ids = await fill(desk, quick ? 60 : 200);
    const floor = await startFloor(desk, ids[0] ?? '');
    // The mails of what was just ordered and answered would be measured with the first list.
    await untilQuiet(desk);
    const tokens = await Promise.all(READERS.map((reader) => desk.token(reader)));
    const paths = [
      '/v1/instructions',
      '/v1/tasks',
      ...['recipients', 'timeline'].map((of) => `/v1/instructions/${ids[0]}/${of}`),
    ];
    try {
      for (const path of paths) tell(path, await compared(desk.addresses.api, floor.base, { path, tokens, quick }));
    } finally {
      floor.stop();
    }
  } finally {
    await desk.stop();
  }
}

/** Open instructions, a third of the recipients of each having answered, with refusals that are tasks. @returns ids */
async function fill(desk: BenchDesk, count: number): Promise<string[]> {
  const ids: string[] = [];
  await inParallel(5, count, async () => {
    const id = await order(desk);
    ids.push(id);
    for (const organisation of ARS.slice(0, 3)) await reply(desk, id, organisation, { kind: 'takenInCharge' });
    for (const organisation of ARS.slice(3, 6))
      await reply(desk, id, organisation, { kind: 'refused', comment: 'Mesure' });
  });
  return ids;
}

async function startFloor(desk: BenchDesk, instruction: string): Promise<{ base: string; stop(): void }> {
  const { postgresPassword } = await loadSecrets(desk.dataDir);
  const port = Number(desk.addresses.postgres.split(':')[1]);
  const script = join(import.meta.dirname, 'bare', 'lists.ts');
  const child = spawn(process.execPath, [script, postgresUrl(port, postgresPassword), instruction], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { base: line.toString().trim(), stop: () => child.kill('SIGKILL') };
}

interface Asking {
  readonly path: string;
  readonly tokens: readonly string[];
  readonly quick: boolean;
}

/** Unmeasured before each round: while the other side is asked for longer than a connection is kept, all 32 have to call anew. */
const WARM_UP = 300;
const ROUNDS = 3;

/** Both sides in turn, each warmed up: a machine that slows down slows both. */
async function compared(api: string, floor: string, asking: Asking): Promise<{ ours: Measured; bare: Measured }> {
  const rounds: { ours: Measured; bare: Measured }[] = [];
  const times = asking.quick ? 600 : 2_000;
  const warm = async (base: string): Promise<Measured> => {
    await measured(base, asking, WARM_UP);
    return measured(base, asking, times);
  };
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ ours: await warm(api), bare: await warm(floor) });
  return { ours: median(rounds.map(({ ours }) => ours)), bare: median(rounds.map(({ bare }) => bare)) };
}

/** Of each figure on its own. */
function median(rounds: readonly Measured[]): Measured {
  const of = (figure: keyof Measured): number =>
    percentile(
      rounds.map((round) => round[figure]),
      0.5,
    );
  return { rate: of('rate'), p50: of('p50'), p99: of('p99') };
}

async function measured(base: string, { path, tokens }: Asking, times: number): Promise<Measured> {
  const took: number[] = [];
  const began = performance.now();
  await inParallel(CLIENTS, times, async (index) => {
    const asked = performance.now();
    const answer = await request(`${base}${path}?limit=50`, {
      headers: { authorization: `Bearer ${tokens[index % tokens.length] ?? ''}` },
    });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
    took.push(performance.now() - asked);
  });
  return {
    rate: (times / (performance.now() - began)) * 1_000,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
  };
}

function tell(path: string, { ours, bare }: { ours: Measured; bare: Measured }): void {
  const name = path.replace(/[0-9a-f-]{36}/, ':id');
  const ratio = ours.rate / bare.rate;
  const show = ({ rate, p50, p99 }: Measured): string =>
    `${rate.toFixed(0)}/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
  console.log(
    `${name}: ${show(ours)} · bare ${show(bare)} · ratio ${ratio.toFixed(2)} (bars ${BAR.ratio}, p99 ${BAR.p99Ms} ms)`,
  );
  if (ratio < BAR.ratio || ours.p99 > BAR.p99Ms) process.exitCode = 1;
}
