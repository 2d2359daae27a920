import { randomUUID } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MailState } from '../../domain/mail-reading.ts';
import { part } from '../corpus/eml.ts';
import type { Released } from '../support/desk-actions.ts';
import { AUTHSERV_ID } from '../support/instruction-desk.ts';
import { boxOf, type Letter, type MailDesk, startMailDesk } from '../support/mail-desk.ts';

let desk: MailDesk;
let order: Released;
let elsewhere: Released;
/** Reply address of ARS-11. */
let token: string;

const FROM = boxOf('ARS-11');
const DONE = 'Réalisé.';

beforeAll(async () => {
  desk = await startMailDesk();
  order = await desk.desk.release({ audience: { organisations: ['ARS-84', 'ARS-11'] }, deadline: '4H' });
  elsewhere = await desk.desk.release({ audience: { organisations: ['ARS-53'] }, deadline: '4H' });
  token = (await desk.firstMail(order, 'ARS-11')).replyTo!;
}, 120_000);
afterAll(() => desk.close(), 60_000);

const everything = async () =>
  desk.desk.database.sql
    .selectFrom('instruction_recipient')
    .select(['instruction_id', 'organisation_id', 'follow_up'])
    .orderBy('instruction_id')
    .orderBy('organisation_id')
    .execute();

test('a mail that is not the answer of its recipient ends in a named state and changes nobody’s follow-up', async () => {
  const before = await everything();
  const cases: readonly (readonly [MailState, Partial<Letter>])[] = [
    ['noMatch', { to: `${'a'.repeat(32)}@reply.vigie.example`, text: DONE }],
    ['unknownSender', { from: boxOf('ARS-84'), text: DONE }],
    ['unknownSender', { from: 'Alerte <alerte@ars-11.example.evil.example>', text: DONE }],
    ['unknownSender', { from: `"${FROM}" <evil@evil.example>`, text: DONE }],
    ['noMatch', { to: 'corruss@reply.vigie.example', subject: `Re: ${elsewhere.number}`, text: DONE }],
    ['noMatch', { to: 'corruss@reply.vigie.example', subject: 'Re: MINSANTE N°2026_000', text: DONE }],
    ['noMatch', { from: 'evil@evil.example', to: 'corruss@reply.vigie.example', subject: order.number, text: DONE }],
    ['noSender', { from: `${FROM}, evil@evil.example`, text: DONE }],
    ['noSender', { from: `Agences: ${FROM};`, text: DONE }],
    ['noSender', { from: `=?utf-8?q?x=0D=0ABcc:_evil@evil.example?= <${FROM}>`, text: DONE }],
    ['noSender', { from: `${FROM}\r\nFrom: evil@evil.example`, text: DONE }],
    [
      'notAuthenticated',
      { text: DONE, headers: { 'Authentication-Results': `${AUTHSERV_ID}; dmarc=fail header.from=ars-11.example` } },
    ],
    ['automatic', { text: DONE, headers: { 'Auto-Submitted': 'auto-generated' } }],
    ['automatic', { text: DONE, headers: { 'List-Id': '<veille.ars-11.example>' } }],
  ];
  for (const [state, letter] of cases) {
    const id = await desk.post({ from: FROM, to: token, sender: 'x@mail.example', ...letter });
    expect([state, letter, (await desk.row(id)).state]).toEqual([state, letter, state]);
  }
  expect(await everything()).toEqual(before);
  expect(desk.desk.sink.mails.filter(({ to }) => to.includes('evil'))).toEqual([]);
  expect(desk.desk.sink.mails.filter(({ subject }) => subject.includes('nregistrée'))).toEqual([]);
}, 120_000);

