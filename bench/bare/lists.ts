// The floor of lists: the very SQL of the read models over bare `pg` and Fastify, rows sent as they come.
// Arguments: URL of the database, id of an instruction. Prints its address.
import Fastify from 'fastify';
import { Kysely } from 'kysely';
import pg from 'pg';
import { postgresDialect } from '../../db/database.ts';
import { listInstructions } from '../../db/read-models/instructions.ts';
import { listRecipients } from '../../db/read-models/recipients.ts';
import { listTasks } from '../../db/read-models/tasks.ts';
import { readTimeline } from '../../db/read-models/timeline.ts';
import type { Schema } from '../../db/schema.ts';

const [url = '', instruction = ''] = process.argv.slice(2);
const asked: { sql: string; parameters: readonly unknown[] }[] = [];
const db = new Kysely<Schema>({
  dialect: postgresDialect(url, { poolSize: 1 }),
  log: ({ query }) => void asked.push(query),
});
const first = { limit: 50, after: null };
const READINGS: Readonly<Record<string, () => Promise<unknown>>> = {
  '/v1/instructions': () => listInstructions(db, 'all', {}, first),
  '/v1/tasks': () => listTasks(db, null, first),
  [`/v1/instructions/${instruction}/recipients`]: () => listRecipients(db, 'all', instruction, first),
  [`/v1/instructions/${instruction}/timeline`]: () =>
    readTimeline(db, 'all', `instruction/${instruction}`, { limit: 50, after: 0 }),
};

const app = Fastify();
const pool = new pg.Pool({ connectionString: url, options: '-c TimeZone=UTC -c role=vigie_app', max: 10 });
for (const [path, read] of Object.entries(READINGS)) {
  await read();
  const statements = asked.splice(0).map(({ sql, parameters }) => ({ text: sql, values: [...parameters] }));
  app.get(path, async () => {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await pool.query(statement));
    return { items: rows };
  });
}
await db.destroy();
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
