// The floor of answers to a survey: each PUT is one committed row, by bare Fastify and `pg`; nothing is checked.
// Argument: URL of the database. Prints its address.
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 10 });
await pool.query('create table if not exists bare_answer (site text, body jsonb, at timestamptz default now())');
const app = Fastify();
app.put<{ Params: { site: string } }>('/v1/surveys/:id/answers/:site', async (request) => {
  await pool.query('insert into bare_answer (site, body) values ($1, $2)', [
    request.params.site,
    JSON.stringify(request.body),
  ]);
  return request.body;
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
