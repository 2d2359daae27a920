import { sql } from 'kysely';
import type { Sql } from '../../database.ts';

/** @returns false when there is no such notice that failed; noting it twice keeps the first */
export async function takeNoteOfNotice(
  db: Sql,
  id: string,
  by: { readonly sub: string; readonly now: number },
): Promise<boolean> {
  const { rows } = await sql`
    with failed as (select id from duty_notice where id = ${id}::uuid and status = 'failed'),
      noted as (insert into duty_notice_seen (notice_id, sub, at) select id, ${by.sub}, ${new Date(by.now)}::timestamptz
        from failed on conflict do nothing)
    select id from failed`.execute(db);
  return rows.length > 0;
}
