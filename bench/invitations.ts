import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import nodemailer from 'nodemailer';
import { composeSurvey } from '../channels/survey.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { readSurveyMatter } from '../db/stores/process/survey-matter.ts';
import { postgresUrl } from '../stack/postgres.ts';
import { loadSecrets } from '../stack/secrets.ts';
import { surveyWorkflowId } from '../workflows/contract.ts';
import { tellCosts } from './cpu.ts';
import { type BenchDesk, startBenchDesk } from './desk.ts';
import { inParallel } from './load.ts';
import { fillRegister, publish, SIXTY } from './survey-rows.ts';

/** The register of France has as many establishments. */
const WHOLE = 5_366;
/** As many lines to the relay as one mailing takes (`activities/mail-slice.ts`). */
const LINES = 2;
const BARS = { mailsMs: 10_000, openingMs: 4_000 };

/**
 * A survey of 3 000 establishments, from the order to open it until the relay has taken the last invitation, on one worker;
 * beside the same mails over bare nodemailer. Then the opening alone of the whole register, which is one local activity.
 */
export async function invitations(quick: boolean): Promise<void> {
  const count = quick ? 600 : 3_000;
  const desk = await startBenchDesk();
  const { postgresPassword } = await loadSecrets(desk.dataDir);
  const url = postgresUrl(Number(desk.addresses.postgres.split(':')[1]), postgresPassword);
  const database = await openDatabase(url, { as: 'owner' });
  try {
    const sites = await fillRegister(database, WHOLE);
    await reachable(database, sites, count);
    const formId = await publish(database, SIXTY);
    const before = await desk.cpu();
    const used = process.cpuUsage();
    const { id, openedMs, mailedMs } = await invited(desk, formId, ['invited'], count);
    const after = await desk.cpu();
    console.log(
      `${count} invitations: opened in ${openedMs.toFixed(0)} ms, the last one taken by the relay after ${mailedMs.toFixed(0)} ms (bar ${BARS.mailsMs} ms)`,
    );
    tellCosts('an invitation', { before, after, pieces: count, used: process.cpuUsage(used) });
    console.log(`floor, bare nodemailer over ${LINES} lines: ${(await bareMails(desk, database, id)).toFixed(0)} ms`);
    await tellHistory(desk, id);
    const whole = await invited(desk, formId, ['invited', 'whole'], WHOLE);
    console.log(
      `${WHOLE} asked: opened in ${whole.openedMs.toFixed(0)} ms (limit of the activity ${BARS.openingMs} ms)`,
    );
    if (mailedMs > BARS.mailsMs || whole.openedMs > BARS.openingMs) process.exitCode = 1;
  } finally {
    await database.close();
    await desk.stop();
  }
}

/** An alert entry point for each; the first `count` are of a category of their own, beside all of them. */
async function reachable({ sql: db }: Database, sites: readonly string[], count: number): Promise<void> {
  await sql`
    insert into contact (id, organisation_id, kind, channel, address, name, updated_at)
    select gen_random_uuid(), site, 'alertBox', 'mail', 'alerte@' || lower(site) || '.example', 'Point d’entrée alerte', now()
    from unnest(${[...sites]}::text[]) as site on conflict do nothing`.execute(db);
  await sql`update site set category = 'whole' where id = any(${[...sites]}::text[])`.execute(db);
  await sql`update site set category = 'invited' where id = any(${sites.slice(0, count)}::text[])`.execute(db);
  await sql`analyze`.execute(db);
}

async function invited(desk: BenchDesk, formId: string, categories: readonly string[], count: number) {
  const chief = desk.api('corruss-chef');
  const body = { formId, title: 'Activité et capacités', audience: { sites: { categories } }, closesAt: 'PT48H' };
  const made = await chief.post<{ id: string }>('/v1/surveys', body);
  if (made.status !== 201) throw new Error(`not written: ${JSON.stringify(made.body)}`);
  const { id } = made.body;
  const taken = await desk.mailsTaken();
  const began = performance.now();
  const key = { 'idempotency-key': randomUUID() };
  // The second survey asks the same again.
  const open = () => chief.post(`/v1/surveys/${id}/open`, { loadReason: 'Mesure' }, key);
  let opened = await open();
  while (opened.status === 503) opened = await open();
  if (opened.status !== 202) throw new Error(`not opened: ${JSON.stringify(opened.body)}`);
  const openedMs = performance.now() - began;
  while ((await desk.mailsTaken()) < taken + count) await pause(20);
  return { id, openedMs, mailedMs: performance.now() - began };
}

/** The same words to the same addresses, composed beforehand, by nodemailer's own pool into the same sink. */
async function bareMails({ smtp }: BenchDesk, { sql: db }: Database, survey: string): Promise<number> {
  const shared = { ...(await readSurveyMatter(db, survey)), purpose: 'invitation' as const, detail: {}, figures: null };
  const matter = {
    ...shared,
    publicUrl: 'http://127.0.0.1',
    mailFrom: 'a@corruss.example',
    mailReplyDomain: 'b.example',
  };
  const { rows } = await sql<{ id: string; recipient: string; name: string; address: string }>`
    select mail.id, recipient, name, address from mailing_mail mail join mailing on mailing.id = mail.mailing_id
    where subject = ${`survey/${survey}`} and purpose = 'invitation'`.execute(db);
  const mails = rows.flatMap((row) => {
    const token = randomBytes(32).toString('base64url');
    const composed = composeSurvey(matter, row, { link: token, reply: token.toLowerCase() });
    return composed.kind === 'mail' ? [composed.mail] : [];
  });
  const transport = nodemailer.createTransport({ url: smtp, pool: true, maxConnections: LINES, maxMessages: Infinity });
  const began = performance.now();
  await inParallel(LINES, mails.length, async (index) => {
    const mail = mails[index];
    if (mail === undefined) return;
    const { from, to, subject, text, html, messageId, envelopeFrom } = mail;
    const envelope = { from: envelopeFrom, to: [to.address] };
    await transport.sendMail({ from, to, subject, text, html, messageId: `<${messageId}>`, envelope });
  });
  const took = performance.now() - began;
  transport.close();
  return took;
}

async function tellHistory(desk: BenchDesk, survey: string): Promise<void> {
  const connection = await Connection.connect({ address: desk.addresses.temporal });
  const history = await new Client({ connection }).workflow.getHandle(surveyWorkflowId(survey)).fetchHistory();
  await connection.close();
  console.log(`events of the workflow once all are invited: ${history.events?.length ?? 0}`);
}
