import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { readEnvOf } from '../config/env.ts';
import { replyLocalPart } from '../config/tokens.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { startBareIntake } from './bare/intake.ts';
import { runBareMails } from './bare/run.ts';
import { tellCosts } from './cpu.ts';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel, percentile } from './load.ts';
import { ARS, order, untilMailed } from './orders.ts';

/** Each opens a connection of its own for each mail, as the relays of eighteen agencies do. */
const CLIENTS = 32;
const BARS = { sentMs: 10_000, appliedMs: 60_000 };

/**
 * 1 000 replies by mail, as fast as the intake takes them, each the first of its recipient: all stored before their 250,
 * all applied within 60 s, each once. Beside it, in the same run: an SMTP server that does nothing but insert the raw mail,
 * and the bare engine under as many workflows of the same shape.
 */
export async function intake(quick: boolean): Promise<void> {
  const count = quick ? 252 : 1_000;
  const desk = await startBenchDesk();
  const env = readEnvOf(desk.dataDir);
  const database = await openDatabase(env.databaseUrl);
  try {
    const orders = Math.ceil(count / ARS.length);
    await inParallel(5, orders, () => order(desk));
    await untilMailed(desk, orders * ARS.length);
    await pause(5_000);
    const letters = (await answerable(database, count)).map(({ delivery, ...one }) => ({
      ...one,
      to: `${replyLocalPart(env.keys[0], delivery)}@${env.mailReplyDomain}`,
    }));
    await tellDesk(desk, database, letters);
    await pause(5_000);
    await tellFloors(desk, env.databaseUrl, letters);
  } finally {
    await database.close();
    await desk.stop();
  }
}

