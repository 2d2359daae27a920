import { sql } from 'kysely';
import { aggregatesOf } from '../../domain/survey/aggregate.ts';
import { type Cells, planConsolidation } from '../../domain/survey/consolidate.ts';
import { figureCells } from '../../domain/survey/figure-cells.ts';
import type { Form } from '../../domain/survey/form.ts';
import { countOf, type RespondentFacts } from '../../domain/survey/rates.ts';
import type { ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Sql } from '../database.ts';
import { KNOWN, VALIDATED } from '../survey-counts.ts';
import { respondentVisible } from './surveys.ts';

interface Row {
  readonly territory: string;
  readonly name: string;
  readonly cells: Cells | null;
  readonly number: number | null;
  readonly complete: boolean | null;
  readonly validated: boolean | null;
  readonly out: boolean;
  readonly onTime: boolean | null;
}

/** The lowest level: each respondent by itself, by its organisation or, of an own list, by its id; in the order of names. */
export async function readSiteResults(
  db: Sql,
  reader: SurveyReader,
  { survey, as }: { readonly survey: string; readonly as: ResultState },
  form: Form,
): Promise<readonly TerritoryResult[]> {
  const plan = planConsolidation(aggregatesOf(form), figureCells(form));
  const { rows } = await sql<Row>`
    select coalesce(r.organisation_id, r.id::text) as territory, r.name,
      case when v.not_concerned is null then v.cells end as cells, v.number, v.complete,
      ${VALIDATED[as]} as validated, v.not_concerned is not null as out, a.on_time as "onTime"
    from survey s join survey_respondent r on r.survey_id = s.id ${KNOWN[as]}
    where s.id = ${survey}::uuid and ${respondentVisible(reader)} order by r.name, r.id`.execute(db);
  return rows.map((row) => ({
    territory: row.territory,
    name: row.name,
    ...countOf([factsOf(row)]),
    values: plan.figuresOfOne(row.cells ?? []),
  }));
}

const factsOf = ({ number, complete, validated, out, onTime }: Row): RespondentFacts => ({
  submitted:
    number === null
      ? null
      : { complete: complete === true, validated: validated === true, notConcerned: out, onTime: onTime === true },
});
