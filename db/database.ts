import { Kysely, PostgresDialect, type Transaction as KyselyTransaction } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { PreparingClient } from './prepared-statements.ts';
import type { Schema } from './schema.ts';

export { newId } from './ids.ts';

/** Plain SQL, typed: of the pool, or of one transaction. */
export type Sql = Kysely<Schema>;
export type Transaction = KyselyTransaction<Schema>;

/** One pool of connections, seen as plain SQL. Its aggregates and migrations: `db/orm.ts`. */
export interface Database {
  readonly sql: Sql;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** `owner`: as the user of the URL, for migrations. Default `application`: a role that cannot rewrite the audit. */
  readonly as?: 'application' | 'owner';
  /** How long a connection may take, ms. Default: 3 s for the application, 30 s for the owner, whose tools can wait. */
  readonly connectTimeoutMs?: number;
}

/** Short, so that a request learns soon that PostgreSQL is away (503). */
const CONNECTION_TIMEOUT_MS = { application: 3_000, owner: 30_000 } as const;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Opens the database; connections are made at the first query.
 * @throws when the URL cannot be read; a server that is away shows at the first query
 */
export const openDatabase = (url: string, options: DatabaseOptions = {}): Promise<Database> =>
  Promise.resolve().then(() => open(url, options));

function open(url: string, options: DatabaseOptions): Database {
  const sql = new Kysely<Schema>({ dialect: postgresDialect(url, options) });
  return { sql, close: () => sql.destroy() };
}

/** The pool, as Kysely and MikroORM take it. @throws when the URL cannot be read */
export function postgresDialect(url: string, options: DatabaseOptions): PostgresDialect {
  const { as = 'application' } = options;
  const role = as === 'owner' ? '' : '-c role=vigie_app';
  const pool = new pg.Pool({
    ...addressOf(url),
    max: options.poolSize ?? 10,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECTION_TIMEOUT_MS[as],
    keepAlive: true,
    application_name: 'vigie',
    // Compiling costs more than it saves in statements of milliseconds: 60 ms of the consolidation of a survey.
    options: `-c TimeZone=UTC -c jit=off ${role}`.trimEnd(),
    types: typesAsRead(),
    Client: PreparingClient,
  });
  // An error without a listener ends the process. The pool has dropped that connection, and the query in flight fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool, cursor: Cursor });
}

/** @throws TypeError when it is no URL: `pg` would take it for the name of a socket */
const addressOf = (url: string): { connectionString: string } => ({ connectionString: new URL(url).href });

/** Days and intervals stay text: `pg` makes instants of days, in the zone of the process. Instants are `Date`s. */
function typesAsRead(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  for (const type of AS_TEXT) types.setTypeParser(type, (text) => text);
  // A tenth of the work of `pg`'s own reader, and a list of 50 has 200 of them.
  types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text));
  return types;
}

const AS_TEXT = [pg.types.builtins.DATE, pg.types.builtins.TIMESTAMP, pg.types.builtins.INTERVAL];
