import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createHistoryActivities } from '../../activities/history.activities.ts';
import { readAuditAt } from '../../db/read-models/audit-at.ts';
import { archivedHistories } from '../../db/stores/process/history.ts';
import { storedProcess } from '../../db/stores/process/stored-process.ts';
import { fingerprintOf } from '../../domain/fingerprint.ts';
import { HOUR } from '../../domain/instant.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { createDataConverter } from '../../gateway/data-converter.ts';
import { decodeHistory } from '../../gateway/histories.ts';
import { createPayloadReader } from '../../gateway/payload-codec.ts';
import { historySource } from '../../worker/history-source.ts';
import type { CommandAnswer } from '../../workflows/contract.ts';
import { releaseRequest } from '../support/desk-actions.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { testBundle } from '../support/test-runtime.ts';
import { until } from '../support/wait.ts';

/* A cancellation is released while the last answer comes: one outcome, the same wherever it is asked for. */

const LAST = 'ARS-53';
/** Closer and closer to the moment at which the one overtakes the other. */
const CLOSER = 8;

let desk: InstructionDesk;
beforeAll(async () => {
  desk = await startInstructionDesk();
});
afterAll(() => desk.close());

interface Race {
  readonly first: string;
  readonly overtaking: string;
  readonly number: string;
  readonly answer: CommandAnswer;
}

/** An instruction that one of two has done, and the draft of its cancellation. */
async function prepared() {
  const audience = { organisations: ['ARS-84', LAST] };
  const { id: first, number } = await desk.release({ audience });
  await desk.reply(first, 'ARS-84', 'done');
  const refersTo = { instruction: first, number, relation: 'cancellation' } as const;
  const overtaking = await desk.draft({ audience, nature: 'information', deadline: '24H' }, refersTo);
  await desk.settle(first);
  return { first, overtaking };
}

/** @param answerAfter milliseconds between the release and the answer; negative: the answer goes first */
async function race(answerAfter: number): Promise<Race> {
  const { first, overtaking } = await prepared();
  const after = async <T>(milliseconds: number, act: () => Promise<T>): Promise<T> => {
    if (milliseconds > 0) await pause(milliseconds);
    return act();
  };
  const asked = [
    () => after(-answerAfter, () => desk.gateway.release(releaseRequest(overtaking))),
    () => after(answerAfter, () => desk.reply(first, LAST, 'done', { comment: 'Fait.' })),
  ] as const;
  // Of two at the very same moment, either is asked first.
  const [released, answer] =
    answerAfter < 0
      ? await Promise.all([asked[1](), asked[0]()]).then(([said, done]) => [done, said] as const)
      : await Promise.all([asked[0](), asked[1]()]);
  if (!released.released) throw new Error(released.detail);
  await until('the first has heard of it', async () => (await desk.process(first)).supersededBy !== undefined);
  await desk.settle(first);
  await desk.settle(overtaking);
  return { first, overtaking, number: released.number, answer };
}

/** What the one asking was told, and every place that keeps the outcome, say the same. */
async function expectOneOutcome(one: Race): Promise<InstructionProcess> {
  const { first, overtaking, number, answer } = one;
  const process = await desk.process(first);
  const state = answer.accepted ? 'done' : 'cancelled';
  const status = answer.accepted ? 'closed' : 'cancelled';
  expect(process).toMatchObject({ status, supersededBy: { instruction: overtaking, number } });
  expect(process.followUps.find(({ organisation }) => organisation === LAST)).toMatchObject({ state, closed: true });
  if (!answer.accepted)
    expect(answer.refusal).toMatchObject({ code: 'closed', detail: expect.stringContaining(number) });
  await expectProjected(process, answer.accepted);
  await expectAudited(process);
  return process;
}

