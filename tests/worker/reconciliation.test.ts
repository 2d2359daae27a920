import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { mergePartners } from '../../db/stores/desk/partners.ts';
import { listedTasks } from '../../db/stores/process/reconcile.ts';
import { MINUTE } from '../../domain/instant.ts';
import { differences, mend, type Reconciler } from '../../worker/reconciliation.ts';
import { relayWorkflowId } from '../../workflows/contract.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';
import { until } from '../support/wait.ts';

let temporal: OwnTemporal;
let desk: InstructionDesk;
let reconciler: Reconciler;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  desk = await startInstructionDesk({ temporalAddress: temporal.address });
  const { database, keys, client, gateway, relays } = desk;
  const recorder = { sql: database.sql, keys, mailReplyDomain: 'reply.vigie.example' };
  reconciler = { recorder, client, gateway, relays };
});
afterAll(async () => {
  await desk.close();
  await temporal.close();
});

/** Differences of one instruction. */
const of = async (id: string) => (await differences(reconciler)).filter((one) => 'id' in one && one.id === id);
const only = (...organisations: string[]) => ({ audience: { organisations } });

test('a desk that was not restored has no difference', async () => {
  const { id } = await desk.release(only('ARS-84', 'ARS-53'));
  await desk.reply(id, 'ARS-84', 'takenInCharge');
  expect(await differences(reconciler)).toEqual([]);
});

test('a database older than its workflow gets the turns that it lacks', async () => {
  const { id, number } = await desk.release(only('ARS-11'));
  await desk.reply(id, 'ARS-11', 'done', { comment: 'Fait.' });
  await desk.settle(id);
  const before = await desk.projection(id, 'ARS-11');
  await sql`update instruction set seq = 1, fingerprint = 'older', status = 'open', closed_at = null where id = ${id}`.execute(
    desk.database.sql,
  );
  await sql`update instruction_recipient set seq = 1, state = 'pending', closed = false, follow_up = '{}' where instruction_id = ${id}`.execute(
    desk.database.sql,
  );
  const found = await of(id);
  expect(found).toMatchObject([{ kind: 'turn', id, database: 1, process: { number } }]);
  expect(await mend(reconciler, found[0]!)).toBe(true);
  expect(await of(id)).toEqual([]);
  expect(await desk.projection(id, 'ARS-11')).toEqual(before);
});

test('a workflow that waits because the database knows a later reply goes on once reconciled, its turn whole', async () => {
  const { id } = await desk.release(only('ARS-32'));
  // A reply that this workflow never saw, as a restored older Temporal leaves it.
  await sql`update instruction set seq = seq + 5, fingerprint = 'later' where id = ${id}`.execute(desk.database.sql);
  await sql`insert into reply (id, instruction_id, organisation_id, message_id, seq, kind, said_by, channel, verified, at)
    values (gen_random_uuid(), ${id}, 'ARS-32', 'from-later', 900, 'read', 'x', 'api', true, now())`.execute(
    desk.database.sql,
  );
  await desk.signal(id, { organisation: 'ARS-32', kind: 'takenInCharge', from: 'x', messageId: 'waits' });
  await until('the visible wait', async () => {
    const { raw } = await desk.client.workflow.getHandle(`instruction/${id}`).describe();
    const waiting = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'recordPatiently');
    return waiting?.lastFailure !== undefined && waiting.lastFailure !== null;
  });
  const found = await of(id);
  expect(found).toMatchObject([{ kind: 'turn', id }]);
  expect(await mend(reconciler, found[0]!)).toBe(true);
  const kinds = async () => (await desk.timeline(id)).map(({ kind }) => kind);
  await until('the turn recorded', async () => (await kinds()).includes('replied'), { limitMs: 60_000 });
  expect(await kinds()).toContain('recordedAgain');
  await desk.settle(id);
  expect(await of(id)).toEqual([]);
}, 120_000);

test('an instruction whose workflow is gone is followed again where the database stands', async () => {
  const { id, workflowId } = await desk.release(only('ARS-44'));
  await desk.reply(id, 'ARS-44', 'progress', { percent: 40, messageId: 'counted' });
  await desk.settle(id);
  await desk.client.workflow.getHandle(workflowId).terminate('lost with a restored server');
  const found = await until('the loss', async () => {
    const all = await of(id);
    return all.length > 0 ? all : undefined;
  });
  expect(found).toMatchObject([{ kind: 'noWorkflow', id }]);
  expect(await mend(reconciler, found[0]!)).toBe(true);
  expect(await desk.reply(id, 'ARS-44', 'progress', { percent: 40, messageId: 'counted' })).toMatchObject({
    replayed: true,
  });
  await desk.advance(id, 240 * MINUTE);
  expect(await desk.projection(id, 'ARS-44')).toMatchObject({ late: true });
  expect(await of(id)).toEqual([]);
});

const cancels = (first: { readonly id: string; readonly number: string }) =>
  ({ instruction: first.id, number: first.number, relation: 'cancellation' }) as const;
const INFORMATION = { nature: 'information', deadline: '24H' };

