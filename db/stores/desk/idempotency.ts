import { sql } from 'kysely';
import type { Sql } from '../../database.ts';

export interface IdempotentRequest {
  readonly sub: string;
  readonly route: string;
  readonly key: string;
  readonly bodySha256: string;
  readonly now: number;
}

/** What is known of a key. `mine`: this request is the one to carry out. */
export type Claim =
  | { readonly outcome: 'mine' }
  | { readonly outcome: 'underWay' }
  | { readonly outcome: 'otherBody' }
  | { readonly outcome: 'answered'; readonly status: number; readonly response: StoredResponse };

export interface StoredResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that did not end in this time died with its process: the next one takes its place. */
const STALE_MS = 60_000;

/** Takes the key, or tells who has it. One statement decides: of two requests at the same instant one is `mine`. */
export async function claimKey(db: Sql, request: IdempotentRequest): Promise<Claim> {
  const { sub, route, key, bodySha256, now } = request;
  const taken = await sql`
    insert into idempotency_key (sub, route, key, body_sha256, created_at)
    values (${sub}, ${route}, ${key}, ${bodySha256}, ${new Date(now)})
    on conflict (sub, route, key) do update set created_at = excluded.created_at
      where idempotency_key.status is null and idempotency_key.body_sha256 = excluded.body_sha256
        and idempotency_key.created_at <= ${new Date(now - STALE_MS)}
    returning key`.execute(db);
  if (taken.rows.length > 0) return { outcome: 'mine' };
  const row = await at(db, request).executeTakeFirst();
  if (row === undefined) return { outcome: 'underWay' };
  if (row.body_sha256 !== bodySha256) return { outcome: 'otherBody' };
  if (row.status === null) return { outcome: 'underWay' };
  return { outcome: 'answered', status: row.status, response: row.response as StoredResponse };
}

/** Keeps the answer for whoever comes again with the same key. */
export async function keepAnswer(
  db: Sql,
  request: IdempotentRequest,
  answer: { readonly status: number; readonly response: StoredResponse },
): Promise<void> {
  await db
    .updateTable('idempotency_key')
    .set({ status: answer.status, response: JSON.stringify(answer.response) })
    .where('sub', '=', request.sub)
    .where('route', '=', request.route)
    .where('key', '=', request.key)
    .where('status', 'is', null)
    .execute();
}

/** Gives the key back: nothing was done, the request may be corrected or sent again. */
export async function freeKey(db: Sql, request: IdempotentRequest): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('sub', '=', request.sub)
    .where('route', '=', request.route)
    .where('key', '=', request.key)
    .where('status', 'is', null)
    .execute();
}

const at = (db: Sql, request: IdempotentRequest) =>
  db
    .selectFrom('idempotency_key')
    .select(['body_sha256', 'status', 'response'])
    .where('sub', '=', request.sub)
    .where('route', '=', request.route)
    .where('key', '=', request.key);
