import type { Client } from '@temporalio/client';
import { isRelayKnown, openRelays, type OpenRelay } from '../db/stores/process/reconcile.ts';
import type { Sql } from '../db/database.ts';
import { isRunning } from '../gateway/engine-runs.ts';
import { RELAY_WORKFLOW, relayWorkflowId } from '../workflows/contract.ts';

/** `noRelay`: nobody sends its mails any more (sent on). `noRelayRow`: the database has never heard of it (a person decides). */
export type RelayDifference =
  | { readonly kind: 'noRelay'; readonly left: OpenRelay }
  | { readonly kind: 'noRelayRow'; readonly instruction: string; readonly organisation: string };

export async function relayDifferences(sql: Sql, client: Client): Promise<RelayDifference[]> {
  return [...(await withoutWorkflow(sql, client)), ...(await withoutRow(sql, client))];
}

async function withoutWorkflow(sql: Sql, client: Client): Promise<RelayDifference[]> {
  const found: RelayDifference[] = [];
  for (const left of await openRelays(sql)) {
    if (await isRunning(client, relayWorkflowId(left.instruction, left.organisation))) continue;
    // It may have ended between the two readings: only what is still open is left.
    const still = (await openRelays(sql)).some(({ relay }) => relay === left.relay);
    if (still) found.push({ kind: 'noRelay', left });
  }
  return found;
}

async function withoutRow(sql: Sql, client: Client): Promise<RelayDifference[]> {
  const found: RelayDifference[] = [];
  const query = `WorkflowType = '${RELAY_WORKFLOW}' and ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    const [, instruction = '', organisation = ''] = workflowId.split('/');
    // One that has just been started, and refuses what it is asked, ends by itself.
    if ((await isRelayKnown(sql, instruction, organisation)) || !(await isRunning(client, workflowId))) continue;
    found.push({ kind: 'noRelayRow', instruction, organisation });
  }
  return found;
}