test('a first message that a restored, older Temporal has never told that it is cancelled is told again, once', async () => {
  const first = await desk.release(only('ARS-52', 'ARS-27'));
  await desk.reply(first.id, 'ARS-27', 'done');
  await desk.settle(first.id);
  await desk.stopWorkers();
  const restore = await temporal.keep();
  await desk.startWorkers();
  const other = await desk.release({ ...only('ARS-52', 'ARS-27'), ...INFORMATION }, cancels(first));
  await desk.settle(first.id);
  expect(await desk.process(first.id)).toMatchObject({ status: 'cancelled' });
  await desk.stopWorkers();
  await restore();
  await desk.startWorkers();

  expect(await desk.process(first.id)).toMatchObject({ status: 'open' });
  const found = await of(first.id);
  expect(found).toMatchObject([{ kind: 'turn' }, { kind: 'untold', by: { number: other.number } }]);
  for (const one of found) expect(await mend(reconciler, one)).toBe(true);
  await until('it has heard', async () => (await desk.process(first.id)).supersededBy);
  await desk.settle(first.id);
  const process = await desk.process(first.id);
  const { instruction, number } = { instruction: other.id, number: other.number };
  expect(process).toMatchObject({
    status: 'cancelled',
    supersededBy: { instruction, number, relation: 'cancellation' },
  });
  expect(await desk.projection(first.id, 'ARS-52')).toMatchObject({ state: 'cancelled', closed: true });
  expect(await desk.projection(first.id, 'ARS-27')).toMatchObject({ state: 'done' });
  expect(await of(first.id)).toEqual([]);

  // The other message is followed again as well, and tells the same by itself: nothing moves.
  const lost = await of(other.id);
  expect(lost).toMatchObject([{ kind: 'noWorkflow' }]);
  for (const one of [...lost, found[1]!]) expect(await mend(reconciler, one)).toBe(true);
  await desk.settle(other.id);
  await desk.settle(first.id);
  expect(await desk.process(first.id)).toEqual(process);
  expect([...(await of(first.id)), ...(await of(other.id))]).toEqual([]);
}, 120_000);

test('a message cancelled while nobody followed it is followed again, and told', async () => {
  const first = await desk.release(only('ARS-75'));
  await desk.client.workflow.getHandle(first.workflowId).terminate('lost with a restored server');
  await desk.release({ ...only('ARS-75'), ...INFORMATION }, cancels(first));
  const found = await until('the loss', async () => {
    const all = await of(first.id);
    return all.length > 0 ? all : undefined;
  });
  expect(found).toMatchObject([{ kind: 'noWorkflow' }, { kind: 'untold' }]);
  for (const one of found) expect(await mend(reconciler, one)).toBe(true);
  await until('it has heard', async () => (await desk.process(first.id)).supersededBy);
  await desk.settle(first.id);
  expect(await desk.projection(first.id, 'ARS-75')).toMatchObject({ state: 'cancelled', closed: true });
  expect(await of(first.id)).toEqual([]);
});

/** Ten pharmacies in the directory of an ARS. */
async function directory(organisation: string): Promise<string[]> {
  const addresses = Array.from({ length: 10 }, (_, n) => `p${n}@${organisation.toLowerCase()}.example`);
  const nothing = { finess: null, department: null, phone: null };
  const entries = addresses.map((address) => ({
    category: 'pharmacists' as const,
    name: address,
    address,
    ...nothing,
  }));
  const by = { sub: organisation.toLowerCase(), organisation };
  await mergePartners(desk.database, desk.keys, entries, { organisation, by, now: Date.now() });
  return addresses;
}

test('a relay whose workflow is gone is sent on: every partner once, and its follow-up hears of the end', async () => {
  const org = 'ARS-28';
  const addresses = await directory(org);
  const relayTo = ['pharmacists'];
  const { id } = await desk.release({ ...only(org), nature: 'diffusion', relayTo, deadline: '4H' });
  const undo = desk.sink.trouble({ at: 'mail', code: 451 });
  expect(await desk.relays.ask({ id, org }, { kind: 'relay', by: 'ars-28', note: '' })).toMatchObject({
    accepted: true,
  });
  await desk.client.workflow.getHandle(relayWorkflowId(id, org)).terminate('lost with a restored server');
  undo();
  const relays = async () => (await differences(reconciler)).filter(({ kind }) => kind === 'noRelay');
  const found = await until('the loss', async () => ((await relays()).length > 0 ? relays() : undefined));
  expect(found).toMatchObject([{ left: { instruction: id, organisation: org } }]);
  expect(await mend(reconciler, found[0]!)).toBe(true);
  await until('the follow-up done', async () => (await desk.projection(id, org)).state === 'done');
  const reached = desk.sink.mails.filter(({ to }) => addresses.includes(to)).map(({ to }) => to);
  expect(reached.toSorted()).toEqual(addresses.toSorted());
  expect(await relays()).toEqual([]);
}, 120_000);

test('a database that has lost turns gets the tasks of its officers back, and drops those that nobody owes', async () => {
  const { id } = await desk.release(only('ARS-93', 'ARS-94'));
  await desk.reply(id, 'ARS-93', 'refused', { comment: 'Plus aucun lit.' });
  await desk.settle(id);
  const open = async () =>
    (await listedTasks(desk.database.sql, id)).map(({ kind, organisation }) => `${kind} ${organisation}`);
  expect(await open()).toEqual(['refused ARS-93']);
  await sql`update task set closed_at = now() where instruction_id = ${id}`.execute(desk.owner);
  await sql`insert into task (instruction_id, organisation_id, kind, step, opened_at)
    values (${id}, 'ARS-94', 'unreachable', 0, now())`.execute(desk.owner);
  await sql`update instruction set seq = 1, fingerprint = 'older' where id = ${id}`.execute(desk.owner);
  const [found] = await of(id);
  expect(await mend(reconciler, found!)).toBe(true);
  expect(await open()).toEqual(['refused ARS-93']);
  expect(await of(id)).toEqual([]);
});
