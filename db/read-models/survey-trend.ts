import { sql } from 'kysely';
import { type AggregateRule, aggregatesOf } from '../../domain/survey/aggregate.ts';
import { planConsolidation } from '../../domain/survey/consolidate.ts';
import { figureCells } from '../../domain/survey/figure-cells.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import { tallyLayout } from '../../domain/survey/tally.ts';
import type { Sql } from '../database.ts';
import { counted, countsIn, countsOf } from '../survey-counts.ts';
import { type Added, addedUp } from './survey-parts.ts';
import { respondentVisible, surveyVisible } from './surveys.ts';

/** A campaign that is compared with another one. */
export interface Campaign {
  readonly id: string;
  readonly title: string;
  readonly formId: string;
  readonly formVersion: number;
  /** When it opened. */
  readonly openedAt: Date;
}

/**
 * The campaigns that one goes on from, itself the last: of its series; where it is of none, of the same questionnaire and
 * author. Exercises are compared with exercises. Oldest first.
 */
export async function listCampaigns(
  db: Sql,
  reader: SurveyReader,
  survey: string,
  most: number,
): Promise<readonly Campaign[]> {
  const { rows } = await sql<Campaign>`
    with own as (
      select one.*, (select series_id from survey_series_opening where survey_id = one.id limit 1) as series
      from survey one where one.id = ${survey}::uuid
    )
    select s.id, s.title, s.form_id as "formId", s.form_version as "formVersion", opened.at as "openedAt"
    from own cross join survey s
    cross join lateral (select to_timestamp((s.calendar ->> 'opensAt')::float8 / 1000) as at) opened
    where s.author = own.author and s.exercise = own.exercise and s.status in ('open', 'closed', 'ended')
      and s.form_version is not null and opened.at <= to_timestamp((own.calendar ->> 'opensAt')::float8 / 1000)
      and case when own.series is null then s.form_id = own.form_id
        else exists (select from survey_series_opening o where o.survey_id = s.id and o.series_id = own.series) end
      and ${surveyVisible(reader)}
    order by opened.at desc, s.id = own.id desc, s.id desc limit ${most}`.execute(db);
  return rows.reverse();
}

/** What is read of campaigns that were asked by one version of a questionnaire: some of its figures. */
export interface ReadCampaigns {
  readonly surveys: readonly string[];
  readonly form: Form;
  readonly rules: readonly AggregateRule[];
  readonly as: ResultState;
}

/** All that the reader sees of each campaign drawn together, in one statement; of whom nobody is seen there is no entry. */
export async function readCampaigns(
  db: Sql,
  reader: SurveyReader,
  { surveys, form, rules, as }: ReadCampaigns,
): Promise<ReadonlyMap<string, TerritoryResult>> {
  const cells = figureCells(form);
  const plan = planConsolidation(rules, cells);
  const added = addedUp(tallyLayout(planConsolidation(aggregatesOf(form), cells).parts), plan.parts);
  const { rows } = await sql<SurveyCounts & Added & { readonly id: string }>`
    select s.id, ${countsOf(as)}, ${added.columns}
    from survey s join survey_respondent r on r.survey_id = s.id ${counted(as)}
    where s.id = any(${[...surveys]}::uuid[]) and ${respondentVisible(reader)} group by s.id`.execute(db);
  return new Map(
    rows.map(({ id, ...row }) => {
      const figures = plan.figures(added.partsOf(row));
      return [id, { territory: 'NATION', name: null, ...countsIn(row), figures }];
    }),
  );
}
