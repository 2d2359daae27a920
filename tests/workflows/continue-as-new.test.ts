import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MINUTE } from '../../domain/instant.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.ts';

let temporal: OwnTemporal;
let desk: InstructionDesk;
beforeAll(async () => {
  // The server suggests a new run after 51 200 events; here after 60, so that a story of a few turns spans several runs.
  temporal = await startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': 60 });
  desk = await startInstructionDesk({ temporalAddress: temporal.address });
});
afterAll(async () => {
  await desk.close();
  await temporal.close();
});

const runsOf = async (workflowId: string): Promise<string[]> => {
  const runs: string[] = [];
  for await (const { runId } of desk.client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(runId);
  return runs;
};

test('a history that grows long goes on in a new run that knows everything', async () => {
  const { id, workflowId } = await desk.release({ audience: { organisations: ['ARS-84', 'ARS-53', 'ARS-94'] } });
  const first = (await desk.client.workflow.getHandle(workflowId).describe()).runId;
  await desk.reply(id, 'ARS-84', 'takenInCharge', { messageId: 'first' });
  for (let percent = 1; percent <= 25; percent += 1) {
    const answer = await desk.reply(id, 'ARS-84', 'progress', { percent, messageId: `progress-${percent}` });
    expect(answer).toMatchObject({ accepted: true, replayed: false, followUps: [{ percent }] });
  }
  await desk.settle(id);
  const { runId } = await desk.client.workflow.getHandle(workflowId).describe();
  expect(runId).not.toBe(first);

  const process = await desk.process(id);
  expect(process.followUps.find(({ organisation }) => organisation === 'ARS-84')).toMatchObject({
    state: 'inProgress',
    percent: 25,
  });
  // A message counted in an earlier run is not counted again.
  expect(await desk.reply(id, 'ARS-84', 'takenInCharge', { messageId: 'first' })).toMatchObject({ replayed: true });
  // Timers are set again: the ladder of the silent ones goes on.
  await desk.advance(id, 82 * MINUTE);
  expect(await desk.projection(id, 'ARS-53')).toMatchObject({ ladderStep: 1 });
  // A second release is answered by whichever run is there.
  const seq = (await desk.process(id)).seq;
  const row = await desk.database.sql.selectFrom('instruction').select('seq').where('id', '=', id).executeTakeFirst();
  expect(row?.seq).toBe(seq);
});

test('replies that pour in while runs follow one another are all counted, each once', async () => {
  const { id, workflowId } = await desk.release({ audience: { organisations: ['ARS-11', 'ARS-32'] } });
  const replies = Array.from({ length: 60 }, (_, index) => index);
  const send = async (index: number): Promise<void> => {
    const more = { percent: 1 + index, comment: 'suite', messageId: `m-${index}` };
    if (index % 2 === 0) await desk.reply(id, 'ARS-11', 'progress', more);
    else await desk.signal(id, { organisation: 'ARS-32', kind: 'progress', from: 'essai', ...more });
  };
  while (replies.length > 0) await Promise.all(replies.splice(0, 6).map(send));
  await desk.settle(id);
  const rows = await desk.database.sql
    .selectFrom('reply')
    .select('message_id')
    .where('instruction_id', '=', id)
    .execute();
  expect(new Set(rows.map(({ message_id }) => message_id)).size).toBe(60);
  expect(rows).toHaveLength(60);
  expect((await runsOf(workflowId)).length).toBeGreaterThan(1);
});

test('the search attributes find an instruction, in its later runs too', async () => {
  const { id, workflowId } = await desk.release({ audience: { organisations: ['ARS-75'] }, exercise: true });
  for (let percent = 1; percent <= 20; percent += 1) await desk.reply(id, 'ARS-75', 'progress', { percent });
  await desk.settle(id);
  const { typedSearchAttributes } = await desk.client.workflow.getHandle(workflowId).describe();
  const found = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  const { deadline } = await desk.followUp(id, 'ARS-75');
  expect(found).toMatchObject({
    VigieKind: 'instruction',
    VigieNature: 'action',
    VigieExercise: true,
    VigieDueAt: new Date(deadline ?? 0),
  });
});
