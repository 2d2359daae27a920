import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../../domain/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import type { Transaction } from '../database.ts';

/** What follows the address in a report of a mail that did not arrive; a report by a person has his own words. */
export const NOT_DELIVERED = ' : courriel non distribué (';

interface Closing {
  readonly by: Pick<Actor, 'sub'>;
  readonly now: Instant;
}

/** Organisations have other contacts now: of an address that they have no more nothing is left to correct. */
export const closeReportsOfGone = (
  trx: Transaction,
  organisations: readonly string[],
  closing: Closing,
): Promise<void> =>
  // Reports of the desk are of its lists as well, whose addresses are none of its contacts.
  close(
    trx,
    sql`report.organisation_id = any(${[...organisations]}::text[]) and report.organisation_id <> ${CORRUSS}
      and not exists (select from contact c where c.organisation_id = report.organisation_id
        and starts_with(report.comment, c.address || ${NOT_DELIVERED}::text))`,
    closing,
  );

/** The same of one on a list of the desk. */
export const closeReportOfListed = (trx: Transaction, address: string, closing: Closing): Promise<void> =>
  close(
    trx,
    sql`report.organisation_id = ${CORRUSS} and starts_with(report.comment, ${address + NOT_DELIVERED}::text)`,
    closing,
  );

async function close(trx: Transaction, which: RawBuilder<unknown>, { by, now }: Closing): Promise<void> {
  await sql`
    update contact_report report set closed_at = ${new Date(now)}::timestamptz, closed_by = ${by.sub}
    where report.closed_at is null and strpos(report.comment, ${NOT_DELIVERED}) > 0 and ${which}`.execute(trx);
}
