import { readFileSync } from 'node:fs';
import { readTestServersFile } from '../../config/env.ts';

/** What every test of a run shares: one PostgreSQL, one Temporal whose workflows' clocks can be pushed. */
export interface TestServers {
  /** Superuser, database `postgres`. */
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  /** The Temporal CLI's file. */
  readonly temporalCli: string;
}

/** @throws outside a Jest run */
export function testServers(): TestServers {
  const file = readTestServersFile();
  if (file === null) throw new Error('The servers of the tests run only under Jest (tests/support/global-setup.ts)');
  return JSON.parse(readFileSync(file, 'utf8')) as TestServers;
}
