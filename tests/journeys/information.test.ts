import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR } from '../../domain/instant.ts';
import { part } from '../corpus/eml.ts';
import type { ReceivedMail } from '../support/mail-sink.ts';
import { boxOf, type MailDesk, startMailDesk } from '../support/mail-desk.ts';

let desk: MailDesk;
beforeAll(async () => {
  desk = await startMailDesk();
}, 120_000);
afterAll(() => desk.close(), 60_000);

test('an information is read by link, by a mail, by the receipt of a mail client; at its term it closes with who has not read', async () => {
  const organisations = ['ARS-84', 'ARS-11', 'ARS-93', 'ARS-94'];
  const order = await desk.desk.release({ nature: 'information', audience: { organisations }, deadline: '8H' });
  const state = async (ars: string) => (await desk.desk.followUp(order.id, ars)).state;

  const linked = await desk.firstMail(order, 'ARS-84');
  const link = /http:\/\/vigie\.example(\/r\/[\w-]+)/.exec(linked.text)![1]!;
  const page = await desk.app.inject(link);
  expect(await state('ARS-84')).toBe('sent');
  const nonce = /name="nonce" value="([0-9a-f-]{36})"/.exec(page.body)![1]!;
  await desk.app.inject({
    method: 'POST',
    url: link,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ nonce, kind: 'read' }).toString(),
  });

  const answered = await desk.firstMail(order, 'ARS-11');
  await desk.post({ from: boxOf('ARS-11'), to: answered.replyTo!, text: 'Bonjour,\nBien lu, merci.' });

  const shown = await desk.firstMail(order, 'ARS-93');
  await desk.post(receipt(shown, 'ARS-93', 'Supprimé', 'automatic-action/MDN-sent-automatically; deleted'));
  expect(await state('ARS-93')).toBe('sent');
  const { body } = await desk
    .as('corruss-chef')
    .get<{ items: { text: string }[] }>(`/v1/instructions/${order.id}/timeline?limit=500`);
  expect(body.items.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Message effacé ou non affiché par .*ne compte pas comme lu$/),
  );
  // The receipt is asked for at the very address that knows whose it is.
  expect(shown.header('Disposition-Notification-To')).toBe(`<${shown.replyTo!}>`);
  await desk.post(receipt(shown, 'ARS-93', 'Lu', 'manual-action/MDN-sent-manually; displayed'));
  for (const ars of ['ARS-84', 'ARS-11', 'ARS-93']) expect([ars, await state(ars)]).toEqual([ars, 'read']);
  expect(await state('ARS-94')).toBe('sent');

  await desk.desk.advance(order.id, 9 * HOUR);
  const closed = (await desk.desk.timeline(order.id)).find(({ kind }) => kind === 'closed');
  expect(closed?.data).toMatchObject({ unread: ['ARS-94'] });
  const [result] = desk.desk.mailsTo(order.number, 'permanence');
  expect(result?.text).toContain('ARS Corse');
}, 120_000);

/** What a mail client sends back of a message (RFC 8098). */
const receipt = (shown: ReceivedMail, ars: string, word: string, disposition: string) => ({
  from: boxOf(ars),
  to: shown.replyTo!,
  sender: '',
  subject: `${word} : ${shown.subject}`,
  multipart: 'multipart/report; report-type=disposition-notification',
  parts: [
    part('text/plain; charset=utf-8', 'Votre message a été lu.'),
    part(
      'message/disposition-notification',
      `Reporting-UA: mail.example; Client 1.0\r\nFinal-Recipient: rfc822;${boxOf(ars)}\r\nOriginal-Message-ID: ${shown.messageId}\r\nDisposition: ${disposition}`,
    ),
  ],
});
