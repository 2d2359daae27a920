import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { type DatabaseOptions, postgresDialect } from './database.ts';
import { ENTITIES } from './entities/index.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * The tables as entities, and the migrations that make them; on a pool of its own. Apart from `database.ts`, as only those who
 * migrate need it: it would take some 20 MB in every other process.
 * @throws when the URL cannot be read; a server that is away shows at the first query
 */
export const openOrm = (url: string, options: DatabaseOptions): MikroORM =>
  new MikroORM({
    entities: ENTITIES,
    clientUrl: url,
    extensions: [Migrator],
    discovery: { warnWhenNoEntities: false },
    migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
    driverOptions: postgresDialect(url, options),
  });
