import { sql } from 'kysely';

/** SQL condition on `duty_notice notice`: not delivered, and nobody has taken note. What came back is a contact to correct. */
export const undelivered = sql<boolean>`(notice.status = 'failed' and notice.bounced_at is null
  and not exists (select from duty_notice_seen seen where seen.notice_id = notice.id))`;
