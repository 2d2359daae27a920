import { createServer, connect, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { replyLocalPart } from '../../config/tokens.ts';
import { openDatabase } from '../../db/database.ts';
import type { Database } from '../../db/database.ts';
import { startIntake, type Intake } from '../../intake/server.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { mailTaker } from '../../intake/take.ts';
import { KEYS, released } from '../db/fixture.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

const DOMAIN = 'reply.vigie.example';
const log = pino({ level: 'silent' });
let fresh: FreshDatabase;
let intake: Intake;

beforeAll(async () => {
  fresh = await freshDatabase();
  intake = await startIntake(settings(fresh.database));
});
afterAll(async () => {
  await intake.close();
  await fresh.drop();
});

const settings = (database: Database) => ({
  take: mailTaker({
    database,
    keys: KEYS,
    log,
    starter: boundedStarter(() => Promise.reject(new Error('Temporal is away'))),
  }),
  host: '127.0.0.1',
  port: 0,
  mailReplyDomain: DOMAIN,
  log,
});

/** One SMTP dialogue, line by line: the codes of all answers. `content` goes after DATA as it is. */
async function dialogue(
  port: number,
  to: readonly string[],
  content: string | Buffer,
  from = 'x@ars.vigie.example',
): Promise<number[]> {
  const socket = connect(port, '127.0.0.1');
  const answers = replies(socket);
  const codes: number[] = [];
  const say = async (line: string | Buffer): Promise<number> => {
    socket.write(line);
    codes.push(await answers.next());
    return codes.at(-1) ?? 0;
  };
  await answers.next();
  await say('EHLO test.example\r\n');
  await say(`MAIL FROM:<${from}>\r\n`);
  for (const address of to) await say(`RCPT TO:<${address}>\r\n`);
  if ((await say('DATA\r\n')) === 354) await say(Buffer.concat([Buffer.from(content), Buffer.from('\r\n.\r\n')]));
  socket.end('QUIT\r\n');
  return codes;
}

function replies(socket: Socket): { next(): Promise<number> } {
  const codes: number[] = [];
  const waiting: ((code: number) => void)[] = [];
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    for (const line of lines.filter((one) => /^\d{3} /.test(one))) {
      const code = Number(line.slice(0, 3));
      const take = waiting.shift();
      if (take) take(code);
      else codes.push(code);
    }
  });
  socket.on('close', () => waiting.splice(0).forEach((take) => take(0)));
  socket.on('error', () => undefined); // seen as a close
  return {
    next: () => {
      const code = codes.shift();
      return code === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(code);
    },
  };
}

const kept = (messageId: string) =>
  fresh.database.sql.selectFrom('inbound_mail').selectAll().where('message_id', '=', messageId).execute();

test('a reply is kept raw, tied to its delivery whatever the case of the address, and told in the audit', async () => {
  const process = await released(fresh.database);
  const delivery = await fresh.database.sql
    .selectFrom('delivery')
    .selectAll()
    .where('instruction_id', '=', process.instruction)
    .where('organisation_id', '=', 'ARS-84')
    .executeTakeFirstOrThrow();
  const local = replyLocalPart(KEYS[0], delivery.id);
  const raw =
    'Message-ID: <r1@ars.example>\r\nFrom: =?utf-8?q?H=C3=A9l=C3=A8ne?= <h@ars.example>\r\nSubject: Re: lits\r\n\r\nOui.';
  expect(await dialogue(intake.port, [`${local.toUpperCase()}@REPLY.vigie.example`], raw)).toEqual([
    250, 250, 250, 354, 250,
  ]);
  const [mail] = await kept('r1@ars.example');
  expect(mail).toMatchObject({
    instruction_id: process.instruction,
    organisation_id: 'ARS-84',
    delivery_id: delivery.id,
    subject: 'Re: lits',
    read_at: null,
  });
  expect(mail!.from_header).toContain('Hélène');
  expect(mail!.raw.toString()).toContain('Oui.');
  const facts = await fresh.database.sql
    .selectFrom('audit_entry')
    .selectAll()
    .where('subject', '=', `instruction/${process.instruction}`)
    .where('kind', '=', 'mailReceived')
    .execute();
  expect(facts).toHaveLength(1);
  expect(facts[0]).toMatchObject({ organisation_id: 'ARS-84', data: { mail: mail!.id, delivery: delivery.id } });
});

