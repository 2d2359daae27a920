import { sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Sql } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import { respondentVisible } from './surveys.ts';

export interface AskedRespondent {
  readonly respondent: string;
  /** Where it counts. */
  readonly territory: string;
}

/** @returns undefined when the survey does not ask it, or the reader does not see it */
export async function askedRespondent(
  db: Sql,
  reader: SurveyReader,
  survey: string,
  organisation: string,
): Promise<AskedRespondent | undefined> {
  const { rows } = await sql<AskedRespondent>`${sql.raw(PREPARED)}
    select r.id as respondent, r.territory from survey s join survey_respondent r on r.survey_id = s.id
    where s.id = ${survey}::uuid and r.key = ${organisation} and r.organisation_id is not null
      and ${respondentVisible(reader)}`.execute(db);
  return rows[0];
}

/** Whether a survey asks establishments of that agency. */
export async function asksSitesOf(db: Sql, survey: string, agency: string): Promise<boolean> {
  const row = await db
    .selectFrom('survey_respondent')
    .select('id')
    .where('survey_id', '=', survey)
    .where('territory', '=', agency)
    .where('department', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Surveys in progress that ask one of these. */
export async function surveysAsking(db: Sql, organisations: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('survey as s')
    .innerJoin('survey_respondent as r', 'r.survey_id', 's.id')
    .select('s.id')
    .distinct()
    .where('s.status', 'in', ['scheduled', 'open', 'closed'])
    .where(sql<boolean>`r.key = any(${[...organisations]}::text[])`)
    .execute();
  return rows.map(({ id }) => id);
}
