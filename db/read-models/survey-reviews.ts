import { sql } from 'kysely';
import type { OrganisationId } from '../../domain/instruction.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { Reused } from '../../domain/survey/reuse.ts';
import type { Verdict } from '../../domain/survey/review.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import { isOwnUuid } from '../../domain/uuid.ts';
import type { Sql } from '../database.ts';
import { respondentVisible } from './surveys.ts';

/** A respondent as a route names it: by its organisation or, on a list, by its id. */
export interface NamedRespondent {
  readonly respondent: string;
  readonly organisation: OrganisationId | null;
  readonly territory: OrganisationId;
  readonly author: OrganisationId;
}

/** @returns undefined when the survey does not ask it, or the reader does not see it */
export async function findRespondent(
  db: Sql,
  reader: SurveyReader,
  survey: string,
  name: string,
): Promise<NamedRespondent | undefined> {
  if (!isOwnUuid(survey)) return undefined;
  const whom = isOwnUuid(name) ? sql`r.id = ${name}::uuid` : sql`r.organisation_id = ${name}`;
  const { rows } = await sql<NamedRespondent>`
    select r.id as respondent, r.organisation_id as organisation, r.territory, s.author
    from survey s join survey_respondent r on r.survey_id = s.id
    where s.id = ${survey}::uuid and ${whom} and ${respondentVisible(reader)}`.execute(db);
  return rows[0];
}

/** One submission, with what was said of it. */
export interface AnswerVersion {
  readonly number: number;
  readonly values: AnswerValues;
  readonly comments: Readonly<Record<string, string>>;
  readonly notConcerned: string | null;
  readonly reused: Reused | null;
  readonly complete: boolean;
  readonly notices: number | null;
  /** Closings committed before it: 0 was in time. */
  readonly afterClosings: number;
  readonly at: Date;
  readonly by: string;
  readonly door: string;
  readonly reviews: readonly {
    readonly verdict: Verdict;
    readonly reason: string | null;
    readonly at: string;
    readonly by: string;
  }[];
}

/** All that a respondent has submitted, oldest first. */
export async function listVersions(db: Sql, respondent: string): Promise<AnswerVersion[]> {
  const { rows } = await sql<AnswerVersion>`
    select v.number, v.values, v.comments, v.not_concerned as "notConcerned", v.reused, v.complete, v.notices,
      v.after_closings as "afterClosings", v.submitted_at as at, v.submitted_by as by, v.door, (
        select coalesce(jsonb_agg(jsonb_build_object('verdict', w.verdict, 'reason', w.reason, 'by', w.reviewed_by,
          'at', to_char(w.reviewed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by w.id), '[]')
        from survey_answer_review w where w.respondent_id = v.respondent_id and w.number = v.number) as reviews
    from survey_answer_version v where v.respondent_id = ${respondent}::uuid order by v.number`.execute(db);
  return rows;
}

interface Accepted {
  readonly territory: OrganisationId;
  readonly comment: string | null;
  readonly at: Date;
  readonly by: string;
  /** Submissions committed after it, by a lock exception. */
  readonly changedSince: number;
}

/** What the nation has accepted of a territory, the last time. */
export interface AcceptanceView extends Accepted, SurveyCounts {
  readonly notValidated: number;
}

export async function listAcceptances(db: Sql, reader: SurveyReader, survey: string): Promise<AcceptanceView[]> {
  const within = reader.scope === 'all' ? sql`true` : sql`c.territory = any(${[...reader.scope]}::text[])`;
  const { rows } = await sql<Accepted & { readonly counts: Omit<AcceptanceView, keyof Accepted> }>`
    select distinct on (c.territory) c.territory, c.counts, c.comment, c.accepted_at as at, c.accepted_by as by, (
      select count(*)::int - c.submissions from survey_respondent r join survey_answer_version v on v.respondent_id = r.id
      where r.survey_id = c.survey_id and r.territory = c.territory) as "changedSince"
    from survey_acceptance c where c.survey_id = ${survey}::uuid and ${within}
    order by c.territory, c.id desc`.execute(db);
  return rows.map(({ counts, ...row }) => ({ ...counts, ...row }));
}
