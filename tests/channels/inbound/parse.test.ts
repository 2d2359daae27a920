import { afterAll, expect, test } from '@jest/globals';
import { createMailParser, type ReceivedMail } from '../../../channels/inbound/parse.ts';
import { eml, part } from '../../corpus/eml.ts';

/** What a mail is read as must not hang on how busy the machine is. */
const PATIENT = { timeMs: 30_000, secondTryMs: 30_000 };
/** A thread takes long to start and none to go on: most tests share it. */
const parser = createMailParser({ authservId: 'mx.vigie.example' });

afterAll(() => parser.close());

async function read(raw: Uint8Array): Promise<ReceivedMail> {
  const outcome = await parser.parse(raw, PATIENT);
  if (outcome.outcome === 'quarantined') throw new Error(`quarantined: ${outcome.reason}`);
  return outcome.mail;
}

const document = (bytes: number, seed = 0): Buffer =>
  Buffer.alloc(bytes, Buffer.from([seed, 1, 2, 255, 10, 13, 45, 45, 61]));
const attached = (content: Buffer, name = 'bilan.pdf'): string =>
  part(`application/pdf; name="${name}"`, (content.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n'), [
    'Content-Disposition: attachment',
    'Content-Transfer-Encoding: base64',
  ]);
const withDocuments = (...documents: Buffer[]): Buffer =>
  eml({ multipart: 'multipart/mixed', parts: [part('text/plain', 'Fait'), ...documents.map((one) => attached(one))] });
const SMALL = eml({ text: 'Pris en charge.' });

test('a mail is read whole: sender, recipients, threading, date, words', async () => {
  const mail = await read(
    eml({
      text: 'Pris en charge.',
      headers: { References: '<a@x.example>\r\n <b@x.example>', 'Delivered-To': 'R-ABC@reply.vigie.example' },
    }),
  );
  expect(mail).toMatchObject({
    messageId: 'answer-1@ars-84.example',
    from: { name: 'Astreinte ARS', address: 'alerte@ars-84.example' },
    to: [{ name: 'CORRUSS', address: 'r-abcdefghij@reply.vigie.example' }],
    deliveredTo: ['r-abc@reply.vigie.example'],
    subject: 'RE: MINSANTE N°2026_042 POUR ACTION - Plan blanc',
    references: ['a@x.example', 'b@x.example'],
    date: Date.parse('2026-11-24T09:59:58+01:00'),
  });
  expect(mail.text.trim()).toBe('Pris en charge.');
});

test('small and big attachments come out byte for byte', async () => {
  const contents = [document(100), document(300_000, 1), document(2_000_000, 2)];
  const mail = await read(withDocuments(...contents));
  expect(mail.attachments.map(({ name }) => name)).toEqual(['bilan.pdf', 'bilan (2).pdf', 'bilan (3).pdf']);
  mail.attachments.forEach(({ content }, at) => expect(Buffer.from(content ?? []).equals(contents[at]!)).toBe(true));
});

test('an attachment of more than 10 MB is listed and not extracted, its neighbour is', async () => {
  const mail = await read(withDocuments(document(11 * 1024 * 1024), document(1_000)));
  expect(mail.attachments.map(({ content, size }) => [content?.length ?? null, size > 10 * 1024 * 1024])).toEqual([
    [null, true],
    [1_000, false],
  ]);
});

test('a big text with delimiter-like lines loses nothing', async () => {
  const lines = `--\r\nContent-Type: x\r\n${'Une ligne de texte ordinaire.\r\n'.repeat(2_000)}`;
  const mail = await read(eml({ text: `Pris en charge\r\n${lines}--fin` }));
  expect(mail.text).toContain('--fin');
  expect(mail.text.match(/ordinaire/g)).toHaveLength(2_000);
});

test('a mail that takes too long is quarantined and the next one is read', async () => {
  const heavy = eml({ html: '<p>x</p>'.repeat(2_500_000) });
  expect(await parser.parse(heavy, { timeMs: 1, secondTryMs: 30_000 })).toEqual({
    outcome: 'quarantined',
    reason: 'time',
  });
  expect((await read(SMALL)).from?.address).toBe('alerte@ars-84.example');
});

test('a small mail that a busy machine did not read in time has a second try', async () => {
  const small = eml({ html: `Pris en charge${'<p>x</p>'.repeat(60_000)}` });
  const outcome = await parser.parse(small, { timeMs: 1, secondTryMs: 30_000 });
  expect(outcome.outcome).toBe('parsed');
  expect(await parser.parse(small, { timeMs: 1, secondTryMs: 1 })).toEqual({ outcome: 'quarantined', reason: 'time' });
});

test('a mail over 25 MB is quarantined without being read', async () => {
  expect(await parser.parse(Buffer.alloc(25 * 1024 * 1024 + 1))).toEqual({
    outcome: 'quarantined',
    reason: 'size',
  });
});

test('a hundred mails at once each get their own answer', async () => {
  const mails = await Promise.all(
    Array.from({ length: 100 }, (_, at) => read(eml({ text: `Fait à ${at} %`, subject: `n ${at}` }))),
  );
  mails.forEach((mail, at) => expect([mail.subject, mail.text.trim()]).toEqual([`n ${at}`, `Fait à ${at} %`]));
});

test('the raw mail still belongs to the caller afterwards', async () => {
  const raw = Uint8Array.from(SMALL);
  await read(raw);
  expect(Buffer.from(raw).equals(SMALL)).toBe(true);
});

test('closing answers what waits, and a closed parser refuses', async () => {
  const closing = createMailParser();
  const waiting = [closing.parse(SMALL, PATIENT), closing.parse(SMALL, PATIENT)];
  await closing.close();
  expect((await Promise.all(waiting)).every(({ outcome }) => outcome === 'quarantined')).toBe(true);
  await expect(closing.parse(SMALL)).rejects.toThrow('closed');
});

test('only the verdicts of our own relay are kept', async () => {
  const verdictOf = async (relay: string): Promise<unknown> => {
    const headers = { 'Authentication-Results': `${relay}; dkim=pass header.d=ars-84.example` };
    return (await read(eml({ text: 'Fait', headers }))).authentication.dkim;
  };
  expect(await verdictOf('mx.vigie.example')).toEqual([{ result: 'pass', domain: 'ars-84.example' }]);
  expect(await verdictOf('mx.other.example')).toEqual([]);
});
