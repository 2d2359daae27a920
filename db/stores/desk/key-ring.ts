import type { KeyRing } from '../../../config/keys.ts';
import type { Database } from '../../database.ts';

/** Notes the keys that this process may seal with; called by every role at its start, before anything is sealed. */
export async function recordKeys(database: Database, ring: KeyRing): Promise<void> {
  const seen = new Date();
  await database.sql
    .insertInto('key_ring_seen')
    .values(ring.map(({ id }) => ({ key_id: id, first_seen: seen })))
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute();
}

/** Whether this desk ever used the key: a payload sealed with one that it never used is forged. */
export async function isKeyOfOurs(database: Database, keyId: string): Promise<boolean> {
  const row = await database.sql
    .selectFrom('key_ring_seen')
    .select('key_id')
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  return row !== undefined;
}
