import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { sql } from 'kysely';
import pino from 'pino';
import { startSignalSweep } from '../../intake/sweep.ts';
import { recordSignalTurn, storedSignal } from '../../db/stores/process/early-signals.ts';
import type { SignalCommand } from '../../domain/early-signal.ts';
import { step } from '../../domain/early-signal-step.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { acknowledge, complete } from '../domain/early-signal-arrange.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import { advanced, mailsOf, raised, settled, SIGNAL, type SignalBody } from '../support/early-signal.ts';
import { until } from '../support/wait.ts';

let api: ApiDesk;
beforeAll(async () => {
  api = await startApiDesk();
}, 120_000);
afterEach(() => api.desk.sink.clear());
afterAll(() => api.close());

type Account = Parameters<ApiDesk['as']>[0];
const act = async (account: Account, id: string, path: string, body: object = {}) => {
  const { status, body: answer } = await api.as(account).post<SignalBody>(`/v1/signals/${id}/${path}`, body);
  expect([path, status, answer['detail']]).toEqual([path, 200, undefined]);
  await settled(api, id);
  return answer;
};
/** Where each mail went and its first words. */
const told = (id: string): string[] => mailsOf(api, id).map((mail) => mail.split(' – ')[0]!.replace(/@\S+/, ''));
const taskOf = async (id: string) => (await api.as('ars-84').get<SignalBody>(`/v1/signals/${id}`)).body['task'];

const COMPLETE = { situation: 'Neuf cas.', measures: 'Tour arrêtée.' };

test('nobody acknowledges: the desk, the head where the roster has nobody, the head again; the acknowledgement ends it', async () => {
  const { id } = await raised(api);
  await advanced(api, id, 4 * MINUTE);
  expect(told(id)).toEqual(['permanence SIGNAL PRÉCOCE']);
  await advanced(api, id, 2 * MINUTE);
  // The desk of the tests has no roster: its on-call step is passed at once.
  await advanced(api, id, 5 * MINUTE);
  expect(told(id).slice(1)).toEqual(['permanence RELANCE 1', 'chef RELANCE 3']);
  await advanced(api, id, 31 * MINUTE);
  expect(told(id).slice(3)).toEqual(['chef RELANCE 4']);
  await act('corruss-chef', id, 'acknowledge');
  await advanced(api, id, 2 * HOUR);
  expect(told(id).slice(4)).toEqual(['ars84-alerte ACCUSÉ DE RÉCEPTION DU CORRUSS']);
}, 60_000);

test('acknowledged at once: no reminder ever; the ARS is reminded of its promise, late it is told, and the desk', async () => {
  const { id } = await raised(api);
  await act('corruss-redacteur', id, 'acknowledge');
  await advanced(api, id, 3 * HOUR + 25 * MINUTE);
  expect(told(id)).toEqual(['permanence SIGNAL PRÉCOCE', 'ars84-alerte ACCUSÉ DE RÉCEPTION DU CORRUSS']);
  await advanced(api, id, 6 * MINUTE);
  expect(told(id).slice(2)).toEqual(['ars84-alerte SIGNAL COMPLET ATTENDU']);
  expect(await taskOf(id)).toBeNull();
  await advanced(api, id, 31 * MINUTE);
  expect(told(id).slice(3).toSorted()).toEqual(['ars84-alerte EN RETARD', 'permanence EN RETARD']);
  expect(await taskOf(id)).toBe('signalLate');
  await advanced(api, id, 24 * HOUR);
  expect(told(id)).toHaveLength(5);
  expect(await act('ars-84', id, 'complete', COMPLETE)).toMatchObject({ status: 'complete', late: false });
  expect(told(id).slice(5)).toEqual(['permanence SIGNAL COMPLET']);
}, 60_000);

test('complete before anybody has acknowledged: the desk is told, and still reminded', async () => {
  const { id } = await raised(api);
  expect(await act('ars-84', id, 'complete', COMPLETE)).toMatchObject({ status: 'raised' });
  await advanced(api, id, 6 * MINUTE);
  expect(told(id).slice(1)).toEqual(['permanence SIGNAL COMPLET', 'permanence RELANCE 1']);
  expect(await act('corruss-chef', id, 'acknowledge')).toMatchObject({ status: 'complete', task: 'signalToClose' });
  await advanced(api, id, 8 * HOUR);
  expect(told(id).filter((mail) => /RETARD|ATTENDU/.test(mail))).toEqual([]);
}, 60_000);

test('withdrawn: the desk is told why, nothing is asked of anybody any more, and it ends', async () => {
  const { id } = await raised(api);
  await advanced(api, id, 6 * MINUTE);
  await act('ars-84', id, 'withdraw', { reason: 'Erreur de diagnostic.' });
  expect(told(id).at(-1)).toBe('permanence SIGNAL RETIRÉ');
  const mail = api.desk.sink.mails.at(-1);
  expect(mail?.text).toContain('Erreur de diagnostic.');
  expect(await advanced(api, id, 24 * HOUR)).toBe('ended');
  expect(told(id)).toHaveLength(3);
}, 60_000);

