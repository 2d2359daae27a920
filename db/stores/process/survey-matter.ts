import { sql } from 'kysely';
import type { SurveySubjectMatter } from '../../../domain/survey/subject-matter.ts';
import type { Sql } from '../../database.ts';
import { contactOf } from './relay.ts';
import { countSurvey } from './survey-row.ts';
import { WITH_ANSWER } from '../../survey-counts.ts';

/** What the words of a survey's mails are made of. */
export interface SurveyMatter extends SurveySubjectMatter {
  /** IANA zone of each respondent that has one of its own. */
  readonly zones: ReadonlyMap<string, string>;
  /** The same of the agencies whose establishments are asked. */
  readonly agencyZones: ReadonlyMap<string, string>;
  /** Why an answer was given back, of each respondent that has not sent it again. */
  readonly returned: ReadonlyMap<string, string>;
}

interface Asked {
  readonly id: string;
  readonly territory: string;
  /** IANA. */
  readonly zone: string;
  /** Of an establishment of another's region also that agency: there are namesakes. */
  readonly name: string;
  readonly owes: boolean;
  /** Null: it was not given back. */
  readonly returned: string | null;
}

const MOST_NAMES = 40;

export async function readSurveyMatter(db: Sql, survey: string): Promise<SurveyMatter> {
  const row = await db
    .selectFrom('survey')
    .innerJoin('organisation as o', 'o.id', 'survey.author')
    .leftJoin('crisis', 'crisis.id', 'survey.crisis_id')
    .select([
      'survey.title',
      'survey.exercise',
      'survey.author',
      'survey.calendar',
      'survey.status',
      'survey.closed_at',
      'o.name',
      'crisis.name as crisis',
    ])
    .where('survey.id', '=', survey)
    .executeTakeFirstOrThrow();
  const { rows: respondents } = await sql<Asked>`
    select r.id, r.territory, o.time_zone as zone, a.submitted is null as owes,
      case when a.returned_at is not null then coalesce(a.return_reason, '') end as returned,
      case when r.department is not null and r.territory <> ${row.author} then r.name || ' – ' || o.name else r.name end as name
    from survey_respondent r join organisation o on o.id = r.territory ${WITH_ANSWER}
    where r.survey_id = ${survey}::uuid order by r.name, r.department`.execute(db);
  const owing = respondents.filter(({ owes }) => owes);
  return {
    survey,
    title: row.title,
    exercise: row.exercise,
    author: row.author,
    authorName: row.name,
    contact: (await contactOf(db, row.author)) ?? null,
    closesAt: row.calendar?.closesAt ?? 0,
    closedAt: row.status === 'closed' || row.status === 'ended' ? (row.closed_at?.getTime() ?? null) : null,
    crisis: row.crisis,
    counts: await countSurvey(db, survey),
    missing: owing.slice(0, MOST_NAMES).map(({ name }) => name),
    returned: new Map(respondents.flatMap(({ id, returned }) => (returned === null ? [] : [[id, returned]]))),
    zones: new Map(respondents.map(({ id, zone }) => [id, zone])),
    agencyZones: new Map(respondents.map(({ territory, zone }) => [territory, zone])),
  };
}

/** Who has answered meanwhile is not reminded. */
export async function withdrawAnswered(db: Sql, mailing: string): Promise<void> {
  await sql`
    update mailing_mail mail set status = 'withdrawn' from survey_answer a
    where mail.mailing_id = ${mailing}::uuid and mail.status in ('planned', 'waiting')
      and a.respondent_id = mail.recipient and a.submitted is not null`.execute(db);
}

/** The key that made it is gone: the link of the next mail is another, and the one before opens nothing. */
export async function renewSurveyLink(db: Sql, respondent: string, hash: string): Promise<void> {
  await db.updateTable('survey_respondent').set({ link_hash: hash }).where('id', '=', respondent).execute();
  await db.updateTable('mailing_mail').set({ link_hash: hash }).where('recipient', '=', respondent).execute();
}
