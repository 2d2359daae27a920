import { sql } from 'kysely';
import type { ContactState } from '../domain/survey/contact.ts';

/** SQL condition on `survey_respondent r`: a mail to the address that it has now did not arrive. It stands until that is corrected. */
export const UNDELIVERED = sql<boolean>`exists (
  select from mailing_mail returned where returned.recipient = r.id
    and (returned.bounced_at is not null or returned.status = 'failed')
    and returned.planned_at >= coalesce(r.contact_at, '-infinity'))`;

/** Of `survey_respondent r`. */
export const CONTACT = sql<ContactState>`case when r.address is null then 'missing' when ${UNDELIVERED} then 'toCorrect' else 'ok' end`;
