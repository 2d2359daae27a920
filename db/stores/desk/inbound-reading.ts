import type { Database } from '../../database.ts';

/** Marks a received mail as read by a person. @returns false when there is no such mail; the first reader stays */
export async function markRead(
  database: Database,
  id: string,
  by: { readonly sub: string; readonly now: number },
): Promise<boolean> {
  const row = await database.sql
    .updateTable('inbound_mail')
    .set((mail) => ({
      read_at: mail.fn.coalesce('read_at', mail.val(new Date(by.now))),
      read_by: mail.fn.coalesce('read_by', mail.val(by.sub)),
    }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** What an officer read in a mail, once. @returns false when somebody has classified it before */
export async function markClassified(
  database: Database,
  id: string,
  by: { readonly sub: string; readonly now: number; readonly kind: string },
): Promise<boolean> {
  const row = await database.sql
    .updateTable('inbound_mail')
    .set({ classified_as: by.kind, read_at: new Date(by.now), read_by: by.sub })
    .where('id', '=', id)
    .where('classified_as', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
