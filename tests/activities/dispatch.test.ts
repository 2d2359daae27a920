import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDispatchActivities } from '../../activities/dispatch.activities.ts';
import type { DispatchResult } from '../../activities/contract.ts';
import { openSender, type Sender } from '../../channels/sender.ts';
import { parseKeyRing } from '../../config/keys.ts';
import { hashToken } from '../../config/tokens.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { KEYS, NOW, released } from '../db/fixture.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import { startMailSink, type MailSink } from '../support/mail-sink.ts';

let fresh: FreshDatabase;
let sink: MailSink;
let sender: Sender;
let process: InstructionProcess;

beforeAll(async () => {
  fresh = await freshDatabase();
  sink = await startMailSink();
  sender = openSender({ smtpUrl: sink.url, mailFrom: 'corruss@vigie.example' });
});
beforeEach(async () => {
  sink.clear();
  process = await released(fresh.database);
});
afterAll(async () => {
  sender.close();
  await sink.close();
  await fresh.drop();
});

interface Call {
  readonly now?: number;
  readonly attempt?: number;
  readonly environment?: MockActivityEnvironment;
  readonly over?: Sender;
  readonly keys?: typeof KEYS;
}

function dispatch({
  now = NOW,
  attempt = 1,
  environment,
  over = sender,
  keys = KEYS,
}: Call = {}): Promise<DispatchResult> {
  const activities = createDispatchActivities({
    database: fresh.database,
    keys,
    sender: over,
    publicUrl: 'https://vigie.example',
    mailFrom: 'corruss@vigie.example',
    mailReplyDomain: 'reply.vigie.example',
  });
  return (environment ?? new MockActivityEnvironment({ attempt })).run(
    (instruction: string, at: number) => activities.dispatchInstruction(instruction, at),
    process.instruction,
    now,
  );
}

const rows = () =>
  fresh.database.sql
    .selectFrom('delivery')
    .selectAll()
    .where('instruction_id', '=', process.instruction)
    .orderBy('id')
    .execute();
const statuses = async () => {
  const count: Record<string, number> = {};
  for (const { status } of await rows()) count[status] = (count[status] ?? 0) + 1;
  return count;
};
const hosts = () => sink.mails.map(({ envelope }) => envelope.to[0]);

test('eighteen agencies get one mail each, with their own link and their own reply address', async () => {
  const { reports, waiting } = await dispatch();
  expect(waiting).toBe(0);
  expect(reports).toHaveLength(18);
  expect(new Set(reports.map(({ organisation }) => organisation)).size).toBe(18);
  expect(reports.every(({ outcome, at }) => outcome === 'sent' && at >= NOW && at < NOW + MINUTE)).toBe(true);
  expect(await statuses()).toEqual({ sent: 18 });
  const mails = await sink.waitFor(undefined, 18);
  expect(new Set(mails.flatMap(({ envelope }) => envelope.to)).size).toBe(18);
  for (const row of await rows()) {
    const mail = mails.find(({ messageId }) => messageId === `<${row.message_id}>`);
    expect(mail!.to).toBe(row.address);
    expect(mail!.subject).toBe(`${process.number} – POUR ACTION – Armer les lits de réanimation`);
    expect(mail!.text).toContain('Nature : POUR ACTION');
    const token = /\/r\/([\w-]+)\?intention=done/.exec(mail!.text)?.[1] ?? '';
    expect(hashToken(token)).toBe(row.link_hash);
    expect(hashToken(mail!.envelope.from.split('@')[0] ?? '')).toBe(row.reply_hash);
    expect(mail!.replyTo).toBe(mail!.envelope.from);
  }
  expect(await dispatch()).toEqual({ reports: [], waiting: 0 });
  expect(sink.mails).toHaveLength(18);
});

test('a refused address fails, one put off waits, the others are sent; later only the one that waits is tried', async () => {
  const [first, second] = await rows();
  const refuse = sink.refuse(new RegExp(`^${first!.address}$`), 550);
  const later = sink.refuse(new RegExp(`^${second!.address}$`), 451);
  const { reports, waiting } = await dispatch();
  expect(waiting).toBe(1);
  expect(reports.filter(({ outcome }) => outcome === 'failed').map(({ delivery }) => delivery)).toEqual([first!.id]);
  expect(await statuses()).toEqual({ sent: 16, failed: 1, waiting: 1 });
  later();
  sink.clear();
  const again = await dispatch({ now: NOW + MINUTE });
  expect(again).toMatchObject({ waiting: 0, reports: [{ delivery: second!.id, outcome: 'sent' }] });
  expect(hosts()).toEqual([second!.address]);
  expect((await rows())[1]).toMatchObject({ attempts: 2, last_error: null, in_doubt: false });
  refuse();
});

test('a recipient put off for four hours counts as failed, so that the ladder goes on', async () => {
  const [first] = await rows();
  const remove = sink.refuse(new RegExp(`^${first!.address}$`), 451);
  expect((await dispatch({ now: NOW + 3 * HOUR })).waiting).toBe(1);
  const { reports, waiting } = await dispatch({ now: NOW + 4 * HOUR + MINUTE });
  expect(waiting).toBe(0);
  expect(reports).toMatchObject([{ delivery: first!.id, outcome: 'failed' }]);
  remove();
});

