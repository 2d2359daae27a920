import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { sweep } from '../../intake/sweep.ts';
import { mailTaker } from '../../intake/take.ts';
import { eml, part } from '../corpus/eml.ts';
import type { Released } from '../support/desk-actions.ts';
import { boxOf, type MailDesk, startMailDesk } from '../support/mail-desk.ts';
import { until } from '../support/wait.ts';

/* docs/walkthroughs/answer-by-mail.md, step by step. */

let desk: MailDesk;
let order: Released;

const AUDIENCE = { organisations: ['ARS-84', 'ARS-11', 'ARS-94', 'ARS-53', 'ARS-32'] };
const LADDER = [
  { after: 'PT10M', target: 'secondary', channel: 'mail' },
  { after: 'PT20M', target: 'onCall', channel: 'mail' },
  { after: 'PT3H', target: 'director', channel: 'mail' },
];

beforeAll(async () => {
  desk = await startMailDesk();
  order = await desk.desk.release({ audience: AUDIENCE, deadline: '4H', ladder: LADDER });
}, 120_000);
afterAll(() => desk.close(), 60_000);

const kinds = async (ars: string) =>
  (await desk.desk.timeline(order.id)).filter((one) => one.organisation === ars).map(({ kind }) => kind);

test('«réalisé, voir pièce jointe», sent from the mail client, is recorded as done with its evidence', async () => {
  const first = await desk.firstMail(order, 'ARS-84');
  const from = `Astreinte <${boxOf('ARS-84', 'astreinte')}>`;
  const id = await desk.post({
    from,
    to: first.replyTo!.toUpperCase(),
    subject: `RE: ${first.subject}`,
    multipart: 'multipart/mixed',
    parts: [
      part(
        'text/plain; charset=utf-8',
        'Réalisé, voir pièce jointe.\n\nLe 24 nov. 2026, CORRUSS a écrit :\n> pas encore fait',
      ),
      part('application/pdf', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n', [
        'Content-Disposition: attachment; filename="bilan.pdf"',
      ]),
    ],
  });
  const row = await desk.row(id);
  expect(row).toMatchObject({ state: 'answered', organisation_id: 'ARS-84', sender: boxOf('ARS-84', 'astreinte') });
  const state = await desk.desk.projection(order.id, 'ARS-84');
  expect(state).toMatchObject({ state: 'done', closed: true, lastReply: { channel: 'mail', kind: 'done' } });
  const reply = await desk.desk.database.sql
    .selectFrom('reply')
    .selectAll()
    .where('instruction_id', '=', order.id)
    .executeTakeFirstOrThrow();
  expect(reply).toMatchObject({ message_id: row.message_id, evidence: row.evidence, verified: true });
  expect(row.evidence).toHaveLength(1);
  const file = await desk.as('corruss-chef').get(`/v1/attachments/${row.evidence[0]!}`);
  expect([file.status, file.headers['content-type']]).toEqual([200, 'application/pdf']);
}, 60_000);

test('its author is told what was understood, and its alert box that it is done', async () => {
  const { number } = order;
  const [answer] = await desk.desk.sink.waitFor(
    (mail) => mail.to === boxOf('ARS-84', 'astreinte') && mail.subject.includes(number),
  );
  expect(answer!.envelope.from).toBe('');
  expect(answer!.header('auto-submitted')).toBe('auto-replied');
  expect(answer!.header('in-reply-to')).toMatch(/@mail\.example>$/);
  expect(answer!.text).toMatch(/compris comme « réalisé »[\s\S]*Répondez à ce courriel/);
  const [echo] = await desk.desk.sink.waitFor(
    (mail) => mail.to === boxOf('ARS-84') && mail.subject.includes('RÉALISÉ par'),
  );
  expect(echo!.text).toContain(boxOf('ARS-84', 'astreinte'));
}, 60_000);

test('the same mail again, by whatever road, counts once', async () => {
  const first = await desk.firstMail(order, 'ARS-53');
  const headers = { 'Message-ID': `<${randomUUID()}@ars-53.example>` };
  const letter = { from: boxOf('ARS-53'), to: first.replyTo!, text: 'Fait à 60 %', headers };
  await desk.post(letter);
  expect(await desk.desk.projection(order.id, 'ARS-53')).toMatchObject({ state: 'inProgress', percent: 60 });
  const again = await desk.post({ ...letter, text: 'Fait à 70 %' });
  expect((await desk.row(again)).state).toBe('duplicate');
  expect(await desk.desk.projection(order.id, 'ARS-53')).toMatchObject({ percent: 60 });
  // It came from the alert box itself: nobody there needs an echo.
  expect((await desk.desk.deliveries(order.id, 'ARS-53')).map(({ purpose }) => purpose)).toEqual([
    'instruction',
    'mailAnswer',
  ]);
}, 60_000);

