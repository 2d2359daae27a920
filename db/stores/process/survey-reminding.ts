import { sql } from 'kysely';
import type { OrganisationId } from '../../../domain/instruction.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Reminding, chooseReminded, type ToRemind } from '../../../domain/survey/reminding.ts';
import { newId, type Transaction } from '../../database.ts';
import { surveySubject } from '../audit.ts';
import { planMailing } from './mailings.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** Who reminds: whoever asks everybody, an agency its own establishments. */
interface ByHand {
  readonly survey: LockedSurvey;
  readonly by: OrganisationId;
  /** Ids of respondents or organisations; null: all who are late. */
  readonly named: readonly string[] | null;
  readonly now: Instant;
}

/** Whom a reminder by hand goes to, or why it goes to nobody. */
export async function remindedByHand(trx: Transaction, { survey, by, named, now }: ByHand): Promise<Reminding> {
  const within = by === survey.author ? sql`true` : sql`(r.territory = ${by} and r.department is not null)`;
  const wanted =
    named === null
      ? sql`a.submitted is null`
      : sql`(r.id::text = any(${[...named]}::text[]) or r.key = any(${[...named]}::text[]))`;
  const { rows } = await sql<Omit<ToRemind, 'remindedAt'> & { remindedAt: Date | null }>`
    select r.id, r.key, r.name, a.submitted is null as owes, r.address is not null as "hasAddress", (
      select max(mail.planned_at) from mailing_mail mail join mailing on mailing.id = mail.mailing_id
      where mail.recipient = r.id and mailing.purpose in ('reminder', 'lastCall') and mail.status <> 'withdrawn'
    ) as "remindedAt"
    from survey_respondent r ${WITH_ANSWER}
    where r.survey_id = ${survey.id}::uuid and ${within} and ${wanted} order by r.name, r.id`.execute(trx);
  const found = rows.map((row) => ({ ...row, remindedAt: row.remindedAt?.getTime() ?? null }));
  return chooseReminded(named, found, now);
}

interface LateList {
  readonly ars: OrganisationId;
  readonly name: string;
  readonly address: string;
}

/** One mail for each agency some of whose establishments owe an answer, with the list of them. @returns how many */
export async function planLateLists(
  { keys }: SurveyStore,
  trx: Transaction,
  { survey, lastCall, now }: { readonly survey: string; readonly lastCall: boolean; readonly now: Instant },
): Promise<number> {
  const { rows } = await sql<LateList>`
    select o.id as ars, o.name, box.address from organisation o
    join lateral (
      select c.address from contact c where c.organisation_id = o.id and c.kind = 'alertBox' and c.channel = 'mail'
      order by c.position limit 1
    ) box on true
    where exists (
      select from survey_respondent r ${WITH_ANSWER}
      where r.survey_id = ${survey}::uuid and r.territory = o.id and r.department is not null and a.submitted is null)
    order by o.id`.execute(trx);
  const lists = rows.map((row) => ({ ...row, id: newId(), recipient: null, linkHash: null }));
  const agencies = Object.fromEntries(lists.map(({ id, ars }) => [id, ars]));
  const detail = { lastCall, agencies };
  return planMailing(trx, keys, { subject: surveySubject(survey), purpose: 'lateSites', detail, now }, lists);
}
