import { type RawBuilder, sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { CampaignStatus } from '../../domain/survey/campaign.ts';
import type { ContactState } from '../../domain/survey/contact.ts';
import type { Reused } from '../../domain/survey/reuse.ts';
import { contentNow, type FoundAnswer } from '../stores/desk/survey-answer-reading.ts';
import type { OfferingSurvey } from '../stores/desk/survey-answer-reuse.ts';
import type { Sql } from '../database.ts';
import type { AnswerContent } from '../schema.ts';
import { CONTACT } from '../survey-contact.ts';
import { known, WITH_ANSWER } from '../survey-counts.ts';
import { timeOf } from './cursor.ts';
import { respondentVisible } from './surveys.ts';

export const RESPONDENT_STATES = ['awaited', 'draft', 'returned', 'submitted', 'notConcerned'] as const;
export type RespondentState = (typeof RESPONDENT_STATES)[number];

/** One whom a survey asks, and where its answer stands. */
export interface RespondentView {
  readonly respondent: string;
  /** Null: of the author's own list. */
  readonly organisation: string | null;
  readonly name: string;
  readonly address: string | null;
  readonly territory: string;
  /** `D69`, of a site. */
  readonly department: string | null;
  readonly state: RespondentState;
  /** It owes an answer. */
  readonly late: boolean;
  readonly onTime: boolean;
  readonly complete: boolean;
  /** By its agency, as it stands. */
  readonly validated: boolean;
  /** Of a closed survey its answer alone is taken until then; null: it is not. */
  readonly unlockedUntil: string | null;
  /** How often it has submitted. */
  readonly versions: number;
  readonly lastSubmittedAt: string | null;
  /** Since then a file of its by mail was not taken, and it was told why. */
  readonly fileRefusedAt: string | null;
  /** Its last mail: `planned`, `sent`, `failed`…; null: none. */
  readonly lastMail: string | null;
  /** Whether mails reach it. */
  readonly contact: ContactState;
  /** Why its last mail that did not arrive did not, as the relay or the mailbox says. */
  readonly contactError: string | null;
}

interface Row extends Omit<RespondentView, 'lastSubmittedAt' | 'unlockedUntil' | 'fileRefusedAt'> {
  readonly lastSubmittedAt: Date | null;
  readonly unlockedUntil: Date | null;
  readonly fileRefusedAt: Date | null;
}

export interface RespondentPage {
  readonly limit: number;
  readonly after: string | null;
  readonly late?: boolean;
  /** `D69`, `ARS-84` or `ZONE-OUEST`. */
  readonly territory?: string;
  readonly contact?: ContactState;
}

/** Respondents of a survey, by id, those that the reader may read. */
export async function listRespondents(
  db: Sql,
  reader: SurveyReader,
  survey: string,
  page: RespondentPage,
): Promise<RespondentView[]> {
  const { territory, late, contact, after, limit } = page;
  const wanted = late === undefined ? sql`true` : sql`(a.submitted is null) = ${late}`;
  const where =
    territory === undefined
      ? sql`true`
      : sql`(${territory}::text in (r.department, r.territory)
      or r.territory in (select o.id from organisation o where o.zone = ${territory}))`;
  const reached = contact === undefined ? sql`true` : sql`${CONTACT} = ${contact}`;
  const { rows } = await sql<Row>`
    with page as materialized (
      select r.id from survey s join survey_respondent r on r.survey_id = s.id ${WITH_ANSWER}
      where s.id = ${survey}::uuid and ${respondentVisible(reader)} and ${wanted} and ${where} and ${reached} and r.id::text > ${after ?? ''}
      order by r.id limit ${limit}
    )
    select r.id as respondent, r.organisation_id as organisation, r.name, r.address, r.territory, r.department,
      case when v.not_concerned is not null then 'notConcerned' when v.number is not null then 'submitted'
        when a.returned_at is not null then 'returned' when a.draft is not null then 'draft' else 'awaited' end as state,
      a.submitted is null as late, coalesce(v.number is not null and a.on_time, false) as "onTime",
      coalesce(v.complete, false) as complete, coalesce(a.validated = v.number, false) as validated,
      a.unlocked_until as "unlockedUntil", (
        select count(*)::int from survey_answer_version x where x.respondent_id = r.id) as versions,
      v.submitted_at as "lastSubmittedAt", (
        select mail.status from mailing_mail mail where mail.recipient = r.id order by mail.id desc limit 1) as "lastMail",
      (select max(m.received_at) from mailing_mail mail join inbound_mail m on m.mailing_mail_id = mail.id
        where mail.recipient = r.id and m.state = 'surveyRefused' and m.received_at > coalesce(v.submitted_at, '-infinity'))
        as "fileRefusedAt",
      ${CONTACT} as contact, (
        select mail.last_error from mailing_mail mail where mail.recipient = r.id and mail.status = 'failed'
          and mail.planned_at >= coalesce(r.contact_at, '-infinity') order by mail.id desc limit 1) as "contactError"
    from page join survey_respondent r on r.id = page.id ${known('corrected')} order by r.id`.execute(db);
  return rows.map((row) => {
    const [lastSubmittedAt, unlockedUntil] = [timeOf(row.lastSubmittedAt), timeOf(row.unlockedUntil)];
    return { ...row, lastSubmittedAt, unlockedUntil, fileRefusedAt: timeOf(row.fileRefusedAt) };
  });
}

/** The answer of one respondent, as its writer sees it. */
export interface AnswerView extends AnswerContent {
  readonly respondent: string;
  readonly name: string;
  /** Of the survey. */
  readonly status: CampaignStatus;
  readonly version: number;
  readonly isDraft: boolean;
  readonly submitted: number | null;
  readonly submittedAt: number | null;
  /** Of the version that counts. */
  readonly validated: boolean;
  /** Why it was given back, while it owes again. */
  readonly returnReason: string | null;
  /** Of a closed survey this answer alone is taken until then. */
  readonly unlockedUntil: number | null;
  /** What its submitted version took over from others. */
  readonly marks: Reused;
  /** By which it may take over. */
  readonly offering: OfferingSurvey;
}

type AnswerRow = FoundAnswer & {
  readonly respondent: string;
  readonly status: CampaignStatus;
  readonly submittedAt: Date | null;
  readonly isValidated: boolean;
  readonly returnReason: string | null;
  readonly unlockedUntil: Date | null;
  readonly formId: string;
  /** Null of a draft, which asks nobody. */
  readonly formVersion: number | null;
  readonly reuseDays: number | null;
};

const ANSWER = sql<AnswerRow>`
  select r.id as respondent, r.name, r.organisation_id as organisation, coalesce(a.version, 0) as version, a.draft,
    a.submitted, v.values, v.comments, v.not_concerned as "notConcerned", v.submitted_at as "submittedAt",
    coalesce(a.validated = v.number, false) as "isValidated", a.return_reason as "returnReason", a.unlocked_until as "unlockedUntil", v.reused,
    own.form_id as "formId", own.form_version as "formVersion", own.status, own.reuse_days as "reuseDays"
  from survey_respondent r join survey own on own.id = r.survey_id left join survey_answer a on a.respondent_id = r.id
  left join survey_answer_version v on v.respondent_id = r.id and v.number = a.submitted`;

/** @param organisation the one that answers; undefined when it is not asked */
export async function getAnswer(db: Sql, survey: string, organisation: string): Promise<AnswerView | undefined> {
  const { rows } = await sql<AnswerRow>`
    ${ANSWER} where r.survey_id = ${survey}::uuid and r.key = ${organisation} and r.organisation_id is not null`.execute(
    db,
  );
  return rows[0] === undefined ? undefined : toAnswer(rows[0]);
}

function toAnswer(row: AnswerRow): AnswerView {
  return {
    ...contentNow(row),
    respondent: row.respondent,
    name: row.name,
    status: row.status,
    version: row.version,
    isDraft: row.draft !== null,
    submitted: row.submitted,
    submittedAt: row.submittedAt?.getTime() ?? null,
    validated: row.isValidated,
    returnReason: row.returnReason,
    unlockedUntil: row.unlockedUntil?.getTime() ?? null,
    marks: row.reused ?? {},
    offering: { formId: row.formId, formVersion: row.formVersion ?? 0, reuseDays: row.reuseDays },
  };
}

/** What a survey asks of one respondent: what stands behind its personal link. */
export interface SurveyLink {
  readonly survey: string;
  readonly title: string;
  readonly exercise: boolean;
  readonly authorName: string;
  readonly author: string;
  readonly formId: string;
  readonly formVersion: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly closedAt: number | null;
  readonly timeZone: string;
  readonly answer: AnswerView;
}

/** Until when its answer is taken: the close of the survey, or the term of an answer that was re-opened alone after it. */
export const dueOf = ({ closesAt, answer }: SurveyLink): number => Math.max(closesAt, answer.unlockedUntil ?? 0);

/** @param hash SHA-256 of the token; undefined when nobody's link carries it */
export const findSurveyLink = (db: Sql, hash: string): Promise<SurveyLink | undefined> =>
  readLink(db, sql`r.link_hash = ${hash}`);

/** The same of an organisation that answers by its account. */
export const findAskedOrganisation = (db: Sql, survey: string, organisation: string): Promise<SurveyLink | undefined> =>
  readLink(db, sql`r.survey_id = ${survey}::uuid and r.key = ${organisation} and r.organisation_id is not null`);

async function readLink(db: Sql, which: RawBuilder<unknown>): Promise<SurveyLink | undefined> {
  const { rows } = await sql<AnswerRow>`
    ${ANSWER} where ${which}`.execute(db);
  const [answer] = rows;
  if (answer === undefined) return undefined;
  const row = await db
    .selectFrom('survey_respondent as r')
    .innerJoin('survey as s', 's.id', 'r.survey_id')
    .innerJoin('organisation as author', 'author.id', 's.author')
    .innerJoin('organisation as place', 'place.id', 'r.territory')
    .select(['s.id', 's.title', 's.exercise', 's.author', 'author.name as authorName', 's.form_id'])
    .select(['s.form_version', 's.calendar', 's.closed_at', 'place.time_zone as timeZone'])
    .where('r.id', '=', answer.respondent)
    .executeTakeFirstOrThrow();
  const { calendar, form_version } = row;
  if (calendar === null || form_version === null) return undefined;
  return {
    survey: row.id,
    title: row.title,
    exercise: row.exercise,
    authorName: row.authorName,
    author: row.author,
    formId: row.form_id,
    formVersion: form_version,
    opensAt: calendar.opensAt,
    closesAt: calendar.closesAt,
    closedAt: row.closed_at?.getTime() ?? null,
    timeZone: row.timeZone,
    answer: toAnswer(answer),
  };
}
