import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { parseKeyRing } from '../../config/keys.ts';
import { createDataConverter } from '../../gateway/data-converter.ts';
import { TEST_KEYS } from '../support/instruction-desk.ts';
import { endRuntime, quietRuntime, testBundle } from '../support/test-runtime.ts';
import { SCENARIOS } from './scenarios.ts';

const FOLDER = join(import.meta.dirname, 'histories');
let options: Parameters<typeof Worker.runReplayHistories>[0];

beforeAll(async () => {
  quietRuntime();
  // A payload that a scenario forged is rubbish at replay as it was when it came.
  const dataConverter = createDataConverter(parseKeyRing(TEST_KEYS), () => Promise.resolve(false));
  options = { workflowBundle: { codePath: await testBundle() }, dataConverter };
});

afterAll(() => endRuntime());

const read = (file: string) => readFile(join(FOLDER, file), 'utf8');
const parse = (text: string): unknown => JSON.parse(text);

async function failuresOf(histories: readonly { file: string; text: string }[]): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  const given = histories.map(({ file, text }) => ({ workflowId: file, history: historyFromJSON(parse(text)) }));
  for await (const { workflowId, error } of Worker.runReplayHistories(options, given)) {
    if (error !== undefined) failures[workflowId] = error.message;
  }
  return failures;
}

test('every path has a recorded history', async () => {
  const files = await readdir(FOLDER);
  const missing = SCENARIOS.map(({ name }) => `${name}.json`).filter((file) => !files.includes(file));
  expect(missing).toEqual([]);
});

test('every workflow that was ever recorded goes on with the code of today', async () => {
  const files = await readdir(FOLDER);
  const histories = await Promise.all(files.map(async (file) => ({ file, text: await read(file) })));
  expect(await failuresOf(histories)).toEqual({});
});

test('a history that this code would not have made is refused', async () => {
  const text = await read('answered-closed-ended.json');
  const otherActivity = text.replaceAll('"dispatchInstruction"', '"anotherActivity"');
  const otherOrder = text.replaceAll('EVENT_TYPE_TIMER_STARTED', 'EVENT_TYPE_MARKER_RECORDED');
  expect([otherActivity === text, otherOrder === text]).toEqual([false, false]);
  const failures = await failuresOf([
    { file: 'other activity', text: otherActivity },
    { file: 'other order', text: otherOrder },
  ]);
  expect(Object.keys(failures).sort()).toEqual(['other activity', 'other order']);
});

test('histories are sealed by the key of the tests: nothing in them is in clear', async () => {
  const texts = await Promise.all(SCENARIOS.map(({ name }) => read(`${name}.json`)));
  const clear = ['MINSANTE N', 'Recensement'].flatMap((words) => [words, Buffer.from(words).toString('base64')]);
  expect(clear.filter((words) => texts.some((text) => text.includes(words)))).toEqual([]);
});