async function expectProjected(process: InstructionProcess, answered: boolean): Promise<void> {
  const { instruction: id, seq, status, closedAt, followUps, supersededBy } = process;
  const { sql } = desk.database;
  const row = await sql.selectFrom('instruction').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect({ ...row, closed_at: row.closed_at?.getTime() }).toMatchObject({
    ...{ seq, status, closed_at: closedAt, fingerprint: fingerprintOf(process) },
    superseded_by: supersededBy?.instruction,
  });
  for (const followUp of followUps) expect(await desk.projection(id, followUp.organisation)).toEqual(followUp);
  expect(await storedProcess(sql, id)).toMatchObject({ seq, status, closedAt, supersededBy });
  const replies = await sql.selectFrom('reply').select('organisation_id').where('instruction_id', '=', id).execute();
  expect(replies.map((reply) => reply.organisation_id).toSorted()).toEqual(answered ? [LAST, 'ARS-84'] : ['ARS-84']);
  // The desk is told one result.
  const results = (await desk.deliveries(id)).filter(({ purpose }) => purpose === 'result');
  expect(results).toMatchObject([{ status: 'sent' }]);
}

async function expectAudited({ instruction, seq, status, closedAt, followUps, supersededBy }: InstructionProcess) {
  const asked = { subject: `instruction/${instruction}`, until: Date.now(), clock: 'recorded' } as const;
  const then = await readAuditAt(desk.database.sql, desk.keys, asked);
  expect(then).toMatchObject({ intact: true, state: { seq, status, closedAt, supersededBy } });
  expect(then?.state.followUps).toEqual(followUps);
  const kinds = (await desk.timeline(instruction)).map(({ kind }) => kind);
  const last = kinds.filter((kind) => ['closed', 'superseded', 'reopened'].includes(kind));
  expect(last.toSorted()).toEqual(status === 'closed' ? ['closed', 'superseded'] : ['superseded']);
}

/** Half of the way to the moment at which both would come together, from either side. */
async function closerAndCloser(): Promise<Race[]> {
  const races: Race[] = [];
  let [early, late] = [0, 400];
  for (let count = 0; count < CLOSER; count += 1) {
    const middle = (early + late) / 2;
    const one = await race(middle);
    races.push(one);
    if (one.answer.accepted) early = middle;
    else late = middle;
  }
  return races;
}

test('the last answer and the release of a cancellation at the same moment: one outcome, the same in workflow, projection, audit and history', async () => {
  const sides = [await race(-200), await race(-0.5), await race(0), await race(1_500)];
  expect([sides[0]!.answer.accepted, sides[3]!.answer.accepted]).toEqual([true, false]);
  const races = [...sides, ...(await closerAndCloser())];
  process.stdout.write(
    `answers before the cancellation: ${races.filter(({ answer }) => answer.accepted).length} of ${races.length}\n`,
  );
  const outcomes: InstructionProcess[] = [];
  for (const one of races) outcomes.push(await expectOneOutcome(one));

  // Made again out of the history alone, by a worker that has never seen it.
  await desk.stopWorkers();
  await desk.startWorkers();
  for (const outcome of outcomes) expect(await desk.process(outcome.instruction)).toEqual(outcome);

  for (const one of races) await expectArchived(one);
}, 180_000);

/** What is archived of it tells the same answer, and goes the same way once more. */
async function expectArchived({ first, answer }: Race): Promise<void> {
  await desk.advance(first, 73 * HOUR);
  const query = `WorkflowId = 'instruction/${first}'`;
  await until('the end in the list of the engine', async () => {
    for await (const { closeTime } of desk.client.workflow.list({ query })) if (closeTime !== undefined) return true;
    return null;
  });
  const { database, keys, client } = desk;
  const source = historySource(client, query);
  const activities = createHistoryActivities({ database, keys, source });
  expect(await new MockActivityEnvironment().run(() => activities.archiveHistories())).toBe(1);
  const [run] = await archivedHistories(database.sql, `instruction/${first}`);
  const history = decodeHistory(run!.content);
  const answers = history.events!.flatMap(
    ({ workflowExecutionUpdateCompletedEventAttributes: ended }) => ended?.outcome?.success?.payloads ?? [],
  );
  expect(await opened(answers.at(-1)!)).toEqual(answer);
  const options = { workflowBundle: { codePath: await testBundle() }, dataConverter: createDataConverter(keys) };
  await Worker.runReplayHistory(options, history, `instruction/${first}`);
}

async function opened(payload: Payload): Promise<unknown> {
  const [plain] = await createPayloadReader(desk.keys)([payload]);
  return JSON.parse(Buffer.from(plain!.data!).toString('utf8')) as unknown;
}