test('while the relay is away everything waits, however long; once it is back everything is sent once', async () => {
  await sink.stop();
  expect(await dispatch()).toEqual({ reports: [], waiting: 18 });
  expect(await dispatch({ now: NOW + 48 * HOUR })).toEqual({ reports: [], waiting: 18 });
  await sink.start();
  expect((await dispatch({ now: NOW + 49 * HOUR })).reports).toHaveLength(18);
  expect(new Set(hosts()).size).toBe(18);
  expect(sink.mails).toHaveLength(18);
});

test('a lost acknowledgement is a doubt: the mail goes again under the same Message-ID', async () => {
  const [first] = await rows();
  const remove = sink.trouble({ at: 'loseAcknowledgement', match: new RegExp(`^${first!.address}$`), times: 1 });
  expect((await dispatch()).waiting).toBe(1);
  expect((await dispatch()).waiting).toBe(0);
  const twice = sink.mails.filter(({ to }) => to === first!.address);
  expect(twice.map(({ messageId }) => messageId)).toEqual([`<${first!.message_id}>`, `<${first!.message_id}>`]);
  expect((await rows())[0]).toMatchObject({ status: 'sent', in_doubt: true });
  remove();
});

test('cancelled in mid-batch: what is under way is finished and marked, the rest is free, and nothing is sent twice', async () => {
  const environment = new MockActivityEnvironment({ attempt: 1 });
  const cancelling: Sender = {
    ...sender,
    lines: 2,
    send: async (outgoing) => {
      const outcome = await sender.send(outgoing);
      if (sink.mails.length >= 3) environment.cancel();
      return outcome;
    },
  };
  await expect(dispatch({ environment, over: cancelling })).rejects.toThrow(CancelledFailure);
  const { sent = 0, planned = 0, ...others } = await statuses();
  expect(others).toEqual({});
  expect(sent).toBe(sink.mails.length);
  expect(sent).toBeGreaterThanOrEqual(3);
  expect(planned).toBe(18 - sent);
  expect(planned).toBeGreaterThan(0);
  const { reports, waiting } = await dispatch({ attempt: 2 });
  expect(waiting).toBe(0);
  expect(new Set(reports.map(({ delivery }) => delivery)).size).toBe(18);
  expect(sink.mails).toHaveLength(18);
});

test('a process killed while sending: known outcomes are reported again, unknown ones sent again in doubt', async () => {
  const [known, unknown] = await rows();
  const set = (id: string, values: object) =>
    fresh.database.sql.updateTable('delivery').set(values).where('id', '=', id).execute();
  await set(known!.id, { status: 'sent', sent_at: new Date(NOW - MINUTE), claimed_at: new Date(NOW - MINUTE) });
  await set(unknown!.id, { status: 'sending', claimed_at: new Date(NOW - MINUTE) });
  const { reports } = await dispatch({ attempt: 2 });
  expect(reports).toHaveLength(18);
  expect(reports[0]).toMatchObject({ delivery: known!.id, outcome: 'sent', at: NOW - MINUTE });
  expect(hosts()).not.toContain(known!.address);
  expect((await rows())[1]).toMatchObject({ status: 'sent', in_doubt: true });
});

test('what was reported and recorded is not reported again', async () => {
  await dispatch();
  await fresh.database.sql
    .updateTable('delivery')
    .set({ reported: true })
    .where('instruction_id', '=', process.instruction)
    .execute();
  expect(await dispatch({ attempt: 2 })).toEqual({ reports: [], waiting: 0 });
});

test('a withdrawn delivery is not sent', async () => {
  const [first] = await rows();
  await fresh.database.sql.updateTable('delivery').set({ status: 'withdrawn' }).where('id', '=', first!.id).execute();
  expect((await dispatch()).reports).toHaveLength(17);
  expect(hosts()).not.toContain(first!.address);
});

test('an address on record that is none fails alone', async () => {
  const [first] = await rows();
  const nasty = 'x@ars.example\r\nBcc: y@ars.example';
  await fresh.database.sql.updateTable('delivery').set({ address: nasty }).where('id', '=', first!.id).execute();
  const { reports } = await dispatch();
  expect(reports.filter(({ outcome }) => outcome === 'failed').map(({ delivery }) => delivery)).toEqual([first!.id]);
  expect(sink.mails).toHaveLength(17);
  expect(sink.attempts.some((address) => /x@|y@/.test(address))).toBe(false);
});

test('a delivery planned under a key that has been dropped goes out with a link that works', async () => {
  await dispatch({ keys: parseKeyRing('another-secret-of-the-tests-0123456789') });
  const [row] = await rows();
  const mail = sink.mails.find(({ to }) => to === row!.address);
  expect(hashToken(/\/r\/([\w-]+)\?/.exec(mail!.text)?.[1] ?? '')).toBe(row!.link_hash);
  expect(hashToken(mail!.envelope.from.split('@')[0] ?? '')).toBe(row!.reply_hash);
});
