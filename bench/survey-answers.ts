import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { request } from 'undici';
import { openDatabase } from '../db/database.ts';
import { postgresUrl } from '../stack/postgres.ts';
import { loadSecrets } from '../stack/secrets.ts';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel, percentile } from './load.ts';
import { answerOf, fillRegister, publish, SIXTY } from './survey-rows.ts';

const CLIENTS = 32;
const BAR = { totalMs: 10_000, p99Ms: 150 };

interface Load {
  readonly base: string;
  readonly survey: string;
  readonly sites: readonly string[];
  readonly tokens: readonly string[];
  /** Written before: what a client's own work costs is not measured. */
  readonly bodies: readonly string[];
}

/** Every establishment submits through HTTP, each by its own account, as it did to the survey before; beside a bare insert of the same answer by Fastify and `pg`. */
export async function surveyAnswers(quick: boolean): Promise<void> {
  const desk = await startBenchDesk();
  const { postgresPassword } = await loadSecrets(desk.dataDir);
  const url = postgresUrl(Number(desk.addresses.postgres.split(':')[1]), postgresPassword);
  const database = await openDatabase(url, { as: 'owner' });
  try {
    const sites = await fillRegister(database, quick ? 600 : 3_000);
    const form = await publish(database, SIXTY);
    const tokens: string[] = [];
    await inParallel(8, sites.length, async (index) => {
      tokens[index] = await desk.token((sites[index] ?? '').replace('SITE', 'site'));
    });
    const bodies = sites.map((_, index) => JSON.stringify({ values: answerOf(index), submit: true }));
    const asked = { base: desk.addresses.api, sites, tokens, bodies };
    const earlier = { ...asked, survey: await open(desk, form) };
    // What is measured is a desk in use: in a process of a minute the collector goes through its heap for the first time.
    await inParallel(CLIENTS, sites.length, (index) => put(earlier, index));
    const survey = await open(desk, form);
    await floor(url, { survey, sites, tokens: [], bodies });
    const load = { ...asked, survey };
    const before = await desk.cpu();
    const ours = await submitted(load);
    tell(
      `${sites.length} answers of 60 questions, ${CLIENTS} clients (bars ${BAR.totalMs} ms, p99 ${BAR.p99Ms} ms)`,
      ours,
    );
    const after = await desk.cpu();
    const spent = Object.keys(after).map((part) => {
      const each = ((after[part] ?? 0) - (before[part] ?? 0)) / sites.length;
      return `${part} ${each.toFixed(1)}`;
    });
    console.log(`core-milliseconds an answer: ${spent.join(', ')}`);
    await allThere(desk, survey, sites.length);
    if (!quick && (ours.totalMs > BAR.totalMs || ours.p99 > BAR.p99Ms)) process.exitCode = 1;
  } finally {
    await database.close();
    await desk.stop();
  }
}

async function open(desk: BenchDesk, formId: string): Promise<string> {
  const chief = desk.api('corruss-chef');
  const body = { formId, title: 'Mesure', audience: { sites: {} }, closesAt: 'P2D' };
  const { body: made, status } = await chief.post<{ id: string }>('/v1/surveys', body);
  if (status !== 201) throw new Error(`not written: ${JSON.stringify(made)}`);
  const began = performance.now();
  const opened = await chief.post(`/v1/surveys/${made.id}/open`, { loadReason: 'Mesure' });
  console.log(`opened in ${(performance.now() - began).toFixed(0)} ms`);
  if (opened.status !== 202) throw new Error(`not opened: ${JSON.stringify(opened.body)}`);
  return made.id;
}

interface Measured {
  readonly totalMs: number;
  readonly p50: number;
  readonly p99: number;
}

async function put({ base, survey, sites, tokens, bodies }: Load, index: number): Promise<void> {
  const answer = await request(`${base}/v1/surveys/${survey}/answers/${sites[index] ?? ''}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${tokens[index] ?? ''}`, 'content-type': 'application/json' },
    body: bodies[index] ?? '',
  });
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${await answer.body.text()}`);
  await answer.body.dump();
}

async function submitted(load: Load): Promise<Measured> {
  const took: number[] = [];
  const began = performance.now();
  await inParallel(CLIENTS, load.sites.length, async (index) => {
    const asked = performance.now();
    await put(load, index);
    took.push(performance.now() - asked);
  });
  return { totalMs: performance.now() - began, p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
}

const tell = (what: string, { totalMs, p50, p99 }: Measured): void =>
  console.log(`${what}: ${totalMs.toFixed(0)} ms, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);

async function floor(url: string, load: Omit<Load, 'base'>): Promise<void> {
  const script = join(import.meta.dirname, 'bare', 'survey-answers.ts');
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    tell('floor, a bare insert of the same', await submitted({ ...load, base: line.toString().trim() }));
  } finally {
    child.kill('SIGKILL');
  }
}

async function allThere(desk: BenchDesk, survey: string, count: number): Promise<void> {
  const { body } = await desk.api('superviseur').get<{ counts: { received: number } }>(`/v1/surveys/${survey}`);
  if (body.counts.received !== count) throw new Error(`${body.counts.received} of ${count} answers are there`);
}
