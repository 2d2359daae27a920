// npm run history -- <workflow id>: tells a history in French, from the engine while it remembers, else from the archive.
// Exit code 1 when there is none, or when an archived one is not what was archived.
import '../config/node-version.ts';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { connectGateway } from '../gateway/connection.ts';
import { createPayloadReader } from '../gateway/payload-codec.ts';
import { tellWorkflow } from './history-telling.ts';

const [workflowId] = process.argv.slice(2);
if (workflowId === undefined) {
  console.error('npm run history -- <identifiant du processus>, par exemple instruction/0198c0de-…');
  process.exitCode = 1;
} else {
  const env = readEnv();
  const database = await openDatabase(env.databaseUrl, { poolSize: 1 });
  const temporal = await connectGateway({ ...env.temporal, keys: env.keys });
  try {
    const told = await tellWorkflow(
      { sql: database.sql, client: temporal.client, decode: createPayloadReader(env.keys) },
      workflowId,
    );
    for (const line of told.lines) console.log(line);
    if (!told.sound) process.exitCode = 1;
  } finally {
    await Promise.all([temporal.close(), database.close()]);
  }
}
