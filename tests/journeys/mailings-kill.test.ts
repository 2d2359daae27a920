import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { parseKeyRing } from '../../config/keys.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { mergePartners } from '../../db/stores/desk/partners.ts';
import { awaited } from '../../stack/demo/desk-client.ts';
import { order } from '../../stack/demo/orders.ts';
import { surveyWorkflowId } from '../../workflows/contract.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { type MailSink, type ReceivedMail, startMailSink } from '../support/mail-sink.ts';
import { boxOf, inventSites } from '../support/sites.ts';
import { publishForm } from '../support/survey.ts';

/** Of no more mails nobody can say whether they left: claimed, and nothing written of them yet. */
const BATCH = 20;

let sink: MailSink;
let desk: RunningDesk;
let database: Database;
let temporal: Connection;

beforeAll(async () => {
  sink = await startMailSink();
  desk = await startDesk({ environment: { SMTP_URL: sink.url } });
  const { DATABASE_URL: url } = await desk.environment();
  database = await openDatabase(url!, { poolSize: 2, connectTimeoutMs: 30_000 });
  temporal = await Connection.connect({ address: desk.addresses.temporal });
  await writePartners();
  boxes = (await inventSites(database, { in: SITES, category: CATEGORY, from: 1_000 })).map(boxOf);
}, 150_000);
afterAll(async () => {
  await desk.stop();
  await Promise.all([temporal.close(), database.close(), sink.close()]);
}, 60_000);

const ARS = 'ARS-84';
const partners = Array.from({ length: 60 }, (_, n) => `pharmacie${n}@partenaires.example`);

async function writePartners(): Promise<void> {
  const { VIGIE_SECRET_KEYS: keys } = await desk.environment();
  const nothing = { finess: null, department: null, phone: null };
  const entries = partners.map((address) => ({ category: 'pharmacists' as const, name: address, address, ...nothing }));
  const by = { sub: 'ars-84', organisation: ARS };
  await mergePartners(database, parseKeyRing(keys!), entries, { organisation: ARS, by, now: Date.now() });
}

const toPartners = (): ReceivedMail[] => sink.mails.filter(({ to }) => partners.includes(to));
const relayed = () =>
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
  expect([asked.status, asked.body]).toMatchObject([202, { partners: partners.length }]);
  await awaited('the second batch under way', () => Promise.resolve(toPartners().length > BATCH + 5));
  await desk.killPart('worker');
  const left = (await relayed()).filter(({ status }) => status !== 'sent').length;
  expect(left).toBeGreaterThan(BATCH / 2);
  undo();

  const ended = await awaited('the end of the relay', async () => {
    const found = await relayed();
    return found.length > 0 && found.every(({ endedAt }) => endedAt !== null) ? found : null;
  });
  expect(ended.map(({ status }) => status)).toEqual(Array.from(partners, () => 'sent'));
  const doubtful = new Set(ended.filter(({ inDoubt }) => inDoubt).map(({ address }) => address));
  expect(doubtful.size).toBeGreaterThan(0);
  expect(doubtful.size).toBeLessThanOrEqual(BATCH);
  for (const box of partners) {
    const copies = toPartners().filter(({ to }) => to === box);
    expect([box, copies.length]).toEqual([box, doubtful.has(box) ? expect.any(Number) : 1]);
    expect([box, copies.length > 0, copies.length <= 2]).toEqual([box, true, true]);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
  }
  await awaited('the follow-up done', async () => (await instruction.recipient(ARS)).state === 'done');
  expect(
    (await desk.api('ars-84').get(`/v1/instructions/${instruction.id}/recipients/${ARS}/relay`)).body,
  ).toMatchObject({
    partners: partners.length,
    reached: partners.length,
    notReached: 0,
    waiting: 0,
  });
}, 120_000);

/** By department, each of another region. */
const SITES = { D69: 600, D75: 600, D59: 600, D13: 600, D33: 600 };
const CATEGORY = 'Établissement fictif';
/** Of a whole campaign, whatever the number of those whom it asks. */
const MOST_EVENTS = 300;
let boxes: string[];

const mailsOf = (subject: RegExp): ReceivedMail[] => sink.mails.filter((mail) => subject.test(mail.subject));
const rows = (survey: string, purpose: string) =>
  database.sql
    .selectFrom('mailing_mail as mail')
    .innerJoin('mailing', 'mailing.id', 'mail.mailing_id')
    .select(['address', 'status', 'in_doubt as inDoubt'])
    .where('subject', '=', `survey/${survey}`)
    .where('purpose', '=', purpose)
    .execute();

/** kill -9 of the worker in the middle of a mailing; then everybody has it, and twice only who was in the batch under way. */
async function killedAmid(survey: string, purpose: string, subject: RegExp): Promise<void> {
  await awaited('a third of the mails', () => Promise.resolve(mailsOf(subject).length > boxes.length / 3));
  const undo = sink.trouble({ at: 'delay', match: /\.example/, milliseconds: 150 });
  const before = mailsOf(subject).length;
  await awaited('a slow batch under way', () => Promise.resolve(mailsOf(subject).length > before + 5));
  await desk.killPart('worker');
  expect((await rows(survey, purpose)).filter(({ status }) => status !== 'sent').length).toBeGreaterThan(BATCH / 2);
  undo();
  const ended = await awaited('the end of the mailing', async () => {
    const all = await rows(survey, purpose);
    return all.some(({ status }) => ['planned', 'sending', 'waiting'].includes(status)) ? null : all;
  });
  expect(ended.map(({ address }) => address).sort()).toEqual(boxes.toSorted());
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['sent']));
  const doubtful = new Set(ended.filter(({ inDoubt }) => inDoubt).map(({ address }) => address));
  expect(doubtful.size).toBeGreaterThan(0);
  expect(doubtful.size).toBeLessThanOrEqual(BATCH);
  const copies = Map.groupBy(mailsOf(subject), ({ to }) => to);
  expect([...copies.keys()].sort()).toEqual(boxes.toSorted());
  const twice = [...copies].filter(([, { length }]) => length > 1);
  for (const [box, mails] of twice)
    expect([box, doubtful.has(box), mails.length, new Set(mails.map(({ messageId }) => messageId)).size]).toEqual([
      ...[box, true, 2, 1],
    ]);
}

/** Asked again by the same key while the answer is 503, as callers are told to. */
async function accepted(path: string, answer: object, body: object = {}): Promise<void> {
  const key = { 'idempotency-key': randomUUID() };
  const given = await awaited(path, async () => {
    const said = await desk.api('corruss-chef').post(path, body, key);
    return said.status === 503 ? null : said;
  });
  expect([given.status, given.body]).toMatchObject([202, answer]);
}

test('kill -9 of the worker amid the invitation of 3 000: nobody twice but of the batch under way, nobody missed, a short history', async () => {
  const chief = desk.api('corruss-chef');
  const formId = await publishForm(database);
  const body = { formId, title: 'Lits', audience: { sites: { categories: [CATEGORY] } }, closesAt: 'PT48H' };
  const made = await chief.post<{ id: string }>('/v1/surveys', body);
  const { id } = made.body;
  await accepted(`/v1/surveys/${id}/open`, { respondents: boxes.length });
  await killedAmid(id, 'invitation', /^ENQUÊTE\s:/);
  await accepted(`/v1/surveys/${id}/close`, { status: 'closed' }, { reason: 'Fin de l’épreuve.' });
  const history = await new Client({ connection: temporal }).workflow.getHandle(surveyWorkflowId(id)).fetchHistory();
  expect(history.events!.length).toBeLessThanOrEqual(MOST_EVENTS);
}, 240_000);