interface Letter {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The first mail to the alert box of as many recipients. */
async function answerable(database: Database, count: number) {
  const rows = await database.sql
    .selectFrom('delivery')
    .select(['id as delivery', 'address as from'])
    .where('step', '=', 0)
    .where('status', '=', 'sent')
    .where('target', '=', 'alertBox')
    .orderBy('organisation_id')
    .orderBy('id')
    .limit(count)
    .execute();
  if (rows.length < count) throw new Error(`${rows.length} recipients instead of ${count}`);
  return rows.map((row) => ({ ...row, id: `${randomUUID()}@ars.example` }));
}

async function tellDesk(desk: BenchDesk, database: Database, letters: readonly Letter[]): Promise<void> {
  const before = await desk.cpu();
  const own = process.cpuUsage();
  const began = performance.now();
  const stored = (id: string) =>
    database.sql.selectFrom('inbound_mail').select('id').where('message_id', '=', id).executeTakeFirst();
  let missing = 0;
  const applying = applied(database, letters.length, began);
  const sent = await sendAll(desk.addresses.inboundSmtp, letters, async ({ id }) => {
    if ((await stored(id)) === undefined) missing += 1;
  });
  const times = await applying;
  const used = process.cpuUsage(own);
  const faults = await faultsOf(database, letters.length);
  const late = await startsLeftToTheSweep(desk);
  console.log(
    `Vigie: ${letters.length} replies sent in ${seconds(sent.tookMs)} (bar 10 s), from connection to 250 ${sent.latency}`,
  );
  console.log(`  not found in the table right after their 250: ${missing} (bar 0)`);
  console.log(
    `  applied: half after ${seconds(times.half)}, all after ${seconds(times.all)} from the first mail (bar 60 s)`,
  );
  console.log(`  ${faults.length === 0 ? 'each once' : faults.join('; ')} · starts left to the sweep: ${late}`);
  await pause(5_000);
  tellCosts('a reply', { before, after: await desk.cpu(), pieces: letters.length, used });
  const met = missing === 0 && faults.length === 0 && sent.tookMs <= BARS.sentMs && times.all <= BARS.appliedMs;
  if (!met) process.exitCode = 1;
}

async function tellFloors(desk: BenchDesk, databaseUrl: string, letters: readonly Letter[]): Promise<void> {
  const bare = await startBareIntake(databaseUrl);
  const sent = await sendAll(bare.address, letters, () => Promise.resolve());
  bare.stop();
  console.log(`Floor, an insert a mail: sent in ${seconds(sent.tookMs)}, from connection to 250 ${sent.latency}`);
  const ms = await runBareMails(desk.addresses.temporal, {
    mails: letters.length,
    listeners: Math.ceil(letters.length / ARS.length),
  });
  console.log(`Floor, bare engine: as many workflows, each one local activity and one signal: ${seconds(ms)}`);
}

/** Sends all as fast as they are taken; `check` runs right after each 250 and counts in no figure. */
async function sendAll(address: string, letters: readonly Letter[], check: (letter: Letter) => Promise<void>) {
  const [host = '', port = ''] = address.split(':');
  const transport = nodemailer.createTransport({ host, port: Number(port), secure: false, ignoreTLS: true });
  const samples: number[] = [];
  const began = performance.now();
  await inParallel(CLIENTS, letters.length, async (index) => {
    const letter = letters[index];
    if (letter === undefined) return;
    const start = performance.now();
    await transport.sendMail({ raw: mailOf(letter, index), envelope: { from: letter.from, to: [letter.to] } });
    samples.push(performance.now() - start);
    await check(letter);
  });
  const at = (share: number): string => percentile(samples, share).toFixed(0);
  return { tookMs: performance.now() - began, latency: `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms` };
}

const WORDS = ['Pris en charge par notre astreinte.', 'Fait à 60 %, suite cet après-midi.', 'Réalisé.'];

/** A reply as mail clients write it: two lines, a signature, the message quoted. */
const mailOf = ({ id, from, to }: Letter, index: number): string =>
  [
    `Message-ID: <${id}>`,
    `From: <${from}>`,
    `To: <${to}>`,
    'Subject: Re: Recensement des lits',
    'Date: Tue, 24 Nov 2026 14:05:00 +0100',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Bonjour,',
    WORDS[index % WORDS.length],
    '',
    '-- ',
    'Cellule de veille',
    '',
    'Le 24/11/2026 à 13:30, CORRUSS a écrit :',
    ...Array.from(
      { length: 40 },
      () => '> Merci de recenser les lits de réanimation disponibles et de nous en faire retour.',
    ),
    '',
  ].join('\r\n');

/** Waits until that many replies by mail are recorded; gives up after three minutes. */
async function applied(database: Database, count: number, began: number): Promise<{ half: number; all: number }> {
  let half = Infinity;
  while (performance.now() - began < 180_000) {
    const n = await countOf(database, 'reply');
    const ms = performance.now() - began;
    if (n * 2 >= count) half = Math.min(half, ms);
    if (n >= count) return { half, all: ms };
    await pause(100);
  }
  return { half, all: Infinity };
}

const countOf = async (database: Database, what: 'reply'): Promise<number> => {
  const query = database.sql.selectFrom(what).where('channel', '=', 'mail');
  const { n } = await query.select(({ fn }) => fn.countAll<string>().as('n')).executeTakeFirstOrThrow();
  return Number(n);
};

/** What «each once» is not: in replies, in the projection, in what was read. */
async function faultsOf(database: Database, count: number): Promise<string[]> {
  const replies = await database.sql
    .selectFrom('reply')
    .select(['instruction_id', 'organisation_id', 'kind'])
    .where('channel', '=', 'mail')
    .execute();
  const recipients = new Set(replies.map((row) => `${row.instruction_id} ${row.organisation_id}`)).size;
  const states = await database.sql
    .selectFrom('instruction_recipient')
    .select('state')
    .where('state', 'in', ['takenInCharge', 'inProgress', 'done'])
    .execute();
  const mails = await database.sql.selectFrom('inbound_mail').select('state').execute();
  const answered = mails.filter(({ state }) => state === 'answered').length;
  const figures = { replies: replies.length, recipients, projected: states.length, mails: mails.length, answered };
  return Object.entries(figures).flatMap(([what, n]) => (n === count ? [] : [`${what}: ${n} instead of ${count}`]));
}

/** Counted in the log of the intake. */
async function startsLeftToTheSweep(desk: BenchDesk): Promise<number> {
  const log = await readFile(join(desk.dataDir, 'logs', 'intake.log'), 'utf8');
  return log.split('\n').filter((line) => line.includes('reading not started')).length;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
