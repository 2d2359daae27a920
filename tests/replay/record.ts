// npm run histories:record: plays every scenario that has no recorded history yet, on real parts, and keeps its history.
// A recorded history is never overwritten: it stands for workflows that are running somewhere (see README.md).
import '../../config/node-version.ts';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import globalSetup from '../support/global-setup.ts';
import globalTeardown from '../support/global-teardown.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { startOwnTemporal } from '../support/own-temporal.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const FOLDER = join(import.meta.dirname, 'histories');

await mkdir(FOLDER, { recursive: true });
await globalSetup();
try {
  const missing = await scenariosWithoutHistory();
  const shared = missing.filter(({ suggestContinueAsNew }) => suggestContinueAsNew === undefined);
  if (shared.length > 0) await onDesk({}, shared);
  for (const scenario of missing.filter((one) => !shared.includes(one))) {
    const limit = { 'limit.historyCount.suggestContinueAsNew': scenario.suggestContinueAsNew };
    const temporal = await startOwnTemporal(limit);
    await onDesk({ temporalAddress: temporal.address }, [scenario]);
    await temporal.close();
  }
  process.stdout.write(`${missing.length} recorded, ${SCENARIOS.length - missing.length} kept as they are\n`);
} finally {
  await globalTeardown();
}
process.exit();

async function onDesk(options: { temporalAddress?: string }, scenarios: readonly Scenario[]): Promise<void> {
  const desk = await startInstructionDesk(options);
  try {
    for (const scenario of scenarios) await record(desk, scenario);
  } finally {
    await desk.close();
  }
}

/** One file a run: a scenario that continues as new leaves several. */
async function record(desk: InstructionDesk, scenario: Scenario): Promise<void> {
  const { name } = scenario;
  const id = await scenario.play(desk);
  const workflowId = scenario.workflowId?.(id) ?? `instruction/${id}`;
  const runs: string[] = [];
  for await (const { runId } of desk.client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(runId);
  for (const [index, runId] of runs.reverse().entries()) {
    const history = await desk.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const file = join(FOLDER, index === 0 ? `${name}.json` : `${name}.run-${index + 1}.json`);
    await writeFile(file, `${JSON.stringify(JSON.parse(historyToJSON(history)))}\n`, { flag: 'wx' });
    process.stdout.write(`${file}\n`);
  }
}

async function scenariosWithoutHistory(): Promise<Scenario[]> {
  const found = await Promise.all(
    SCENARIOS.map(({ name }) =>
      access(join(FOLDER, `${name}.json`)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return SCENARIOS.filter((_, index) => found[index] !== true);
}
