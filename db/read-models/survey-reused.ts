import { type RawBuilder, sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { ResultLevel, ResultState, ReusedCount, TerritoryResult } from '../../domain/survey/results.ts';
import type { Sql } from '../database.ts';
import { KNOWN } from '../survey-counts.ts';
import { respondentVisible } from './surveys.ts';

/** How results name the territory of respondents `r`, whose agency is `o`. */
const TERRITORY: Readonly<Record<ResultLevel, RawBuilder<string>>> = {
  site: sql`coalesce(r.organisation_id, r.id::text)`,
  department: sql`coalesce(r.department, r.territory)`,
  ars: sql`r.territory`,
  zone: sql`coalesce(o.zone, o.id)`,
  nation: sql`'NATION'`,
};

interface Row extends ReusedCount {
  readonly territory: string;
  readonly code: string;
}

/** The results with what of them was taken over from earlier answers: one statement, whatever the level. */
export async function withReused(
  db: Sql,
  reader: SurveyReader,
  { survey, by, as }: { readonly survey: string; readonly by: ResultLevel; readonly as: ResultState },
  items: readonly TerritoryResult[],
): Promise<readonly TerritoryResult[]> {
  const { rows } = await sql<Row>`
    select ${TERRITORY[by]} as territory, mark.key as code, count(*)::int as answers,
      min((mark.value ->> 'answeredAt')::bigint)::float8 as oldest
    from survey s join survey_respondent r on r.survey_id = s.id join organisation o on o.id = r.territory ${KNOWN[as]}
    cross join lateral jsonb_each(v.reused) mark
    where s.id = ${survey}::uuid and ${respondentVisible(reader)} and v.not_concerned is null
    group by 1, 2`.execute(db);
  const found = Map.groupBy(rows, ({ territory }) => territory);
  return items.map((item) => {
    const marks = (found.get(item.territory) ?? []).map(({ code, answers, oldest }) => [code, { answers, oldest }]);
    return { ...item, reused: Object.fromEntries(marks) as TerritoryResult['reused'] & object };
  });
}