test('a reminder that the relay puts off is taken back by the acknowledgement', async () => {
  const { id } = await raised(api);
  const undo = api.desk.sink.trouble({ at: 'mail', code: 451 });
  await advanced(api, id, 6 * MINUTE);
  expect(told(id)).toHaveLength(1);
  await act('corruss-chef', id, 'acknowledge');
  undo();
  await advanced(api, id, 5 * MINUTE);
  expect(told(id).slice(1)).toEqual(['ars84-alerte ACCUSÉ DE RÉCEPTION DU CORRUSS']);
  const { rows } = await sql<{ status: string }>`
    select status from duty_notice where key like ${`signal/${id}/reminder/%`}`.execute(api.desk.database.sql);
  expect(rows).toEqual([{ status: 'withdrawn' }]);
}, 60_000);

test('a mail whose acknowledgement was lost goes again under the same Message-ID', async () => {
  const undo = api.desk.sink.trouble({ at: 'loseAcknowledgement', times: 1 });
  const { id } = await raised(api);
  await advanced(api, id, MINUTE);
  undo();
  const mails = api.desk.sink.mails.filter(({ subject }) => subject.startsWith('SIGNAL PRÉCOCE'));
  expect([mails.length, new Set(mails.map(({ messageId }) => messageId)).size]).toEqual([2, 1]);
}, 60_000);

test('the workers killed and back: what was due meanwhile is done, once', async () => {
  const { id } = await raised(api);
  await api.desk.stopWorkers();
  const answer = api.as('corruss-chef').post<SignalBody>(`/v1/signals/${id}/acknowledge`, {});
  await api.desk.startWorkers();
  expect((await answer).status).toBe(200);
  await advanced(api, id, HOUR);
  expect(told(id)).toEqual(['permanence SIGNAL PRÉCOCE', 'ars84-alerte ACCUSÉ DE RÉCEPTION DU CORRUSS']);
}, 60_000);

test('a turn that was lost after its recording is written over; what it told is told once, and what comes with the retry too', async () => {
  const { id } = await raised(api);
  await settled(api, id);
  const { sql: db } = api.desk.database;
  const before = (await storedSignal(db, id))!;
  const at = Date.now();
  const record = async (...commands: readonly SignalCommand[]) => {
    const messages = commands.map((one) => ({ kind: 'command', at, command: one }) as const);
    const store = { sql: db, keys: api.desk.keys, mailReplyDomain: 'reply.vigie.example' };
    await recordSignalTurn(store, step(before, messages, at).changes!, { notices: [], entries: new Map() });
  };
  const kinds = async () => {
    const entries = db.selectFrom('audit_entry').select('kind').where('subject', '=', `signal/${id}`);
    return (await entries.orderBy('position').execute()).map(({ kind }) => kind);
  };
  const begun = (await kinds()).length;
  await record(acknowledge);
  await record(acknowledge, complete);
  await record(acknowledge, complete);
  expect((await kinds()).slice(begun)).toEqual([
    ...['signalAcknowledged', 'turnRecorded'],
    ...['signalCompleted', 'recordedAgain', 'turnRecorded'],
  ]);
});

test('its workflow lost with a restored server: the next act finds it again where the database stands', async () => {
  const { id } = await raised(api);
  await act('corruss-chef', id, 'acknowledge');
  await api.desk.client.workflow.getHandle(`signal/${id}`).terminate('lost');
  expect(await act('ars-84', id, 'complete', COMPLETE)).toMatchObject({ status: 'complete' });
  const positions = await sql<{ kind: string }>`
    select kind from audit_entry where subject = ${`signal/${id}`} and kind = 'signalAcknowledged'`.execute(
    api.desk.database.sql,
  );
  expect(positions.rows).toHaveLength(1);
}, 60_000);

test('commands that our keys have not sealed are refused', async () => {
  const { id } = await raised(api);
  const namespace = 'default';
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"kind":"withdraw"}') };
  const asked = await api.desk.client.workflowService
    .updateWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: `signal/${id}` },
      request: { meta: { updateId: 'x', identity: 'x' }, input: { name: 'command', args: { payloads: [payload] } } },
      waitPolicy: { lifecycleStage: COMPLETED },
    })
    .catch((error: unknown) => error);
  expect(JSON.stringify(asked)).toContain('NotSealed');
  expect((await api.as('ars-84').get<SignalBody>(`/v1/signals/${id}`)).body.status).toBe('raised');
}, 60_000);

test('stored while nobody follows it: the desk has its task at once, and it is followed by the next sweep', async () => {
  const signals = { ...api.deps.signals, command: () => Promise.reject(away()), follow: () => Promise.reject(away()) };
  const app = await api.rebuild({ signals });
  const token = await api.issuer.token('ars-84');
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/signals',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: JSON.stringify(SIGNAL),
  });
  const { id, status } = answer.json<SignalBody>();
  expect([answer.statusCode, status, await taskOf(id)]).toEqual([201, 'received', 'signalToAcknowledge']);
  const follow = (signal: string) => api.desk.signals.follow(signal);
  const sweeping = startSignalSweep({
    database: api.desk.database,
    log: pino({ level: 'silent' }),
    follow,
    everyMs: 50,
  });
  await until('the first turn', async () => (await taskStatus(id)) === 'raised');
  await sweeping.stop();
  await settled(api, id);
  expect(told(id)).toEqual(['permanence SIGNAL PRÉCOCE']);
}, 60_000);

const COMPLETED =
  proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED;

const taskStatus = async (id: string) => (await api.as('ars-84').get<SignalBody>(`/v1/signals/${id}`)).body.status;
const away = (): Error =>
  Object.assign(new Error('away'), { name: 'EngineUnavailable', retryAfterSeconds: 2, outcomeUnknown: true });
