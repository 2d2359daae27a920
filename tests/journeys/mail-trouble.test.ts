import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MINUTE } from '../../domain/instant.ts';
import { MAIL_STATES } from '../../domain/mail-reading.ts';
import { eml, part } from '../corpus/eml.ts';
import { nastyCases } from '../corpus/nasty.ts';
import type { Released } from '../support/desk-actions.ts';
import { boxOf, type MailDesk, startMailDesk } from '../support/mail-desk.ts';

/* «Bad input and trouble» of received mails, on the real way from the SMTP intake to the follow-up. */

let desk: MailDesk;
let order: Released;
/** Reply addresses. */
let ofLyon: string;
let ofToulouse: string;

const LADDER = [
  { after: 'PT10M', target: 'secondary', channel: 'mail' },
  { after: 'PT20M', target: 'onCall', channel: 'mail' },
];
const MB = 1024 * 1024;

beforeAll(async () => {
  desk = await startMailDesk();
  const audience = { organisations: ['ARS-84', 'ARS-76', 'ARS-53'] };
  order = await desk.desk.release({ audience, deadline: '4H', ladder: LADDER });
  ofLyon = (await desk.firstMail(order, 'ARS-84')).replyTo!;
  ofToulouse = (await desk.firstMail(order, 'ARS-76')).replyTo!;
}, 120_000);
afterAll(() => desk.close(), 60_000);

const followUps = () =>
  desk.desk.database.sql
    .selectFrom('instruction_recipient')
    .select(['organisation_id', 'follow_up'])
    .orderBy('organisation_id')
    .execute();

test('every broken mail of the corpus ends in a named state and changes nobody’s follow-up', async () => {
  const before = await followUps();
  const sent = desk.desk.sink.mails.length;
  for (const { name, raw } of nastyCases.filter((one) => one.raw.length < 25 * MB)) {
    // One Message-ID each: they would be taken for one another.
    const own = Buffer.from(
      raw.toString('latin1').replace(/^Message-ID: <[^>\r\n]*>/im, `Message-ID: <${randomUUID()}@x>`),
      'latin1',
    );
    const { state } = await desk.row(await desk.postRaw(own, ofLyon, 'quelquun@ailleurs.example'));
    expect([name, MAIL_STATES.includes(state) && !['stored', 'answered', 'receipt'].includes(state)]).toEqual([
      name,
      true,
    ]);
  }
  expect(await followUps()).toEqual(before);
  expect(desk.desk.sink.mails.length).toBe(sent);
}, 180_000);

test('100 MB are refused for good, and the intake goes on', async () => {
  const huge = Buffer.concat([
    Buffer.from('From: x@y.example\r\n\r\n'),
    Buffer.alloc(100 * MB, `${'a'.repeat(70)}\r\n`),
  ]);
  await expect(desk.postRaw(huge, ofLyon)).rejects.toMatchObject({ responseCode: 552 });
  const id = await desk.post({ from: 'x@ailleurs.example', to: ofLyon, text: 'Réalisé.' });
  expect((await desk.row(id)).state).toBe('unknownSender');
}, 120_000);

test('an attachment over 10 MB stays in the raw mail, and is shown as not extracted', async () => {
  const file = (name: string, size: number) =>
    part('application/pdf', Buffer.alloc(size, '%PDF-1.7\n').toString('base64').replace(/.{76}/g, '$&\r\n'), [
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
    ]);
  const parts = [
    part('text/plain; charset=utf-8', 'Fait à 30 %, voir annexes.'),
    file('gros.pdf', 11 * MB),
    file('petit.pdf', 2_000),
  ];
  const id = await desk.post({ from: boxOf('ARS-76'), to: ofToulouse, multipart: 'multipart/mixed', parts });
  const shown = await desk.as('corruss-chef').get<{ state: string; reading: { files: object[] } }>(`/v1/mails/${id}`);
  expect(shown.body).toMatchObject({
    state: 'answered',
    reading: {
      files: [
        { name: 'gros.pdf', id: null, reason: 'tooLarge' },
        { name: 'petit.pdf', reason: null },
      ],
    },
  });
  expect((await desk.row(id)).raw.length).toBeGreaterThan(14 * MB);
}, 120_000);

test('a mail replayed later, to its own address or to another’s, counts for nothing', async () => {
  const headers = { To: ofToulouse, 'Message-ID': `<${randomUUID()}@ars-76.example>` };
  const raw = eml({ from: boxOf('ARS-76'), text: 'Fait à 40 %', headers });
  await desk.postRaw(raw, ofToulouse);
  await desk.post({ from: boxOf('ARS-76'), to: ofToulouse, text: 'Fait à 70 %' });
  const before = await followUps();
  const count = () => desk.desk.database.sql.selectFrom('inbound_mail').select('id').execute();
  const kept = (await count()).length;
  for (const to of [ofToulouse, ofLyon, 'corruss@reply.vigie.example'])
    await desk.take({ raw, envelopeFrom: boxOf('ARS-76'), envelopeTo: [to] });
  // Told from another by its content alone: kept, and not counted.
  const changed = Buffer.concat([raw, Buffer.from('\r\n')]);
  expect((await desk.row(await desk.postRaw(changed, ofLyon))).state).toBe('duplicate');
  expect((await count()).length).toBe(kept + 1);
  expect(await followUps()).toEqual(before);
  expect((await desk.desk.followUp(order.id, 'ARS-76')).percent).toBe(70);
}, 60_000);

