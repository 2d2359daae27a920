import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { mendSignal, signalDifferences, type SignalReconciler } from '../../worker/signal-reconciliation.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { raised, settled, type SignalBody } from '../support/early-signal.ts';
import { type OwnTemporal, startOwnTemporal } from '../support/own-temporal.ts';
import { until } from '../support/wait.ts';

let temporal: OwnTemporal;
let api: ApiDesk;
let reconciler: SignalReconciler;
beforeAll(async () => {
  temporal = await startOwnTemporal();
  api = await startApiDesk({ temporalAddress: temporal.address });
  const { database, keys, client, signals } = api.desk;
  reconciler = { store: { sql: database.sql, keys, mailReplyDomain: 'reply.vigie.example' }, client, gateway: signals };
}, 120_000);
afterAll(async () => {
  await api.close();
  await temporal.close();
});

const of = async (id: string) => (await signalDifferences(reconciler)).filter((one) => one.id === id);
const statusOf = async (id: string) => (await api.as('ars-84').get<SignalBody>(`/v1/signals/${id}`)).body.status;
const acknowledge = (id: string) => api.as('corruss-chef').post(`/v1/signals/${id}/acknowledge`, {});

test('what was not restored has no difference; a database older than its workflow is written over', async () => {
  const { id } = await raised(api);
  await acknowledge(id);
  await settled(api, id);
  expect(await of(id)).toEqual([]);
  await sql`update early_signal set seq = 1, fingerprint = 'older', status = 'raised' where id = ${id}::uuid`.execute(
    api.desk.database.sql,
  );
  const found = await of(id);
  expect(found).toMatchObject([{ kind: 'turn', id, database: 1 }]);
  expect(await mendSignal(reconciler, found[0]!)).toBe(true);
  expect([await of(id), await statusOf(id)]).toEqual([[], 'acknowledged']);
}, 60_000);

test('a database that is ahead holds the workflow, visibly, until it is reconciled', async () => {
  const { id } = await raised(api);
  await sql`update early_signal set seq = seq + 5, fingerprint = 'later' where id = ${id}::uuid`.execute(
    api.desk.database.sql,
  );
  const answer = acknowledge(id);
  await until('the visible wait', async () => {
    const { raw } = await api.desk.client.workflow.getHandle(`signal/${id}`).describe();
    const waiting = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'recordSignal');
    return waiting?.lastFailure !== undefined && waiting.lastFailure !== null;
  });
  const found = await of(id);
  expect(found).toMatchObject([{ kind: 'turn', id }]);
  expect(await mendSignal(reconciler, found[0]!)).toBe(true);
  await answer;
  await until('the turn recorded', async () => (await statusOf(id)) === 'acknowledged', { limitMs: 60_000 });
  await settled(api, id);
  expect(await of(id)).toEqual([]);
}, 120_000);

test('one whose workflow is gone is followed again where the database stands', async () => {
  const { id } = await raised(api);
  await acknowledge(id);
  await settled(api, id);
  await api.desk.client.workflow.getHandle(`signal/${id}`).terminate('lost with a restored server');
  const found = await until('the loss', async () => {
    const all = await of(id);
    return all.length > 0 ? all : undefined;
  });
  expect(found).toMatchObject([{ kind: 'noWorkflow', id }]);
  expect(await mendSignal(reconciler, found[0]!)).toBe(true);
  await until('its workflow', async () => (await of(id)).length === 0);
});
