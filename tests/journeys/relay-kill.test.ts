import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { mergePartners } from '../../db/stores/desk/partners.ts';
import { awaited } from '../../stack/demo/desk-client.ts';
import { order } from '../../stack/demo/orders.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { type MailSink, type ReceivedMail, startMailSink } from '../support/mail-sink.ts';

const ARS = 'ARS-84';
const PARTNERS = 60;
/** Mails that a relay claims at once: of these alone nobody can say whether they left. */
const BATCH = 20;
const boxes = Array.from({ length: PARTNERS }, (_, n) => `pharmacie${n}@partenaires.example`);

let sink: MailSink;
let desk: RunningDesk;
let database: Database;

beforeAll(async () => {
  sink = await startMailSink();
  desk = await startDesk({ environment: { SMTP_URL: sink.url } });
  const { DATABASE_URL: url, VIGIE_SECRET_KEYS: keys } = await desk.environment();
  database = await openDatabase(url!, { poolSize: 2, connectTimeoutMs: 30_000 });
  const nothing = { finess: null, department: null, phone: null };
  const entries = boxes.map((address) => ({ category: 'pharmacists' as const, name: address, address, ...nothing }));
  const by = { sub: 'ars-84', organisation: ARS };
  await mergePartners(database, parseKeyRing(keys!), entries, { organisation: ARS, by, now: Date.now() });
}, 150_000);
afterAll(async () => {
  await database.close();
  await desk.stop();
  await sink.close();
}, 60_000);

const toPartners = (): ReceivedMail[] => sink.mails.filter(({ to }) => boxes.includes(to));
const rows = () =>
  database.sql
    .selectFrom('relay_mail')
    .innerJoin('relay', 'relay.id', 'relay_mail.relay_id')
    .select(['address', 'status', 'in_doubt as inDoubt', 'ended_at as endedAt'])
    .execute();

test('kill -9 of the worker in the middle of a relay: every partner is reached, and twice only who was in the batch under way', async () => {
  const undo = sink.trouble({ at: 'delay', match: /@partenaires\.example/, milliseconds: 150 });
  const instruction = await order(desk, {
    nature: 'diffusion',
    relayTo: ['pharmacists'],
    subject: 'Rappel de lots',
    audience: { organisations: [ARS] },
    deadline: '4H',
  });
  const asked = await desk.api('ars-84').post(`/v1/instructions/${instruction.id}/recipients/${ARS}/relay`, {});
  expect([asked.status, asked.body]).toMatchObject([202, { partners: PARTNERS }]);
  await awaited('the second batch under way', () => Promise.resolve(toPartners().length > BATCH + 5));
  await desk.killPart('worker');
  const left = (await rows()).filter(({ status }) => status !== 'sent').length;
  expect(left).toBeGreaterThan(BATCH / 2);
  undo();

  const ended = await awaited('the end of the relay', async () => {
    const found = await rows();
    return found.length > 0 && found.every(({ endedAt }) => endedAt !== null) ? found : null;
  });
  expect(ended.map(({ status }) => status)).toEqual(Array.from(boxes, () => 'sent'));
  const doubtful = new Set(ended.filter(({ inDoubt }) => inDoubt).map(({ address }) => address));
  expect(doubtful.size).toBeGreaterThan(0);
  expect(doubtful.size).toBeLessThanOrEqual(BATCH);
  for (const box of boxes) {
    const copies = toPartners().filter(({ to }) => to === box);
    expect([box, copies.length]).toEqual([box, doubtful.has(box) ? expect.any(Number) : 1]);
    expect([box, copies.length > 0, copies.length <= 2]).toEqual([box, true, true]);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
  }
  await awaited('the follow-up done', async () => (await instruction.recipient(ARS)).state === 'done');
  expect(
    (await desk.api('ars-84').get(`/v1/instructions/${instruction.id}/recipients/${ARS}/relay`)).body,
  ).toMatchObject({
    partners: PARTNERS,
    reached: PARTNERS,
    notReached: 0,
    waiting: 0,
  });
}, 120_000);