test('an acknowledgement goes to the writer alone, whatever address the mail asks for', async () => {
  const evil = 'evil@evil.example';
  const headers = { 'Reply-To': evil, Sender: evil, Cc: `${evil}, a@x.fr`, 'Disposition-Notification-To': evil };
  const id = await desk.post({
    from: boxOf('ARS-53'),
    to: (await desk.firstMail(order, 'ARS-53')).replyTo!,
    sender: evil,
    text: 'Pris en charge',
    headers,
  });
  expect((await desk.row(id)).state).toBe('answered');
  await desk.desk.sink.waitFor(({ to, subject }) => to === boxOf('ARS-53') && subject.includes('Réponse enregistrée'));
  expect(desk.desk.sink.attempts.filter((address) => /evil|x\.fr/.test(address))).toEqual([]);
}, 60_000);

const attempts = (ars: string) => desk.desk.sink.attempts.filter((address) => address.includes(ars)).length;

test('a relay that puts everything off for two hours and returns: a try a minute at most, then each mail once', async () => {
  const { desk: parts } = desk;
  const before = attempts('ars-32.');
  const undo = parts.sink.refuse(/@ars-32\./, 451);
  const late = await parts.release({ audience: { organisations: ['ARS-32'] }, deadline: '4H', ladder: LADDER });
  for (let quarter = 0; quarter < 8; quarter += 1) await parts.advance(late.id, 15 * MINUTE);
  const tries = attempts('ars-32.') - before;
  // Three mails wait in the end: the first, and two steps.
  expect([tries > 60, tries <= 3 * 125]).toEqual([true, true]);
  expect(parts.mailsTo(late.number, 'ars-32.')).toEqual([]);
  const waiting = (await parts.deliveries(late.id, 'ARS-32')).map(({ status }) => status);
  expect(new Set(waiting)).toEqual(new Set(['waiting']));
  undo();
  await parts.advance(late.id, 2 * MINUTE);
  expect((await parts.deliveries(late.id, 'ARS-32')).map(({ status }) => status)).toEqual(waiting.map(() => 'sent'));
  expect(parts.mailsTo(late.number, 'ars-32.').length).toBe(waiting.length);
}, 180_000);

test('a relay that bounces everything for two hours: one step each, all marked, told once, and the answers still count', async () => {
  const { desk: parts } = desk;
  const hit = await parts.release({ audience: { organisations: ['ARS-28'] }, deadline: '4H', ladder: LADDER });
  const bounced = new Set<string>();
  for (let quarter = 0; quarter < 8; quarter += 1) {
    const mails = parts.sink.mails.filter((mail) => mail.subject.includes(hit.number) && mail.to.includes('ars-28.'));
    // Every mail bounces, those of before again: relays that are ill repeat themselves.
    for (const { envelope, to } of mails) {
      bounced.add(to);
      expect((await desk.row(await desk.post(bounceOf(envelope.from, to)))).state).toBe('bounce');
    }
    await parts.advance(hit.id, 15 * MINUTE);
  }
  const kinds = (await parts.timeline(hit.id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'stepDone' || kind === 'stepPassed').length).toBeLessThanOrEqual(
    LADDER.length,
  );
  expect(parts.mailsTo(hit.number, 'ars-28.').length).toBe(1 + LADDER.length);
  expect(bounced.size).toBe(1 + LADDER.length);
  expect(kinds).toContain('unreachable');
  const tasks = await desk
    .as('corruss-chef')
    .get<{ items: { organisation: string }[] }>('/v1/tasks?kind=contact&limit=500');
  expect(tasks.body.items.filter(({ organisation }) => organisation === 'ARS-28').length).toBe(bounced.size);
  const { replyTo = '' } = await desk.firstMail(hit, 'ARS-28');
  await desk.post({ from: boxOf('ARS-28'), to: replyTo, text: 'Réalisé.' });
  expect((await parts.followUp(hit.id, 'ARS-28')).state).toBe('done');
}, 180_000);

const bounceOf = (to: string, failed: string) => ({
  from: 'MAILER-DAEMON@mx.ars-28.example',
  sender: '',
  to,
  subject: 'Undelivered Mail Returned to Sender',
  multipart: 'multipart/report; report-type=delivery-status',
  parts: [
    part('text/plain', 'Le message n’a pas pu être remis.'),
    part(
      'message/delivery-status',
      `Reporting-MTA: dns; mx.ars-28.example\r\n\r\nFinal-Recipient: rfc822; ${failed}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown`,
    ),
  ],
});
