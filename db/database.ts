import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { Kysely, Transaction as KyselyTransaction } from 'kysely';
import { ENTITIES } from './entities/index.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { preparing, type PgClientClass } from './prepared-statements.ts';
import type { Schema } from './schema.ts';

export { newId } from './ids.ts';

/** Plain SQL, typed: of the pool, or of one transaction. */
export type Sql = Kysely<Schema>;
export type Transaction = KyselyTransaction<Schema>;

/** One pool of connections, seen as aggregates (`orm`) and as plain SQL (`sql`). */
export interface Database {
  readonly orm: MikroORM;
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

const TIMESTAMPTZ_OID = 1184;
/** Short, so that a request learns soon that PostgreSQL is away (503). */
const CONNECTION_TIMEOUT_MS = { application: 3_000, owner: 30_000 } as const;
const IDLE_TIMEOUT_MS = 30_000;

/** What is used of `pg`'s pool. */
interface PgPool {
  Client: PgClientClass;
  readonly options: { readonly types?: { setTypeParser(oid: number, parse: (text: string) => unknown): void } };
}

/**
 * Opens the database; connections are made at the first query.
 * @throws when the URL cannot be read; a server that is away shows at the first query
 */
export const openDatabase = (url: string, options: DatabaseOptions = {}): Promise<Database> =>
  Promise.resolve().then(() => open(url, options));

function open(url: string, options: DatabaseOptions): Database {
  const { as = 'application' } = options;
  const role = as === 'owner' ? '' : '-c role=vigie_app';
  const orm = new MikroORM({
    entities: ENTITIES,
    clientUrl: url,
    extensions: [Migrator],
    discovery: { warnWhenNoEntities: false },
    migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
    pool: { min: 0, max: options.poolSize ?? 10, idleTimeoutMillis: IDLE_TIMEOUT_MS },
    driverOptions: {
      connectionString: url,
      connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECTION_TIMEOUT_MS[as],
      keepAlive: true,
      application_name: 'vigie',
      options: `-c TimeZone=UTC ${role}`.trimEnd(),
      onPoolCreated: adapt,
    },
  });
  const sql = orm.em.getKysely<Schema>();
  return { orm, sql, close: () => orm.close(true) };
}

/** MikroORM keeps instants as text for its own mapping; it takes a `Date` as well, and plain SQL wants one. */
function adapt(pool: PgPool): void {
  pool.options.types?.setTypeParser(TIMESTAMPTZ_OID, (text) => new Date(text));
  pool.Client = preparing(pool.Client);
}
