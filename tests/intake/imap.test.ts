import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import pino from 'pino';
import { startImapPoller } from '../../intake/imap.ts';
import { boundedStarter } from '../../intake/starting.ts';
import { mailTaker } from '../../intake/take.ts';
import { eml } from '../corpus/eml.ts';
import { KEYS } from '../db/fixture.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { type Dovecot, startDovecot, whyNoDovecot } from '../support/dovecot.ts';
import { until } from '../support/wait.ts';

const missing = whyNoDovecot();
if (missing !== null) process.stderr.write(`SKIPPED: IMAP against a real server: ${missing}\n`);
const whenThere = missing === null ? test : test.skip;
const log = pino({ level: 'silent' });

let fresh: FreshDatabase | undefined;
let dovecot: Dovecot | undefined;
const pollers: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  if (missing !== null) return;
  [fresh, dovecot] = await Promise.all([freshDatabase(), startDovecot()]);
}, 60_000);
afterAll(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
  await dovecot?.close();
  await fresh?.drop();
});

const parts = () => {
  if (fresh === undefined || dovecot === undefined) throw new Error('nothing was started');
  return { database: fresh.database, dovecot };
};

/** Starts a poller; `refusals`: how many mails it cannot keep at first. */
function poll(refusals = 0, box = 'INBOX') {
  const { database, dovecot: server } = parts();
  const keep = mailTaker({ database, keys: KEYS, log, starter: boundedStarter(() => Promise.resolve()) });
  let left = refusals;
  const poller = startImapPoller({
    url: server.url.replace('INBOX', box),
    log,
    take: (mail) => ((left -= 1) >= 0 ? Promise.reject(new Error('PostgreSQL is away')) : keep(mail)),
  });
  pollers.push(poller);
  return poller;
}

async function withMailbox<T>(act: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: parts().dovecot.port,
    secure: false,
    auth: { user: 'vigie', pass: 'secret' },
    logger: false,
  });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.logout();
  }
}

const append = (id: string, headers: Record<string, string> = {}, box = 'INBOX') =>
  withMailbox((client) =>
    client.append(box, eml({ text: 'Réalisé.', headers: { 'Message-ID': `<${id}>`, ...headers } })),
  );

const kept = (id: string) =>
  parts().database.sql.selectFrom('inbound_mail').selectAll().where('message_id', '=', id).execute();

const isKept = (id: string) => until(`${id} is kept`, async () => ((await kept(id)).length > 0 ? true : null));

const marked = (box = 'INBOX'): Promise<number> =>
  withMailbox(async (client) => {
    await client.mailboxOpen(box);
    const found = await client.search({ keyword: '$VigieTaken' }, { uid: true });
    return found === false || found === undefined ? 0 : found.length;
  });

whenThere(
  'mails that wait and mails that come are kept, then marked; the null sender is told from an unknown one',
  async () => {
    await append('waiting@ars.example', { 'Return-Path': '<>' });
    const poller = poll();
    await isKept('waiting@ars.example');
    await append('coming@ars.example');
    await isKept('coming@ars.example');
    await until('both are marked', async () => ((await marked()) === 2 ? true : null));
    await poller.stop();
    expect((await kept('waiting@ars.example'))[0]).toMatchObject({ envelope_from: '' });
    expect((await kept('coming@ars.example'))[0]).toMatchObject({ envelope_from: 'unknown' });
  },
  60_000,
);

whenThere(
  'a mail that could not be kept is not marked, and is taken once it can be',
  async () => {
    const poller = poll(1);
    await append('refused@ars.example');
    await isKept('refused@ars.example');
    await poller.stop();
  },
  60_000,
);

whenThere(
  'a server that goes away is waited for',
  async () => {
    const poller = poll();
    await append('before@ars.example');
    await isKept('before@ars.example');
    await parts().dovecot.stop();
    await parts().dovecot.start();
    await append('after@ars.example');
    await isKept('after@ars.example');
    await poller.stop();
  },
  60_000,
);

whenThere(
  'a mailbox made anew, with another UIDVALIDITY, is read from its start, and what was kept counts once',
  async () => {
    const box = 'Reponses';
    const validity = (act: (client: ImapFlow) => Promise<unknown>) =>
      withMailbox(async (client) => {
        await act(client);
        return (await client.mailboxOpen(box)).uidValidity;
      });
    const first = await validity((client) => client.mailboxCreate(box));
    await append('old@ars.example', {}, box);
    const poller = poll(0, box);
    await isKept('old@ars.example');
    await poller.stop();
    const second = await validity(async (client) => {
      await client.mailboxCreate('Ailleurs');
      await client.mailboxOpen(box);
      await client.messageFlagsRemove('1:*', ['$VigieTaken']);
      await client.messageMove('1:*', 'Ailleurs');
      await client.mailboxClose();
      await client.mailboxDelete(box);
      await client.mailboxCreate(box);
      await client.mailboxOpen('Ailleurs');
      await client.messageCopy('1:*', box);
    });
    expect(second).not.toBe(first);
    await append('new@ars.example', {}, box);
    const again = poll(0, box);
    await isKept('new@ars.example');
    await until('both are marked', async () => ((await marked(box)) === 2 ? true : null));
    await again.stop();
    expect(await kept('old@ars.example')).toHaveLength(1);
  },
  60_000,
);
