import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { Sql } from '../db/database.ts';
import { archivedHistories } from '../db/stores/process/history.ts';
import { decodeHistory, readHistory } from '../gateway/histories.ts';
import { tellHistory } from './history-words.ts';

export interface HistoryTeller {
  readonly sql: Sql;
  readonly client: Client;
  /** Opens payloads with the key ring. */
  readonly decode: (payloads: Payload[]) => Promise<Payload[]>;
}

/** @returns the lines to print; `sound` false when there is none, or an archived one is not what was archived */
export async function tellWorkflow(
  { sql, client, decode }: HistoryTeller,
  workflowId: string,
): Promise<{ readonly lines: string[]; readonly sound: boolean }> {
  const archived = await archivedHistories(sql, workflowId);
  const remembered = await fromEngine(client, workflowId);
  if (remembered !== undefined) {
    const lines = await tellHistory(decodeHistory(remembered.content), decode);
    const before = archived.length === 0 ? [] : [`(${archived.length} exécution(s) aussi conservée(s) en archive)`];
    return { lines: [`${workflowId} – dernière exécution, lue dans le moteur`, ...before, ...lines], sound: true };
  }
  if (archived.length === 0) return { lines: [`${workflowId} : aucun historique, ni moteur ni archive`], sound: false };
  const lines: string[] = [];
  for (const run of archived) {
    const verdict = run.intact ? 'intacte' : 'ALTÉRÉE';
    lines.push(`${workflowId} – exécution ${run.runId}, lue dans l’archive (${run.status}, ${verdict})`);
    lines.push(`SHA-256 ${run.sha256}`);
    if (run.intact) lines.push(...(await tellHistory(decodeHistory(run.content), decode)));
  }
  return { lines, sound: archived.every(({ intact }) => intact) };
}

/** An engine that is away is no reason not to read the archive. */
async function fromEngine(client: Client, workflowId: string) {
  try {
    return await client.withDeadline(Date.now() + 5_000, () => readHistory(client, { workflowId }));
  } catch {
    return undefined;
  }
}