test('what is not understood waits for an officer, and the ladder with it, for 30 minutes', async () => {
  const first = await desk.firstMail(order, 'ARS-11');
  const letter = { from: boxOf('ARS-11'), to: first.replyTo!, text: 'Faut-il compter les lits fermés ?' };
  const mail = await desk.post(letter);
  expect((await desk.row(mail)).state).toBe('unclear');
  const tasks = await desk.as('corruss-chef').get<{ items: object[] }>('/v1/tasks?kind=mailToRead');
  expect(tasks.body.items).toEqual([
    expect.objectContaining({ id: mail, organisation: 'ARS-11', instruction: order.id }),
  ]);
  await desk.desk.advance(order.id, 25 * MINUTE);
  const done = async () => (await kinds('ARS-11')).filter((kind) => kind === 'stepDone').length;
  expect(await done()).toBe(0);
  await desk.desk.advance(order.id, 6 * MINUTE);
  expect(await done()).toBe(1);

  const shown = await desk.as('corruss-valideur').get(`/v1/mails/${mail}`);
  expect(shown.body).toMatchObject({
    state: 'unclear',
    text: expect.stringContaining('lits fermés'),
    reading: { intent: { kind: 'unclear', reason: 'question' }, road: 'token' },
    instruction: { id: order.id, number: order.number },
    recipient: { organisation: 'ARS-11', state: 'sent' },
  });
  const classified = await desk
    .as('corruss-valideur')
    .post(`/v1/mails/${mail}/classify`, { kind: 'takenInCharge', comment: 'Question traitée par téléphone.' });
  expect([classified.status, classified.body]).toMatchObject([200, { classifiedAs: 'takenInCharge' }]);
  const after = await desk.desk.projection(order.id, 'ARS-11');
  expect(after).toMatchObject({ state: 'takenInCharge', heldUntil: null, lastReply: { channel: 'mail' } });
  const left = await desk.as('corruss-chef').get<{ items: object[] }>('/v1/tasks?kind=mailToRead');
  expect(left.body.items).toEqual([]);
}, 90_000);

test('an out-of-office is shown with its return date and moves the ladder on at once; it is no answer', async () => {
  const before = (await kinds('ARS-94')).filter((kind) => kind === 'stepDone').length;
  const row = await desk.desk.database.sql
    .selectFrom('delivery')
    .selectAll()
    .where('instruction_id', '=', order.id)
    .where('organisation_id', '=', 'ARS-94')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const [reminder] = await desk.desk.sink.waitFor((mail) => mail.messageId.includes(row.id));
  const id = await desk.post({
    from: row.address,
    sender: '',
    to: reminder!.envelope.from,
    subject: 'Réponse automatique : absente',
    text: 'Je suis absente jusqu’au 2 décembre 2026.',
    headers: { 'Auto-Submitted': 'auto-replied' },
  });
  expect((await desk.row(id)).state).toBe('outOfOffice');
  const facts = await kinds('ARS-94');
  expect(facts).toContain('outOfOffice');
  expect(facts.filter((kind) => kind === 'stepDone').length).toBe(before + 1);
  expect(facts).not.toContain('replied');
  const timeline = await desk.desk.timeline(order.id);
  const absence = timeline.find(({ kind }) => kind === 'outOfOffice');
  expect(absence?.data['until']).toBe(Date.parse('2026-12-02T23:00:00Z'));
}, 60_000);

test('a bounce fails the delivery, marks the contact to correct and moves on at once', async () => {
  const other = await desk.desk.release({ audience: { organisations: ['ARS-32'] }, deadline: '4H', ladder: LADDER });
  const first = await desk.firstMail(other, 'ARS-32');
  const report = [
    part('text/plain', 'Le message n’a pas pu être remis.'),
    part(
      'message/delivery-status',
      `Reporting-MTA: dns; mx.ars-32.example\r\n\r\nFinal-Recipient: rfc822; ${boxOf('ARS-32')}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown`,
    ),
  ];
  const id = await desk.post({
    from: 'MAILER-DAEMON@mx.ars-32.example',
    sender: '',
    to: first.envelope.from,
    subject: 'Undelivered Mail Returned to Sender',
    multipart: 'multipart/report; report-type=delivery-status',
    parts: report,
  });
  expect((await desk.row(id)).state).toBe('bounce');
  const deliveries = await desk.desk.deliveries(other.id);
  expect(deliveries.map(({ purpose, status, target }) => [purpose, status, target])).toEqual([
    ['instruction', 'failed', 'alertBox'],
    ['ladder', 'sent', 'secondary'],
  ]);
  const contacts = await desk.as('corruss-chef').get<{ items: object[] }>('/v1/tasks?kind=contact');
  expect(contacts.body.items).toEqual([
    expect.objectContaining({ organisation: 'ARS-32', comment: expect.stringContaining(boxOf('ARS-32')) }),
  ]);
}, 60_000);

test('a refused answer is told to its author with the reason', async () => {
  const first = await desk.firstMail(order, 'ARS-32');
  await desk.post({ from: boxOf('ARS-32'), to: first.replyTo!, text: 'Réalisé.' });
  await desk.desk.advance(order.id, HOUR);
  await desk.post({ from: boxOf('ARS-32'), to: first.replyTo!, text: 'Réalisé.' });
  const [answer] = await desk.desk.sink.waitFor(
    (mail) => mail.to === boxOf('ARS-32') && mail.subject.includes('non enregistrée'),
  );
  expect(answer!.text).toMatch(/suivi de ARS-32 est clos/);
}, 60_000);

test('a mail whose reading could not be started (Temporal away) is found by the sweep', async () => {
  const other = await desk.desk.release({ audience: { organisations: ['ARS-75'] }, deadline: '4H' });
  const { replyTo = '' } = await desk.firstMail(other, 'ARS-75');
  const { database, keys, inbound } = desk.desk;
  const log = pino({ level: 'silent' });
  const take = mailTaker({
    database,
    keys,
    log,
    starter: boundedStarter(() => Promise.reject(new Error('Temporal is away'))),
  });
  const raw = eml({
    from: boxOf('ARS-75'),
    text: 'Pris en charge',
    headers: { 'Message-ID': '<lost@ars-75.example>' },
  });
  await take({ raw, envelopeFrom: boxOf('ARS-75'), envelopeTo: [replyTo] });
  expect(await sweep({ database, log, start: (mail) => inbound.start(mail), everyMs: 1 })).toBeGreaterThan(0);
  await until('it is recorded', async () => {
    const { state } = await desk.desk.projection(other.id, 'ARS-75');
    return state === 'takenInCharge' ? true : null;
  });
}, 60_000);
