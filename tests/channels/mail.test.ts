import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { compose, type OutgoingMail } from '../../channels/compose.ts';
import { connectMail, type MailChannel } from '../../channels/mail.ts';
import { openSender } from '../../channels/sender.ts';
import type { DeliveryView } from '../../channels/views.ts';
import { startMailSink, type MailSink } from '../support/mail-sink.ts';
import { CONTEXT, delivery, instruction, REPLY_LOCAL } from './matter.ts';

let sink: MailSink;
let mail: MailChannel;
beforeAll(async () => {
  sink = await startMailSink();
  mail = connectMail(sink.url);
});
afterEach(() => sink.clear());
afterAll(async () => {
  mail.close();
  await sink.close();
});

function mailTo(address: string, more: Partial<DeliveryView> = {}): OutgoingMail {
  const outgoing = compose(instruction(), delivery({ address, ...more }), CONTEXT);
  if (outgoing.kind !== 'mail') throw new Error('this is no mail');
  return outgoing.mail;
}

test('a mail arrives with its identity, its reply address and the marks of a machine', async () => {
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'sent' });
  const [received] = await sink.waitFor(({ to }) => to === 'one@ars.vigie.example');
  expect(received).toMatchObject({
    envelope: { from: `${REPLY_LOCAL}@reply.vigie.example`, to: ['one@ars.vigie.example'] },
    messageId: '<d1@reply.vigie.example>',
    replyTo: `${REPLY_LOCAL}@reply.vigie.example`,
    from: 'corruss@vigie.example',
    subject: 'MINSANTE N°2026_001 – POUR ACTION – Grand froid : recensement des lits',
  });
  expect(received!.header('auto-submitted')).toBe('auto-generated');
  expect(received!.links).toHaveLength(4);
});

test.each([
  ['rcpt', 550, 'refused'],
  ['data', 554, 'refused'],
  ['mail', 553, 'refused'],
  ['rcpt', 451, 'later'],
  ['data', 452, 'later'],
] as const)('%s answered %d is «%s», and the line serves the next mail', async (at, code, outcome) => {
  const remove = sink.trouble({ at, code, times: 1 });
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({
    outcome,
    error: expect.stringContaining(String(code)),
  });
  remove();
  expect(await mail.send(mailTo('two@ars.vigie.example'))).toMatchObject({ outcome: 'sent' });
  expect(sink.mails.map(({ to }) => to)).toEqual(['two@ars.vigie.example']);
});

test.each([421, 530, 535])(
  '%d is about us, not about the recipient: later, as when the relay is away',
  async (code) => {
    const remove = sink.trouble({ at: 'mail', code });
    expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: true });
    remove();
  },
);

test('a relay that refuses one recipient for now is not away', async () => {
  const remove = sink.refuse(/^one@/, 450);
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: false });
  remove();
});

test('a line on which many are refused in turn holds nothing of them', async () => {
  const warned: string[] = [];
  const listen = ({ name, message }: Error) => void warned.push(`${name} ${message}`);
  process.on('warning', listen);
  const remove = sink.refuse(/^one@/, 550);
  for (let mails = 0; mails < 12; mails += 1)
    expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'refused' });
  remove();
  await setImmediate();
  process.off('warning', listen);
  expect(warned).toEqual([]);
});

test('a connection lost before the content is «later»: nothing can have been taken', async () => {
  const remove = sink.trouble({ at: 'dropBeforeData' });
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: true });
  remove();
});

test('an idle line that the relay has closed costs nothing: the mail goes over a new one', async () => {
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'sent' });
  const remove = sink.trouble({ at: 'dropBeforeData', times: 1 });
  expect(await mail.send(mailTo('two@ars.vigie.example'))).toMatchObject({ outcome: 'sent' });
  remove();
});

test.each(['dropAfterData', 'loseAcknowledgement'] as const)('%s leaves a doubt', async (at) => {
  const remove = sink.trouble({ at });
  expect(await mail.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'doubt' });
  remove();
  expect(sink.mails).toHaveLength(at === 'loseAcknowledgement' ? 1 : 0);
});

test('a relay that falls silent after the content leaves a doubt, before it a delay', async () => {
  const hasty = connectMail(sink.url, { socketTimeoutMs: 500 });
  const remove = sink.trouble({ at: 'delay', milliseconds: 3_000, times: 1 });
  expect(await hasty.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: true });
  remove();
  hasty.close();
});

test('a relay that is not there, or no relay at all, is «later»', async () => {
  const nobody = createServer();
  const port = await new Promise<number>((resolve) => {
    nobody.listen(0, '127.0.0.1', () => resolve((nobody.address() as { port: number }).port));
  });
  await new Promise((resolve) => nobody.close(resolve));
  const away = connectMail(`smtp://127.0.0.1:${port}`);
  expect(await away.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: true });
  const wrong = createServer((socket) => socket.end('554 no service\r\n'));
  await new Promise<void>((resolve) => wrong.listen(port, '127.0.0.1', resolve));
  expect(await away.send(mailTo('one@ars.vigie.example'))).toMatchObject({ outcome: 'later', relayAway: true });
  away.close();
  await new Promise((resolve) => wrong.close(resolve));
});

test('eighteen mails at once all arrive, each to one recipient', async () => {
  const addresses = Array.from({ length: 18 }, (_, index) => `ars${index}@ars.vigie.example`);
  const outcomes = await Promise.all(addresses.map((address) => mail.send(mailTo(address))));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(addresses.map(() => 'sent'));
  expect(sink.mails.map(({ envelope }) => envelope.to[0]).sort()).toEqual([...addresses].sort());
});

test('a line of the body that is a lone dot, or a command, stays a line of the body', async () => {
  const outgoing = compose(instruction({ body: 'a\n\n.\n\nQUIT\n\n..' }), delivery(), CONTEXT);
  if (outgoing.kind !== 'mail') throw new Error('this is no mail');
  expect(await mail.send(outgoing.mail)).toMatchObject({ outcome: 'sent' });
  expect(sink.mails[0]!.text).toContain('a\n\n.\n\nQUIT\n\n..');
});

test('without a gateway an SMS is recorded in the mailbox, and says that it was not sent', async () => {
  const sender = openSender({ smtpUrl: sink.url, mailFrom: 'corruss@vigie.example' });
  const one = delivery({ channel: 'sms', address: '+33612345678', messageId: 's1@reply.vigie.example' });
  expect(await sender.send(compose(instruction(), one, CONTEXT))).toMatchObject({ outcome: 'sent' });
  expect(sink.mails[0]).toMatchObject({ to: '33612345678@sms.vigie.example', messageId: '<s1@reply.vigie.example>' });
  expect(sink.mails[0]!.text).toContain('NON ENVOYÉ');
  const wrong = compose(instruction(), { ...one, address: '0612345678, x@y.example' }, CONTEXT);
  expect(await sender.send(wrong)).toMatchObject({ outcome: 'refused' });
  sender.close();
});

test.each(['http://127.0.0.1', 'not a url', 'file:///etc/passwd'])('%s is no relay', (url) => {
  expect(() => connectMail(url)).toThrow('SMTP_URL');
});
