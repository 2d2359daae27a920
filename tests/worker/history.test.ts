import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createHistoryActivities } from '../../activities/history.activities.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { archivedHistories } from '../../db/stores/process/history.ts';
import { DAY, HOUR } from '../../domain/instant.ts';
import { decodeHistory, ensureHistoryArchive } from '../../gateway/histories.ts';
import { createPayloadReader } from '../../gateway/payload-codec.ts';
import { historySource } from '../../worker/history-source.ts';
import { tellWorkflow } from '../../worker/history-telling.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';
import { until } from '../support/wait.ts';

/**
 * The server deletes a closed workflow only when its transfer queue has written down that the closing was handled: by default
 * every 30 s, and whoever comes before is put off by 3 s, 4.5 s, 6.8 s…
 */
const NOTES_SOON = { 'history.transferProcessorUpdateAckInterval': '200ms' };

let temporal: OwnTemporal;
let desk: InstructionDesk;
let workflowId: string;

/** An instruction that ARS-84 has done, closed and over. */
beforeAll(async () => {
  temporal = await startOwnTemporal(NOTES_SOON);
  desk = await startInstructionDesk({
    temporalAddress: temporal.address,
    scheduled: ({ database, keys, client, queueSuffix }) => {
      const source = historySource(client, `TaskQueue = 'coordination${queueSuffix}'`);
      return createHistoryActivities({ database, keys, source });
    },
  });
  const { id } = await desk.release({ audience: { organisations: ['ARS-84'] } });
  await desk.reply(id, 'ARS-84', 'done', { comment: 'Tous recensés' });
  await desk.settle(id);
  await desk.advance(id, 4 * DAY + HOUR);
  workflowId = `instruction/${id}`;
  // The list of the engine follows its histories at a distance.
  await until('the end in the list', async () => {
    for await (const run of desk.client.workflow.list({ query: queryOf() }))
      if (run.closeTime !== undefined) return true;
    return null;
  });
});
afterAll(async () => {
  await desk.close();
  await temporal.close();
});

const queryOf = () => `WorkflowId = '${workflowId}'`;
const archive = () => {
  const { database, keys, client } = desk;
  const activities = createHistoryActivities({ database, keys, source: historySource(client, queryOf()) });
  return new MockActivityEnvironment().run(() => activities.archiveHistories());
};
const tell = () => {
  const decode = createPayloadReader(desk.keys);
  return tellWorkflow({ sql: desk.database.sql, client: desk.client, decode }, workflowId);
};

test('what has ended is archived once, whole, its hash in the audit; told the same when the engine has forgotten it', async () => {
  expect(await archive()).toBe(1);
  expect(await archive()).toBe(0);
  const [run, ...others] = await archivedHistories(desk.database.sql, workflowId);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ workflowId, type: 'instruction', status: 'COMPLETED', intact: true });
  expect(decodeHistory(run!.content).events).toHaveLength(run!.events);
  expect(await verifyAudit(desk.database.sql, desk.keys)).toMatchObject({ intact: true });

  const remembered = await tell();
  expect(remembered.lines[0]).toContain('lue dans le moteur');
  expect(remembered.lines.join('\n')).toMatch(/le processus commence[^]*Tous recensés[^]*le processus se termine/);

  const [, name] = workflowId.split('/');
  await desk.client.connection.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: `instruction/${name!}` },
  });
  const forgotten = await until('the engine has forgotten', async () => {
    const told = await tell();
    return told.lines[0]!.includes('lue dans l’archive') ? told : null;
  });
  expect(forgotten.sound).toBe(true);
  expect(forgotten.lines[0]).toContain('intacte');
  expect(forgotten.lines.slice(2)).toEqual(remembered.lines.slice(2));
});

test('an archive cannot be changed by the application; changed by somebody with all rights, it is told as altered', async () => {
  const update = sql`update workflow_history set content = content || '\\x00' where workflow_id = ${workflowId}`;
  await expect(update.execute(desk.database.sql)).rejects.toThrow(/never changed nor removed|permission denied/);
  await expect(update.execute(desk.owner)).rejects.toThrow('never changed nor removed');
  const content = Buffer.from('rien');
  await desk.owner.transaction().execute(async (trx) => {
    await sql`alter table workflow_history disable trigger all`.execute(trx);
    await sql`update workflow_history set content = ${content} where workflow_id = ${workflowId}`.execute(trx);
    await sql`alter table workflow_history enable trigger all`.execute(trx);
  });
  const told = await tell();
  expect([told.sound, told.lines[0]]).toEqual([false, expect.stringContaining('ALTÉRÉE')]);
});

test('a workflow that nobody knows has no history, and that is said', async () => {
  const decode = createPayloadReader(desk.keys);
  const told = await tellWorkflow({ sql: desk.database.sql, client: desk.client, decode }, 'instruction/inconnue');
  expect(told).toEqual({ sound: false, lines: ['instruction/inconnue : aucun historique, ni moteur ni archive'] });
});

test('the Schedule of the archive is made once, however many workers start', async () => {
  await Promise.all([1, 2, 3].map(() => ensureHistoryArchive(desk.client)));
  const handle = desk.client.schedule.getHandle('historyArchive');
  const { spec, action } = await handle.describe();
  expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'historyArchive', taskQueue: 'coordination' });
  expect(spec.intervals).toMatchObject([{ every: 6 * HOUR }]);
  await handle.delete();
});

test('its Schedule, when it fires, archives what has ended since', async () => {
  const { id } = await desk.release({ audience: { organisations: ['ARS-11'] } });
  await desk.reply(id, 'ARS-11', 'done', {});
  await desk.settle(id);
  await desk.advance(id, 4 * DAY + HOUR);
  const of = `WorkflowId = 'instruction/${id}'`;
  await until('the end in the list', async () => {
    for await (const run of desk.client.workflow.list({ query: of })) if (run.closeTime !== undefined) return true;
    return null;
  });
  await ensureHistoryArchive(desk.client, `coordination${desk.queueSuffix}`);
  const schedule = desk.client.schedule.getHandle('historyArchive');
  try {
    await schedule.trigger();
    const [run] = await until('it is archived', async () => {
      const runs = await archivedHistories(desk.database.sql, `instruction/${id}`);
      return runs.length > 0 ? runs : null;
    });
    expect(run).toMatchObject({ type: 'instruction', status: 'COMPLETED', intact: true });
    expect(decodeHistory(run!.content).events).toHaveLength(run!.events);
    expect((await schedule.describe()).info.numActionsTaken).toBe(1);
  } finally {
    await schedule.delete();
  }
}, 90_000);
