import { sql } from 'kysely';
import type { LateSite } from '../../../domain/survey/subject-matter.ts';
import type { Sql } from '../../database.ts';
import { CONTACT } from '../../survey-contact.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** Establishments that owe an answer, by their agency; each list by department, then by name. */
export async function lateSitesOf(db: Sql, survey: string): Promise<ReadonlyMap<string, readonly LateSite[]>> {
  const { rows } = await sql<LateSite & { ars: string }>`
    select r.territory as ars, r.key as site, r.department, r.name, r.address, ${CONTACT} as contact, box.name as "contactName",
      coalesce(phone.address, site.phone) as phone, a.returned_at is not null as returned
    from survey_respondent r join site on site.id = r.organisation_id
    ${WITH_ANSWER}
    left join lateral (
      select c.name from contact c where c.organisation_id = r.organisation_id and c.channel = 'mail' and c.address = r.address
      order by c.kind <> 'alertBox', c.position limit 1
    ) box on true
    left join lateral (
      select c.address from contact c where c.organisation_id = r.organisation_id and c.kind = 'alertBox' and c.channel <> 'mail'
      order by c.channel = 'sms', c.position limit 1
    ) phone on true
    where r.survey_id = ${survey}::uuid and a.submitted is null
    order by r.department, r.name, r.key`.execute(db);
  return Map.groupBy(rows, ({ ars }) => ars);
}

/** All of an agency's establishments have answered meanwhile: it gets no list. */
export async function withdrawEmptyLists(db: Sql, mailing: string, survey: string): Promise<void> {
  await sql`
    update mailing_mail mail set status = 'withdrawn' from mailing
    where mail.mailing_id = ${mailing}::uuid and mailing.id = mail.mailing_id and mail.status in ('planned', 'waiting')
      and not exists (
        select from survey_respondent r ${WITH_ANSWER}
        where r.survey_id = ${survey}::uuid and r.territory = mailing.detail -> 'agencies' ->> mail.id::text
          and r.department is not null and a.submitted is null)`.execute(db);
}
