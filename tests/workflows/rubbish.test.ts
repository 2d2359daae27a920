import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { REPLY_SIGNAL } from '../../workflows/contract.ts';
import type { Released } from '../support/desk-actions.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { testServers } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const run = promisify(execFile);
let desk: InstructionDesk;
let released: Released;
beforeAll(async () => {
  desk = await startInstructionDesk();
  released = await desk.release({ audience: { organisations: ['ARS-53', 'ARS-84'] } });
});
afterAll(() => desk.close());

/** The `temporal` binary itself, as an operator or another system calls it. */
const cli = (name: string, ...args: string[]) =>
  run(testServers().temporalCli, [
    ...['workflow', 'signal', '--address', testServers().temporalAddress],
    ...['--workflow-id', released.workflowId, '--name', name, ...args],
  ]);

/** A signal whose payload is exactly these bytes. */
const raw = (metadata: Record<string, string>, data: Uint8Array, to = released) =>
  desk.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: to.workflowId },
    signalName: REPLY_SIGNAL,
    requestId: crypto.randomUUID(),
    input: {
      payloads: [
        { metadata: Object.fromEntries(Object.entries(metadata).map(([key, text]) => [key, Buffer.from(text)])), data },
      ],
    },
  });
const json = (text: string, to = released) => raw({ encoding: 'json/plain' }, Buffer.from(text), to);

const rubbish = async ({ id } = released) => (await desk.timeline(id)).filter(({ kind }) => kind === 'rubbishReceived');
/** The workflow still answers, and what it has answered is recorded. */
const isUnharmed = async () => {
  const answer = await desk.reply(released.id, 'ARS-84', 'received');
  expect(answer).toMatchObject({ accepted: true });
};

test('a signal of the temporal command line has the effect of any reply, recorded as unverified', async () => {
  const reply = {
    organisation: 'ARS-53',
    kind: 'takenInCharge',
    from: 'Astreinte',
    messageId: 'cli-1',
    verified: true,
  };
  await cli(REPLY_SIGNAL, '--input', JSON.stringify(reply));
  await cli(REPLY_SIGNAL, '--input', JSON.stringify(reply)); // the same messageId: counted once
  await desk.settle(released.id);
  expect(await desk.projection(released.id, 'ARS-53')).toMatchObject({ state: 'takenInCharge' });
  const replied = (await desk.timeline(released.id)).filter(({ kind }) => kind === 'replied');
  expect(replied).toMatchObject([{ organisation: 'ARS-53', data: { channel: 'signal', verified: false } }]);
  const rows = await desk.database.sql
    .selectFrom('reply')
    .selectAll()
    .where('instruction_id', '=', released.id)
    .execute();
  expect(rows).toMatchObject([{ message_id: 'cli-1', verified: false, channel: 'signal' }]);
});

test('two identical signals without a messageId count once', async () => {
  const body = { organisation: 'ARS-53', kind: 'progress', percent: 30, from: 'Astreinte' };
  await cli(REPLY_SIGNAL, '--input', JSON.stringify(body));
  await cli(REPLY_SIGNAL, '--input', JSON.stringify(body));
  await desk.settle(released.id);
  const rows = await desk.database.sql
    .selectFrom('reply')
    .selectAll()
    .where('instruction_id', '=', released.id)
    .where('kind', '=', 'progress')
    .execute();
  expect(rows).toHaveLength(1);
});

test('what a signal may bring that is no reply is audited as refused and changes nothing', async () => {
  const before = await desk.followUp(released.id, 'ARS-53');
  const valid = { organisation: 'ARS-53', kind: 'done', from: 'x' };
  const bad = [
    '"bonjour"',
    '42',
    'null',
    '[]',
    '{}',
    '{"organisation":"ARS-53"}',
    JSON.stringify({ ...valid, kind: 'fait' }),
    JSON.stringify({ ...valid, comment: 'a\0b' }),
    JSON.stringify({ ...valid, comment: 'x' }).replace('"x"}', '"\\ud800"}'),
    JSON.stringify({ ...valid, comment: 'x'.repeat(1_900_000) }),
    JSON.stringify({ ...valid, from: '\0' }),
    JSON.stringify({ ...valid, 'vigie:unsealed': 1 }),
    JSON.stringify({ ...valid, onBehalfBy: 'corruss-chef' }),
    '['.repeat(50_000) + ']'.repeat(50_000),
    'pas du JSON',
    '',
  ];
  const seen = (await rubbish()).length;
  for (const text of bad) await json(text);
  await desk.settle(released.id);
  const found = (await rubbish()).slice(seen);
  expect(found).toHaveLength(bad.length);
  for (const { data } of found) {
    expect(String(data['base64']).length).toBeLessThanOrEqual(5_464); // 4 KB in base64
    expect(data['errors']).not.toHaveLength(0);
  }
  expect(await desk.followUp(released.id, 'ARS-53')).toEqual(before);
  await isUnharmed();
});

