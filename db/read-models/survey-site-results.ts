import { sql } from 'kysely';
import { aggregatesOf } from '../../domain/survey/aggregate.ts';
import { type Cells, type Consolidation, planConsolidation } from '../../domain/survey/consolidate.ts';
import { figureCells } from '../../domain/survey/figure-cells.ts';
import type { Form } from '../../domain/survey/form.ts';
import { countOf, type RespondentFacts, type SurveyCounts } from '../../domain/survey/rates.ts';
import { drawnFrom, type ResultState, type TerritoryResult } from '../../domain/survey/results.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Sql } from '../database.ts';
import { counted, VALIDATED } from '../survey-counts.ts';
import { respondentVisible } from './surveys.ts';

interface Row {
  readonly territory: string;
  readonly name: string;
  /** JSON of `Cells`; null: no answer of it is among the figures. */
  readonly cells: string | null;
  /** What is known of it, in bits that `factsOf` reads. */
  readonly facts: number;
}

/**
 * The lowest level: each respondent by itself, by its organisation or, of an own list, by its id; in the order of names. Their
 * figures are drawn while they are gone through, those of one respondent at a time: nobody holds those of thousands at once.
 */
export async function readSiteResults(
  db: Sql,
  reader: SurveyReader,
  { survey, as }: { readonly survey: string; readonly as: ResultState },
  form: Form,
): Promise<Iterable<TerritoryResult>> {
  const plan = planConsolidation(aggregatesOf(form), figureCells(form));
  const { rows } = await sql<Row>`
    select coalesce(r.organisation_id, r.id::text) as territory, r.name,
      case when f.concerned then f.cells end as cells,
      (f.number is not null)::int + case when f.complete then 2 else 0 end + case when ${VALIDATED[as]} then 4 else 0 end
        + case when not f.concerned then 8 else 0 end + case when a.on_time then 16 else 0 end as facts
    from survey s join survey_respondent r on r.survey_id = s.id ${counted(as)}
    where s.id = ${survey}::uuid and ${respondentVisible(reader)}`.execute(db);
  // Not by PostgreSQL, which would carry each answer through its sort.
  const sorted = rows.toSorted(byName);
  return drawnFrom(sorted, (row) => resultOf(plan, row));
}

function byName(a: Row, b: Row): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.territory < b.territory ? -1 : 1;
}

function resultOf(plan: Consolidation, { territory, name, cells, facts }: Row): TerritoryResult {
  const own = cells === null ? [] : (JSON.parse(cells) as Cells);
  return { territory, name, ...(COUNTS[facts] ?? NOBODY), figures: plan.figuresOfOne(own) };
}

const NOBODY = countOf([]);
/** What is counted of one respondent, by the bits of what is known of it. */
const COUNTS: readonly SurveyCounts[] = Array.from({ length: 32 }, (_, facts) => countOf([factsOf(facts)]));

function factsOf(facts: number): RespondentFacts {
  const has = (bit: number): boolean => (facts & bit) !== 0;
  return {
    submitted: has(1) ? { complete: has(2), validated: has(4), notConcerned: has(8), onTime: has(16) } : null,
  };
}
