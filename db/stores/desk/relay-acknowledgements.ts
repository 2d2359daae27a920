import type { Sql } from '../../database.ts';

/** A partner has acknowledged: once, the first counts. @returns false when it had before */
export async function acknowledgeRelay(
  db: Sql,
  { mail, nonce, now }: { readonly mail: string; readonly nonce: string; readonly now: number },
): Promise<boolean> {
  const row = await db
    .insertInto('relay_acknowledgement')
    .values({ relay_mail_id: mail, nonce, at: new Date(now) })
    .onConflict((conflict) => conflict.column('relay_mail_id').doNothing())
    .returning('nonce')
    .executeTakeFirst();
  return row !== undefined;
}
