import type { Database } from '../db/database.ts';
import { MIGRATIONS_KNOWN, migrationsDone } from '../db/read-models/migrations.ts';
import type { TemporalGateway } from '../gateway/connection.ts';
import { checkEngine } from '../gateway/health.ts';
import type { ReadinessReport } from './deps.ts';

/** What a request needs, asked of each part; never throws: an outage is an answer here. */
export function readinessOf(database: Database, gateway: TemporalGateway): () => Promise<ReadinessReport> {
  return async () => {
    const [done, engine] = await Promise.all([migrationsDone(database.sql), checkEngine(gateway)]);
    return {
      database: done !== null,
      migrations: done !== null && MIGRATIONS_KNOWN.every((name) => done.includes(name)),
      temporal: engine.reachable,
      queuesWithoutPoller: engine.queuesWithoutPoller,
    };
  };
}
