import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { releaseRequest } from '../support/desk-actions.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';

let desk: InstructionDesk;
beforeAll(async () => {
  desk = await startInstructionDesk();
});
afterAll(() => desk.close());

const only = (...organisations: string[]) => ({ audience: { organisations } });
const reminderOf = async (id: string) => (await desk.deliveries(id)).find(({ purpose }) => purpose === 'ladder');

test('an answer that comes before the reminder is claimed withdraws it: it never leaves', async () => {
  const { id, number } = await desk.release(only('ARS-84'));
  const open = desk.holdDispatch();
  const due = desk.advance(id, 81 * MINUTE);
  await until('the reminder', async () => (await reminderOf(id))?.status === 'planned');
  await desk.reply(id, 'ARS-84', 'takenInCharge');
  expect((await reminderOf(id))?.status).toBe('withdrawn');
  open();
  await due;
  expect(desk.mailsTo(number, 'ars84')).toHaveLength(1);
});

test('an answer that comes while the reminder is in its SMTP dialogue is recorded at once, and the ladder stops there', async () => {
  const { id, number } = await desk.release(only('ARS-53'));
  const undo = desk.sink.trouble({ at: 'delay', match: /ars53/, milliseconds: 1_500, times: 1 });
  const due = desk.advance(id, 81 * MINUTE);
  await until('the reminder under way', async () => (await reminderOf(id))?.status === 'sending');
  const answer = await desk.reply(id, 'ARS-53', 'done');
  expect(answer).toMatchObject({ accepted: true, followUps: [{ state: 'done' }] });
  undo();
  await due;
  expect((await reminderOf(id))?.status).toBe('sent');
  await desk.advance(id, 24 * HOUR);
  expect(desk.mailsTo(number, 'ars53')).toHaveLength(2);
  expect(await desk.projection(id, 'ARS-53')).toMatchObject({ state: 'done', closed: true });
});

test('with the relay away the instruction is open and its mails wait; they leave by themselves when it is back', async () => {
  await desk.sink.stop();
  const { id, number } = await desk.release(only('ARS-11', 'ARS-32'));
  expect((await desk.process(id)).status).toBe('open');
  expect((await desk.deliveries(id)).map(({ status }) => status)).toEqual(['waiting', 'waiting']);
  expect((await desk.followUp(id, 'ARS-11')).sentAt).toBeNull();
  await desk.sink.start();
  await desk.advance(id, 2 * MINUTE);
  expect(desk.mailsTo(number, 'ars11-alerte')).toHaveLength(1);
  expect(desk.mailsTo(number, 'ars32-alerte')).toHaveLength(1);
  expect((await desk.projection(id, 'ARS-11')).state).toBe('sent');
});

test('a first mail refused for good goes to the next contact at once', async () => {
  const undo = desk.sink.refuse(/ars75-alerte/, 550);
  const { id, number } = await desk.release(only('ARS-75'));
  undo();
  await desk.advance(id, MINUTE);
  expect(desk.mailsTo(number, 'ars75').length).toBeGreaterThanOrEqual(1);
  expect((await desk.timeline(id)).map(({ kind }) => kind)).toContain('deliveryFailed');
});

test('workers that stop in the middle lose nothing: others go on', async () => {
  const { id, number } = await desk.release(only('ARS-24'));
  await desk.stopWorkers();
  const due = desk.advance(id, 81 * MINUTE);
  await desk.startWorkers();
  await due;
  expect(desk.mailsTo(number, 'ars24')).toHaveLength(2);
});

test('a worker that stops while it sends lets its dialogue end, and the mail is not sent twice', async () => {
  const open = desk.sink.trouble({ at: 'delay', match: /ars27/, milliseconds: 1_000, times: 1 });
  const id = await desk.draft(only('ARS-27'));
  const answer = await desk.gateway.release(releaseRequest(id));
  await until('the first mail under way', async () => (await desk.deliveries(id))[0]?.status === 'sending');
  await desk.stopWorkers();
  await desk.startWorkers();
  open();
  await until('the sending known', async () => (await desk.followUp(id, 'ARS-27')).sentAt !== null);
  expect(answer.released && desk.mailsTo(answer.number, 'ars27')).toHaveLength(1);
});

test('with the database away a decision waits, shown as such, and is recorded when it is back', async () => {
  const { id } = await desk.release(only('ARS-44'));
  await sql`alter table instruction_recipient rename to instruction_recipient_away`.execute(desk.owner);
  await desk.signal(id, { organisation: 'ARS-44', kind: 'done', from: 'essai', messageId: 'm1' });
  const patient = await until('the patient recording', async () => {
    const { raw } = await desk.client.workflow.getHandle(`instruction/${id}`).describe();
    return raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'recordPatiently');
  });
  expect(patient).toBeDefined();
  await sql`alter table instruction_recipient_away rename to instruction_recipient`.execute(desk.owner);
  await until('the reply recorded', async () => (await desk.projection(id, 'ARS-44')).state === 'done');
});

test('a turn whose number is taken is written again over it, and the audit says so', async () => {
  const { id } = await desk.release(only('ARS-76'));
  // What a worker leaves that dies between recording a turn and telling Temporal.
  await sql`update instruction set seq = seq + 1, fingerprint = 'lost' where id = ${id}`.execute(desk.database.sql);
  await desk.reply(id, 'ARS-76', 'takenInCharge');
  expect(await desk.projection(id, 'ARS-76')).toMatchObject({ state: 'takenInCharge' });
  expect((await desk.timeline(id)).map(({ kind }) => kind)).toContain('recordedAgain');
});
