import { Context } from '@temporalio/activity';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { archiveHistory, notArchived, type ClosedRun, type RunHistory } from '../db/stores/process/history.ts';
import type { HistoryActivities } from './contract.ts';

/** Where histories come from: the engine, as far back as it remembers. */
export interface HistorySource {
  /** Runs that have ended, in pages. */
  closed(): AsyncIterable<readonly ClosedRun[]>;
  /** Undefined when the engine has forgotten it in between. */
  read(run: ClosedRun): Promise<RunHistory | undefined>;
}

export interface HistoryDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly source: HistorySource;
}

export function createHistoryActivities({ database, keys, source }: HistoryDeps): HistoryActivities {
  return {
    /** Idempotent by run: what is archived already is passed over, so that an attempt goes on where the last one died. */
    archiveHistories: async () => {
      const context = Context.current();
      let archived = 0;
      for await (const page of source.closed()) {
        for (const run of await notArchived(database.sql, page)) {
          context.cancellationSignal.throwIfAborted();
          const history = await source.read(run);
          if (history !== undefined) {
            await archiveHistory(database.sql, keys, history);
            archived += 1;
          }
          context.heartbeat(archived);
        }
        context.heartbeat(archived);
      }
      return archived;
    },
  };
}
