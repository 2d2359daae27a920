// The least that an intake can be: an SMTP server that inserts the raw mail, then says 250. Argument: URL of PostgreSQL.
import { SMTPServer } from 'smtp-server';
import { openDatabase } from '../../db/database.ts';
import { sql } from 'kysely';

const [url = ''] = process.argv.slice(2);
const database = await openDatabase(url, { as: 'owner' });
await sql`create table bench_mail (id bigint generated always as identity primary key, raw bytea not null)`.execute(
  database.sql,
);
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      sql`insert into bench_mail (raw) values (${Buffer.concat(chunks)})`.execute(database.sql).then(
        () => done(),
        (error: unknown) => done(error as Error),
      );
    });
  },
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.server.address() as { port: number }).port}\n`);
});
