import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import pino from 'pino';
import { replyLocalPart } from '../../config/tokens.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { groupKeeper } from '../../intake/keep.ts';
import { startIntake, type Intake } from '../../intake/server.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { sweep } from '../../intake/sweep.ts';
import { mailTaker } from '../../intake/take.ts';
import { eml } from '../corpus/eml.ts';
import { type InstructionDesk, startInstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';

/* Many mails at the same moment, on the real way from the SMTP intake to the follow-ups; nobody sweeps by himself. */

const DOMAIN = 'reply.vigie.example';
const log = pino({ level: 'silent' });
const starts = { now: 0, most: 0, all: 0, failed: 0 };
let desk: InstructionDesk;
let intake: Intake;
let starter: ReturnType<typeof boundedStarter>;

beforeAll(async () => {
  desk = await startInstructionDesk();
  const { database, keys } = desk;
  starter = boundedStarter(async (mail) => {
    starts.now += 1;
    starts.all += 1;
    starts.most = Math.max(starts.most, starts.now);
    try {
      await desk.inbound.start(mail);
    } catch (error) {
      starts.failed += 1;
      throw error;
    } finally {
      starts.now -= 1;
    }
  });
  const take = mailTaker({ database, keys, log, starter });
  intake = await startIntake({ take, host: '127.0.0.1', port: 0, mailReplyDomain: DOMAIN, log });
}, 120_000);
afterAll(async () => {
  await intake.close();
  await desk.close();
}, 60_000);

async function sendAll(letters: readonly { readonly from: string; readonly to: string }[]): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: intake.port, ignoreTLS: true });
  const send = ({ from, to }: { from: string; to: string }) => {
    const headers = { To: to, 'Message-ID': `<${randomUUID()}@ars.example>`, 'In-Reply-To': '' };
    return transport.sendMail({ raw: eml({ from, text: 'Pris en charge.', headers }), envelope: { from, to: [to] } });
  };
  await Promise.all(letters.map(send));
}

test('a burst of replies is applied each once: few starts at a time, none fails, and a sweep meanwhile starts none again', async () => {
  const { database, keys } = desk;
  Object.assign(starts, { now: 0, most: 0, all: 0, failed: 0 });
  const orders = [await desk.release(), await desk.release()];
  const ofOrders = orders.map(({ id }) => id);
  const deliveries = await database.sql
    .selectFrom('delivery')
    .select(['id', 'address'])
    .where('instruction_id', 'in', ofOrders)
    .where('target', '=', 'alertBox')
    .where('step', '=', 0)
    .orderBy('organisation_id')
    .execute();
  expect(deliveries).toHaveLength(36);
  const letters = deliveries.map(({ id, address }) => ({
    from: address,
    to: `${replyLocalPart(keys[0], id)}@${DOMAIN}`,
  }));
  await sendAll(letters);
  const mails = database.sql.selectFrom('inbound_mail').where('instruction_id', 'in', ofOrders);
  expect(await mails.select('id').execute()).toHaveLength(36);
  await sweep({ database, log, start: starter.start, everyMs: 1 });
  const replies = () =>
    database.sql
      .selectFrom('reply')
      .select(['instruction_id', 'organisation_id', 'kind'])
      .where('instruction_id', 'in', ofOrders)
      .execute();
  await until('all are applied', async () => ((await replies()).length >= 36 ? true : null), { limitMs: 60_000 });
  for (const { id } of orders) await desk.settle(id);
  expect(new Set((await replies()).map((one) => Object.values(one).join(' '))).size).toBe(36);
  expect(await replies()).toHaveLength(36);
  expect(starts).toMatchObject({ all: 36, failed: 0, now: 0 });
  expect([starts.most > 1, starts.most <= 4]).toEqual([true, true]);
  const states = await mails.select('state').distinct().execute();
  expect(states).toEqual([{ state: 'answered' }]);
  const projected = await database.sql
    .selectFrom('instruction_recipient')
    .select('state')
    .where('instruction_id', 'in', ofOrders)
    .distinct()
    .execute();
  expect(projected).toEqual([{ state: 'takenInCharge' }]);
}, 120_000);

const mailOf = (messageId: string, to: string) => ({
  receivedAt: Date.now(),
  envelopeFrom: 'x@ars.example',
  envelopeTo: [to],
  raw: Buffer.from(`Message-ID: <${messageId}>\r\n\r\nx`),
  sha256: randomUUID().replaceAll('-', '').padEnd(64, '0'),
  messageId,
  from: 'x@ars.example',
  subject: 'x',
});

test('mails that come together share transactions, their instructions’ audit stays one chain each, the same mail counts once', async () => {
  const { database, keys } = desk;
  const keep = groupKeeper(database, keys);
  const deliveries = await database.sql.selectFrom('delivery').select('id').where('step', '=', 0).execute();
  const letters = deliveries
    .slice(0, 30)
    .map(({ id }) => mailOf(randomUUID(), `${replyLocalPart(keys[0], id)}@${DOMAIN}`));
  const twice = letters[0];
  const kept = await Promise.all([...letters, ...(twice === undefined ? [] : [twice])].map(keep));
  expect(kept.map((one) => one.kept)).toEqual([...letters.map(() => true), false]);
  expect(kept.every(({ delivery }) => delivery !== null)).toBe(true);
  const commits = await database.sql
    .selectFrom('inbound_mail')
    .select((eb) => eb.ref('xmin' as never).as('commit'))
    .distinct()
    .where(
      'message_id',
      'in',
      letters.map(({ messageId }) => messageId),
    )
    .execute();
  expect(commits.length).toBeLessThanOrEqual(3);
  const told = await database.sql.selectFrom('audit_entry').select('data').where('kind', '=', 'mailReceived').execute();
  const mails = new Set(told.map(({ data }) => data['mail']));
  expect(kept.slice(0, -1).every(({ id }) => mails.has(id))).toBe(true);
  expect(await verifyAudit(database.sql, keys)).toMatchObject({ intact: true });
}, 60_000);

test('a mail that cannot be stored fails alone', async () => {
  const keep = groupKeeper(desk.database, desk.keys);
  const [good, bad, other] = [
    mailOf(randomUUID(), `x@${DOMAIN}`),
    mailOf(`\0${randomUUID()}`, `x@${DOMAIN}`),
    mailOf(randomUUID(), `x@${DOMAIN}`),
  ];
  const outcomes = await Promise.allSettled([good, bad, other].map(keep));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const rows = await desk.database.sql
    .selectFrom('inbound_mail')
    .select('message_id')
    .where('message_id', 'in', [good.messageId, other.messageId])
    .execute();
  expect(rows).toHaveLength(2);
});
