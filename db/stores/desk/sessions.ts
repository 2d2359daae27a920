import { randomBytes } from 'node:crypto';
import { hashToken } from '../../../config/tokens.ts';
import type { Sql } from '../../database.ts';

/** Opens a session and returns its secret, which only the browser keeps: the table holds a hash. */
export async function openSession(
  db: Sql,
  session: { readonly sub: string; readonly claims: object; readonly now: number; readonly lastsMs: number },
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await db
    .insertInto('session')
    .values({
      id_hash: hashToken(secret),
      sub: session.sub,
      claims: JSON.stringify(session.claims),
      created_at: new Date(session.now),
      expires_at: new Date(session.now + session.lastsMs),
    })
    .execute();
  await db.deleteFrom('session').where('expires_at', '<', new Date(session.now)).execute();
  return secret;
}

/** The claims of a session that has not ended; null otherwise. */
export async function readSession(db: Sql, secret: string, now: number): Promise<unknown> {
  const row = await db
    .selectFrom('session')
    .select('claims')
    .where('id_hash', '=', hashToken(secret))
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return row?.claims ?? null;
}

export async function closeSession(db: Sql, secret: string): Promise<void> {
  await db.deleteFrom('session').where('id_hash', '=', hashToken(secret)).execute();
}
