import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { MINUTE } from '../../domain/instant.ts';
import { differences, mend, type Reconciler } from '../../worker/reconciliation.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';
import { until } from '../support/wait.ts';

let temporal: OwnTemporal;
let desk: InstructionDesk;
let reconciler: Reconciler;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  desk = await startInstructionDesk({ temporalAddress: temporal.address });
  const { database, keys, client, gateway } = desk;
  reconciler = { recorder: { sql: database.sql, keys, mailReplyDomain: 'reply.vigie.example' }, client, gateway };
});
afterAll(async () => {
  await desk.close();
  await temporal.close();
});

/** Differences of one instruction. */
const of = async (id: string) => (await differences(reconciler)).filter((one) => one.id === id);
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
