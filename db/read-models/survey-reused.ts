import { type RawBuilder, sql } from 'kysely';
import type { SurveyReader } from '../../domain/survey/access.ts';
import {
  drawnFrom,
  type ResultLevel,
  type ResultState,
  type ReusedCount,
  type TerritoryResult,
} from '../../domain/survey/results.ts';
import type { Sql } from '../database.ts';
import { known } from '../survey-counts.ts';
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

interface Which {
  readonly survey: string;
  readonly by: ResultLevel;
  readonly as: ResultState;
}

/** One statement, whatever the level. */
async function readMarks(db: Sql, reader: SurveyReader, { survey, by, as }: Which): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select ${TERRITORY[by]} as territory, mark.key as code, count(*)::int as answers,
      min((mark.value ->> 'answeredAt')::bigint)::float8 as oldest
    from survey s join survey_respondent r on r.survey_id = s.id join organisation o on o.id = r.territory ${known(as)}
    cross join lateral jsonb_each(v.reused) mark
    where s.id = ${survey}::uuid and ${respondentVisible(reader)} and v.not_concerned is null
    group by 1, 2`.execute(db);
  return rows;
}

/** The results with what of them was taken over from earlier answers. */
export async function withReused(
  db: Sql,
  reader: SurveyReader,
  which: Which,
  items: Iterable<TerritoryResult>,
): Promise<Iterable<TerritoryResult>> {
  const found = Map.groupBy(await readMarks(db, reader, which), ({ territory }) => territory);
  const marked = (item: TerritoryResult): TerritoryResult => {
    const marks = (found.get(item.territory) ?? []).map(
      ({ code, answers, oldest }) => [code, { answers, oldest }] as const,
    );
    return { ...item, reused: Object.fromEntries(marks) };
  };
  return drawnFrom(items, marked);
}

/** Of all that the reader sees, as corrected, over all questions; null: nothing was taken over. */
export async function readReused(db: Sql, reader: SurveyReader, survey: string): Promise<ReusedCount | null> {
  const marks = await readMarks(db, reader, { survey, by: 'nation', as: 'corrected' });
  if (marks.length === 0) return null;
  const answers = marks.reduce((all, one) => all + one.answers, 0);
  return { answers, oldest: Math.min(...marks.map(({ oldest }) => oldest)) };
}
