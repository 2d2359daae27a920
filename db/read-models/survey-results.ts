import { sql } from 'kysely';
import { aggregatesOf } from '../../domain/survey/aggregate.ts';
import { addParts, type Consolidation, type Parts, planConsolidation } from '../../domain/survey/consolidate.ts';
import { figureCells } from '../../domain/survey/figure-cells.ts';
import type { Form } from '../../domain/survey/form.ts';
import { addCounts, type SurveyCounts } from '../../domain/survey/rates.ts';
import type { ResultLevel, ResultState, TerritoryLevel, TerritoryResult } from '../../domain/survey/results.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import { tallyLayout } from '../../domain/survey/tally.ts';
import type { Sql } from '../database.ts';
import { counted, countsIn, countsOf } from '../survey-counts.ts';
import { type Added, addedUp } from './survey-parts.ts';
import { readSiteResults } from './survey-site-results.ts';
import { respondentVisible } from './surveys.ts';

/** What the respondents of one department add up to. */
interface Group extends SurveyCounts {
  readonly zone: string;
  readonly ars: string;
  readonly department: string;
  readonly parts: Parts;
}

/** A survey as it was answered: the smallest groups, of which every level is made. */
export interface Consolidated {
  at(level: TerritoryLevel): readonly TerritoryResult[];
}

/** What a group is part of at each level, and of which groups that level is made; null: of the smallest. */
const LEVELS: Readonly<
  Record<TerritoryLevel, { readonly of: (group: Group) => string; readonly made: TerritoryLevel | null }>
> = {
  department: { of: ({ department }) => department, made: null },
  ars: { of: ({ ars }) => ars, made: null },
  zone: { of: ({ zone }) => zone, made: 'ars' },
  nation: { of: () => 'NATION', made: 'zone' },
};

/**
 * The consolidation of one survey by territory: one statement adds up each department whatever the number of respondents, and
 * every level is made of these. Sums and counts of a level are those of its parts, means and ratios are weighed anew (`figureOf`
 * is the reference). Missing is null, and no zero.
 */
export async function consolidate(
  db: Sql,
  reader: SurveyReader,
  { survey, as }: { readonly survey: string; readonly as: ResultState },
  form: Form,
): Promise<Consolidated> {
  const plan = planConsolidation(aggregatesOf(form), figureCells(form));
  const added = addedUp(tallyLayout(plan.parts), plan.parts);
  const { rows } = await sql<Omit<Group, 'parts'> & Added>`
    select (select coalesce(o.zone, o.id) from organisation o where o.id = place.ars) as zone,
      coalesce(place.own, place.ars) as department, place.*
    from (
      select r.territory as ars, r.department as own, ${countsOf(as)}, ${added.columns}
      from survey s join survey_respondent r on r.survey_id = s.id ${counted(as)}
      where s.id = ${survey}::uuid and ${respondentVisible(reader)}
      group by r.territory, r.department
    ) place`.execute(db);
  const smallest = rows.map((row) => ({ ...row, parts: added.partsOf(row) }));
  const levels = new Map<TerritoryLevel, readonly Group[]>();
  const groupsAt = (level: TerritoryLevel): readonly Group[] => {
    const { of, made } = LEVELS[level];
    const groups = levels.get(level) ?? together(plan, made === null ? smallest : groupsAt(made), of);
    levels.set(level, groups);
    return groups;
  };
  return { at: (level) => groupsAt(level).map((group) => resultOf(plan, group, level)) };
}

/** The results at one level, each drawn anew whenever they are gone through. */
export async function readResults(
  db: Sql,
  reader: SurveyReader,
  { by, ...which }: { readonly survey: string; readonly by: ResultLevel; readonly as: ResultState },
  form: Form,
): Promise<Iterable<TerritoryResult>> {
  if (by === 'site') return readSiteResults(db, reader, which, form);
  return (await consolidate(db, reader, which, form)).at(by);
}

/** The groups of one level from those that it is made of, in the order of their territories. */
function together(plan: Consolidation, parts: readonly Group[], of: (group: Group) => string): readonly Group[] {
  const places = Map.groupBy(parts, of);
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, here]) => addedTogether(plan, here));
}

function addedTogether(plan: Consolidation, [first, ...others]: readonly Group[]): Group {
  if (first === undefined) throw new Error('a place has a group');
  if (others.length === 0) return first;
  const parts = others.reduce((all, one) => addParts(plan, all, one.parts), first.parts);
  return { ...first, ...addCounts([first, ...others]), parts };
}

function resultOf(plan: Consolidation, group: Group, level: TerritoryLevel): TerritoryResult {
  return { territory: LEVELS[level].of(group), name: null, ...countsIn(group), figures: plan.figures(group.parts) };
}
