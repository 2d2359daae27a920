import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
export const testServers = (): TestServers => JSON.parse(readFileSync(fileOfRun(), 'utf8')) as TestServers;

/** What is made once of the sources for a whole run: the bundle of all workflows, code that desks compiled. Goes with the servers. */
export const testCache = (): string => join(dirname(fileOfRun()), 'cache');

function fileOfRun(): string {
  const file = readTestServersFile();
  if (file === null) throw new Error('The servers of the tests run only under Jest (tests/support/global-setup.ts)');
  return file;
}
