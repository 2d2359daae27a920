import { sql } from 'kysely';
import type { CampaignStatus } from '../domain/survey/campaign.ts';
import { aggregatesOf } from '../domain/survey/aggregate.ts';
import type { Form } from '../domain/survey/form.ts';
import { questionsBehind, type Threshold } from '../domain/survey/threshold.ts';
import {
  type CrossingChanges,
  crossingChanges,
  type Place,
  type WatchedRespondent,
} from '../domain/survey/threshold-watch.ts';
import type { Sql } from './database.ts';
import { known } from './survey-counts.ts';

/** A survey whose answers are looked at. */
export interface WatchedSurvey {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly thresholds: readonly Threshold[];
}

/** What has been crossed, and what has come back, since it was last written down; two statements whatever the number of answers. */
export async function readCrossingChanges(
  db: Sql,
  { id, status, thresholds }: WatchedSurvey,
  form: Form,
): Promise<CrossingChanges> {
  const codes = questionsBehind(aggregatesOf(form), thresholds);
  const [respondents, lasting] = [await readRespondents(db, id, codes), await readLasting(db, id)];
  return crossingChanges({ form, thresholds, respondents, lasting, final: status === 'closed' });
}

async function readRespondents(db: Sql, survey: string, codes: readonly string[]): Promise<WatchedRespondent[]> {
  const { rows } = await sql<WatchedRespondent>`
    select r.name, coalesce(r.organisation_id, r.id::text) as site, r.department, r.territory as ars, o.name as "arsName",
      coalesce(o.zone, o.id) as zone,
      case when v.not_concerned is not null then 'notConcerned' when v.number is not null then 'received' else 'awaited' end as state,
      coalesce((select jsonb_object_agg(code, v.values -> code) from unnest(${[...codes]}::text[]) code
        where v.values ? code), '{}') as values
    from survey_respondent r join organisation o on o.id = r.territory
    ${known('corrected')}
    where r.survey_id = ${survey}::uuid order by r.name, r.id`.execute(db);
  return rows;
}

async function readLasting(db: Sql, survey: string): Promise<Place[]> {
  return db
    .selectFrom('survey_crossing')
    .select(['rule', 'territory'])
    .where('survey_id', '=', survey)
    .where('ended_at', 'is', null)
    .execute();
}
