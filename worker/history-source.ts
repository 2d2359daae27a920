import type { Client } from '@temporalio/client';
import type { HistorySource } from '../activities/history.activities.ts';
import { closedRuns, readHistory } from '../gateway/histories.ts';

/** The engine's histories for the archive. @param query narrows them, for tests that share a server */
export const historySource = (client: Client, query?: string): HistorySource => ({
  closed: () => closedRuns(client, query),
  read: async (run) => {
    const history = await readHistory(client, run);
    return history === undefined ? undefined : { ...run, ...history };
  },
});
