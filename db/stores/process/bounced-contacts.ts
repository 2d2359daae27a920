import { sql } from 'kysely';
import type { Instant } from '../../../domain/instant.ts';
import { newId, type Transaction } from '../../database.ts';
import { NOT_DELIVERED } from '../bounced-reports.ts';

export interface BouncedContact {
  readonly organisation: string;
  readonly address: string;
  readonly diagnostic: string;
  /** What came back: the same thing is reported once. */
  readonly nonce: string;
  readonly now: Instant;
  /** Where an instruction's delivery came back. */
  readonly of?: { readonly instruction: string; readonly delivery: string };
}

/**
 * An address that nothing reaches is for somebody to correct: one open report for each.
 * @returns what the report says; undefined when the address is reported already
 */
export async function reportBounced(trx: Transaction, contact: BouncedContact): Promise<string | undefined> {
  const { organisation, address, diagnostic, nonce, now, of } = contact;
  const comment = `${address}${NOT_DELIVERED}${diagnostic})`.slice(0, 1000);
  const reported = await trx
    .selectFrom('contact_report')
    .select('id')
    .where('organisation_id', '=', organisation)
    .where('closed_at', 'is', null)
    .where(sql<boolean>`starts_with(comment, ${`${address} : `})`)
    .executeTakeFirst();
  if (reported !== undefined) return undefined;
  await trx
    .insertInto('contact_report')
    .values({
      id: newId(),
      organisation_id: organisation,
      instruction_id: of?.instruction ?? null,
      delivery_id: of?.delivery ?? null,
      comment,
      nonce,
      reported_at: new Date(now),
    })
    .onConflict((conflict) => conflict.column('nonce').doNothing())
    .execute();
  return comment;
}