test('the same mail twice is accepted twice and kept once; another content under its name is kept too', async () => {
  const mail = (body: string) => `Message-ID: <twice@ars.example>\r\n\r\n${body}`;
  for (const body of ['one', 'one', 'two']) {
    expect((await dialogue(intake.port, [`somebody@${DOMAIN}`], mail(body))).at(-1)).toBe(250);
  }
  expect(await kept('twice@ars.example')).toHaveLength(2);
});

test('a bounce without sender and Message-ID is kept, untied, under the name of its content', async () => {
  expect((await dialogue(intake.port, [`somebody@${DOMAIN}`], 'Subject: Undelivered\r\n\r\nsorry', '')).at(-1)).toBe(
    250,
  );
  const rows = await fresh.database.sql
    .selectFrom('inbound_mail')
    .selectAll()
    .where('subject', '=', 'Undelivered')
    .execute();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ envelope_from: '', instruction_id: null });
  expect(rows[0]!.message_id).toBe(`sha256-${rows[0]!.sha256}@content.invalid`);
});

test('another domain is refused with 550, and nothing is relayed or kept', async () => {
  const codes = await dialogue(
    intake.port,
    ['x@elsewhere.example', `x@sub.${DOMAIN}`, `x@elsewhere.example@evil.example`],
    'x',
  );
  expect(codes.slice(2, 4)).toEqual([550, 550]);
  expect(codes.at(-1)).toBeGreaterThanOrEqual(500);
});

test.each([
  ['no header at all', Buffer.from('\r\n\0\xff\xfe', 'latin1')],
  [
    'NUL and Latin-1 in the subject',
    Buffer.from('Subject: caf\xe9 \0 bizarre\r\nMessage-ID: <a\0b@x>\r\n\r\n', 'latin1'),
  ],
  ['a header of one megabyte', Buffer.from(`Subject: ${'x'.repeat(1_000_000)}\r\n\r\n`)],
  ['a hundred thousand folds', Buffer.from(`Subject: a\r\n${' b\r\n'.repeat(100_000)}\r\n`)],
  ['broken encoded words', Buffer.from('Subject: =?utf-8?b?////8J+?= =?x-unknown?q?=ZZ?=\r\n\r\n')],
  ['lone surrogates', Buffer.from('Subject: =?utf-8?b?7aCA?=\r\n\r\n')],
  ['a Message-ID of ten thousand characters', Buffer.from(`Message-ID: <${'i'.repeat(10_000)}@x>\r\n\r\n`)],
])('a mail with %s is kept', async (_name, content) => {
  const count = async () =>
    Number(
      (
        await fresh.database.sql
          .selectFrom('inbound_mail')
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    );
  const before = await count();
  expect((await dialogue(intake.port, [`rubbish@${DOMAIN}`], content)).at(-1)).toBe(250);
  expect(await count()).toBe(before + 1);
});

test('more than 25 MB is refused: at once when announced, else at its end', async () => {
  const socket = connect(intake.port, '127.0.0.1');
  const answers = replies(socket);
  await answers.next();
  socket.write('EHLO test.example\r\n');
  await answers.next();
  socket.write('MAIL FROM:<x@y.example> SIZE=26214401\r\n');
  expect(await answers.next()).toBe(552);
  socket.destroy();
  const large = Buffer.alloc(25 * 1024 * 1024 + 100, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n');
  expect((await dialogue(intake.port, [`large@${DOMAIN}`], large)).at(-1)).toBe(552);
});

test('while PostgreSQL is away the sender is asked to come back, and then the mail is kept', async () => {
  const gate = await startGate(new URL(fresh.url));
  const database = await openDatabase(gate.url);
  const cut = await startIntake(settings(database));
  gate.close();
  const mail = 'Message-ID: <later@ars.example>\r\n\r\nx';
  expect((await dialogue(cut.port, [`x@${DOMAIN}`], mail)).at(-1)).toBe(451);
  await gate.open();
  expect((await dialogue(cut.port, [`x@${DOMAIN}`], mail)).at(-1)).toBe(250);
  expect(await kept('later@ars.example')).toHaveLength(1);
  await cut.close();
  await database.close();
  await gate.stop();
});

/** A door before PostgreSQL that can be shut. */
async function startGate(target: URL) {
  const sockets = new Set<Socket>();
  let shut = false;
  const server: Server = createServer((socket) => {
    if (shut) {
      socket.destroy();
      return;
    }
    const behind = connect(Number(target.port), target.hostname);
    for (const one of [socket, behind]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => (socket.destroy(), behind.destroy(), sockets.delete(one)));
    }
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    close: () => {
      shut = true;
      sockets.forEach((socket) => socket.destroy());
    },
    open: () => {
      shut = false;
      return Promise.resolve();
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