test('what is beyond the limits of reading is laid aside raw, for a person', async () => {
  const before = await everything();
  const head = `From: ${FROM}\r\nTo: ${token}\r\nMessage-ID: <${randomUUID()}@x>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n`;
  const id = await desk.postRaw(Buffer.from(`${head}${'--b\r\n\r\nRéalisé\r\n'.repeat(10_000)}--b--\r\n`), token);
  expect(await desk.row(id)).toMatchObject({ state: 'quarantined', instruction_id: order.id });
  // «parts», or «time» on a machine short of breath.
  expect((await desk.row(id)).reading?.nature).toMatch(/^(?:parts|time)$/);
  const tasks = await desk.as('corruss-chef').get<{ items: object[] }>('/v1/tasks?kind=mail&limit=500');
  expect(tasks.body.items).toContainEqual(expect.objectContaining({ id }));
  expect(await everything()).toEqual(before);
}, 60_000);

test('an officer says whose answer a mail of an unknown sender is, once', async () => {
  const id = await desk.post({ from: 'docteur.martin@mail.example', to: token, text: 'Fait à 30 % pour notre part.' });
  expect((await desk.row(id)).state).toBe('unknownSender');
  const officer = desk.as('corruss-valideur');
  const path = `/v1/mails/${id}/classify`;
  const wrong = await officer.post(path, { kind: 'progress', percent: 30, organisation: 'ARS-53' });
  expect([wrong.status, wrong.body['errors']]).toMatchObject([422, [{ pointer: '/organisation' }]]);
  expect((await desk.as('ars-11').post(path, { kind: 'done' })).status).toBe(403);
  expect((await officer.post(path, { kind: 'progress', percent: 30 })).status).toBe(200);
  expect((await officer.post(path, { kind: 'done' })).status).toBe(409);
  const reply = await desk.desk.database.sql
    .selectFrom('reply')
    .selectAll()
    .where('organisation_id', '=', 'ARS-11')
    .executeTakeFirstOrThrow();
  expect(reply).toMatchObject({
    kind: 'progress',
    percent: 30,
    on_behalf_by: 'corruss-valideur',
    said_by: 'docteur.martin@mail.example',
    message_id: (await desk.row(id)).message_id,
  });
}, 60_000);

test('a zip bomb is kept closed as evidence; a program is not kept; another relay’s verdict does not count', async () => {
  const zip = bomb(64 * 1024 * 1024);
  const file = (name: string, content: Buffer): string =>
    part('application/octet-stream', content.toString('base64').replace(/.{76}/g, '$&\r\n'), [
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
    ]);
  const id = await desk.post({
    from: FROM,
    to: token,
    multipart: 'multipart/mixed',
    parts: [
      part('text/plain; charset=utf-8', DONE),
      file('preuves.zip', zip),
      file('bilan.pdf.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(300)])),
    ],
    headers: { 'Authentication-Results': 'mx.evil.example; dmarc=fail header.from=ars-11.example' },
  });
  const row = await desk.row(id);
  expect(row).toMatchObject({ state: 'answered', evidence: [expect.any(String)] });
  expect(row.reading?.files.map(({ name, reason }) => [name, reason])).toEqual([
    ['preuves.zip', null],
    ['bilan.pdf.exe', 'mediaType'],
  ]);
  const kept = await desk.desk.database.sql.selectFrom('attachment').selectAll().execute();
  expect(kept).toMatchObject([{ media_type: 'application/zip', size: zip.length, owner_organisation: 'ARS-11' }]);
  await desk.desk.sink.waitFor(({ to, subject }) => to === FROM && subject.includes('Réponse enregistrée'));
  expect(desk.desk.sink.attempts.filter((address) => address.includes('evil'))).toEqual([]);
}, 60_000);

/** A ZIP of one file of zeros (APPNOTE.TXT, 4.3). */
function bomb(size: number): Buffer {
  const zeros = Buffer.alloc(size);
  const packed = deflateRawSync(zeros);
  const name = Buffer.from('zeros.bin');
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc32(zeros), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(size, 18);
  facts.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, Buffer.alloc(14), name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}
