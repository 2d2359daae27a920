import { sql } from 'kysely';
import type { SurveyCounts } from '../domain/survey/rates.ts';

/**
 * What `countOf` of the domain counts, by SQL: over respondents `r`, each with its current version `v` and its first version
 * `f`, both null where nothing is submitted.
 */
export const COUNTS = sql<SurveyCounts>`
  (count(*) filter (where v.not_concerned is null))::int as expected,
  (count(*) filter (where v.not_concerned is not null))::int as "notConcerned",
  (count(*) filter (where v.number is not null and v.not_concerned is null))::int as received,
  (count(*) filter (where v.complete and v.not_concerned is null))::int as complete,
  (count(*) filter (where f.after_closings = 0 and v.not_concerned is null))::int as "onTime",
  (count(*) filter (where v.number is null))::int as late`;