test('what comes while the server takes a workflow task back is told once and whole', async () => {
  const held = await desk.release({ audience: { organisations: ['ARS-84'] } });
  const isTakenBack = async () =>
    (await desk.client.workflow.getHandle(held.workflowId).fetchHistory()).events?.some(
      ({ workflowTaskFailedEventAttributes: failed }) => failed !== null && failed !== undefined,
    );
  await desk.owner.transaction().execute(async (trx) => {
    await sql`select from instruction where id = ${held.id} for update`.execute(trx);
    await json('"premier"', held);
    await until('the recording at the lock', async () => {
      const { rows } = await sql`select from pg_locks join pg_database d on d.oid = database
        where d.datname = current_database() and locktype = 'tuple'`.execute(desk.database.sql);
      return rows.length > 0;
    });
    // More than the server keeps aside for a task that is under way (2 MB).
    for (const letter of ['x', 'y']) await json(JSON.stringify(letter.repeat(1_200_000)), held);
    await until('the task taken back', isTakenBack);
  });
  await until('all told', async () => (await rubbish(held)).length >= 3);
  expect(await desk.reply(held.id, 'ARS-84', 'received')).toMatchObject({ accepted: true });
  expect(await rubbish(held)).toHaveLength(3);
});

test('payloads that no key opens, or that are no payloads at all, are audited and harm nothing', async () => {
  const seen = (await rubbish()).length;
  const keyId = desk.keys[0].id;
  await raw({ encoding: 'binary/encrypted', 'encryption-key-id': 'deadbeef' }, Buffer.alloc(64, 7));
  await raw({ encoding: 'binary/encrypted', 'encryption-key-id': keyId }, Buffer.alloc(64, 7));
  await raw({ encoding: 'binary/encrypted', 'encryption-key-id': keyId }, Buffer.alloc(2));
  await raw({ encoding: 'json/protobuf', messageType: 'x' }, Buffer.from('{}'));
  await raw({ encoding: 'binary/plain' }, Buffer.from([0xff, 0xfe, 0]));
  await raw({}, Buffer.from([0xff]));
  await desk.signal(released.id);
  await desk.settle(released.id);
  expect((await rubbish()).length - seen).toBe(7);
  await isUnharmed();
});

test('a signal of 3 MB is refused by the server and harms nothing', async () => {
  await expect(json(JSON.stringify({ comment: 'x'.repeat(3_000_000) }))).rejects.toThrow();
  await isUnharmed();
});

test('a signal for an organisation that is no recipient is audited as refused', async () => {
  await json(JSON.stringify({ organisation: 'ARS-11', kind: 'done', from: 'x', messageId: 'elsewhere' }));
  await desk.settle(released.id);
  const refused = (await desk.timeline(released.id)).filter(({ kind }) => kind === 'replyRefused');
  expect(refused).toMatchObject([{ data: { claimed: 'ARS-11', code: 'notRecipient' } }]);
});

test('signals of other names, unknown queries and a cancellation change nothing', async () => {
  await cli('Reply', '--input', '{}');
  await cli('__stack_trace', '--input', '{}');
  const handle = desk.client.workflow.getHandle(released.workflowId);
  await handle.cancel();
  await expect(handle.query('secrets')).rejects.toThrow();
  await isUnharmed();
  expect((await handle.describe()).status.name).toBe('RUNNING');
});

test('a command in plain JSON is refused before it leaves a trace: who acts is believed only from the desk', async () => {
  const command = {
    kind: 'close',
    organisation: 'ARS-53',
    reason: 'x',
    by: { sub: 'corruss-chef', organisation: 'CORRUSS' },
  };
  const update = run(testServers().temporalCli, [
    ...['workflow', 'update', 'execute', '--address', testServers().temporalAddress],
    ...['--workflow-id', released.workflowId, '--name', 'command', '--input', JSON.stringify(command)],
  ]);
  await expect(update).rejects.toThrow(/NotSealed/);
  expect(await desk.followUp(released.id, 'ARS-53')).toMatchObject({ closed: false });
});

test('a workflow started by hand in plain JSON ends at once without releasing anything', async () => {
  const id = await desk.draft();
  const input = {
    version: 1,
    release: { instruction: id, version: null, by: { sub: 'x', organisation: 'CORRUSS', roles: [] } },
  };
  const args = [
    '--type',
    'instruction',
    '--task-queue',
    `coordination${desk.queueSuffix}`,
    '--workflow-id',
    `instruction/${id}`,
  ];
  const start = [
    'workflow',
    'execute',
    '--address',
    testServers().temporalAddress,
    ...args,
    '--input',
    JSON.stringify(input),
  ];
  await expect(run(testServers().temporalCli, start)).rejects.toThrow();
  const row = await desk.database.sql
    .selectFrom('instruction')
    .select('status')
    .where('id', '=', id)
    .executeTakeFirst();
  expect(row?.status).toBe('draft');
});
