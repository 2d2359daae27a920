import { sql } from 'kysely';

/** SQL condition on `survey_respondent r`: a mail to the address that it has now did not arrive. It stands until that is corrected. */
export const UNDELIVERED = sql<boolean>`exists (
  select from mailing_mail returned where returned.recipient = r.id
    and (returned.bounced_at is not null or returned.status = 'failed')
    and returned.planned_at >= coalesce(r.contact_at, '-infinity'))`;

export const CONTACT_STATES = ['ok', 'missing', 'toCorrect'] as const;
/** Whether mails reach a respondent: as far as is known; it has no address; one came back or was refused. */
export type ContactState = (typeof CONTACT_STATES)[number];

/** Of `survey_respondent r`. */
export const CONTACT = sql<ContactState>`case when r.address is null then 'missing' when ${UNDELIVERED} then 'toCorrect' else 'ok' end`;
