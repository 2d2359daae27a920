import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import { type Database, newId } from '../../database.ts';
import { appendAudit, instructionSubject } from '../audit.ts';

export interface ContactReport {
  readonly organisation: string;
  readonly instruction: string;
  readonly delivery: string;
  readonly comment: string;
  /** Of the form: the same form sent twice reports once. */
  readonly nonce: string;
  readonly by: Actor;
  readonly now: number;
}

/** «Je ne suis pas la bonne personne»: a contact for somebody to correct. */
export function reportContact(database: Database, keys: KeyRing, report: ContactReport): Promise<void> {
  return database.sql.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto('contact_report')
      .values({
        id: newId(),
        organisation_id: report.organisation,
        instruction_id: report.instruction,
        delivery_id: report.delivery,
        comment: report.comment,
        nonce: report.nonce,
        reported_at: new Date(report.now),
      })
      .onConflict((conflict) => conflict.column('nonce').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted === undefined) return;
    await appendAudit(trx, keys, instructionSubject(report.instruction), [
      {
        at: report.now,
        kind: 'contactReported',
        organisation: report.organisation,
        actor: report.by,
        data: { delivery: report.delivery, comment: report.comment },
      },
    ]);
  });
}

/** @returns false when there is no such report; closing it twice keeps the first */
export async function closeContactReport(
  database: Database,
  id: string,
  by: { readonly sub: string; readonly now: number },
): Promise<boolean> {
  const row = await database.sql
    .updateTable('contact_report')
    .set((report) => ({
      closed_at: report.fn.coalesce('closed_at', report.val(new Date(by.now))),
      closed_by: report.fn.coalesce('closed_by', report.val(by.sub)),
    }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
