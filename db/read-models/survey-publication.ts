import { sql } from 'kysely';
import type { OrganisationId } from '../../domain/instruction.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import type { Sql } from '../database.ts';
import { counted } from '../survey-counts.ts';
import { consolidate } from './survey-results.ts';
import { respondentVisible } from './surveys.ts';

/** One reading of a survey: everything that the reader sees drawn together, then by agency. */
export interface Reading {
  readonly total: TerritoryResult;
  readonly territories: readonly TerritoryResult[];
}

/** Null: nobody is asked. */
export async function readReading(
  db: Sql,
  reader: SurveyReader,
  which: { readonly survey: string; readonly as: ResultState },
  form: Form,
): Promise<Reading | null> {
  const consolidated = await consolidate(db, reader, which, form);
  const [total] = consolidated.at('nation');
  return total === undefined ? null : { total, territories: consolidated.at('ars') };
}

/** A territory that a survey asks. */
export interface AskedTerritory {
  readonly territory: OrganisationId;
  readonly name: string;
  /** Received, of those that an agency validates, and not validated. */
  readonly notValidated: number;
}

/** In the order of their ids. */
export async function listAskedTerritories(db: Sql, reader: SurveyReader, survey: string): Promise<AskedTerritory[]> {
  const { rows } = await sql<AskedTerritory>`
    select r.territory, o.name, (count(*) filter (where f.concerned and a.validated is distinct from f.number
        and r.organisation_id is distinct from r.territory))::int as "notValidated"
    from survey s join survey_respondent r on r.survey_id = s.id join organisation o on o.id = r.territory
    ${counted('corrected')}
    where s.id = ${survey}::uuid and ${respondentVisible(reader)}
    group by r.territory, o.name order by r.territory`.execute(db);
  return rows;
}

/** Of a survey, what its publication names beside its view. */
export async function publicationFacts(
  db: Sql,
  survey: string,
): Promise<{ readonly publishedAt: Date | null; readonly authorName: string; readonly formOwner: OrganisationId }> {
  return db
    .selectFrom('survey')
    .innerJoin('organisation as o', 'o.id', 'survey.author')
    .innerJoin('survey_form as f', 'f.id', 'survey.form_id')
    .select(['survey.published_at as publishedAt', 'o.name as authorName', 'f.owner_id as formOwner'])
    .where('survey.id', '=', survey)
    .executeTakeFirstOrThrow();
}
