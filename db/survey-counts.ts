import { type RawBuilder, sql } from 'kysely';
import type { SurveyCounts } from '../domain/survey/rates.ts';
import type { ResultState } from '../domain/survey/results.ts';

/** Number of the version that counts. */
const COUNTS: Readonly<Record<ResultState, RawBuilder<number>>> = {
  closing: sql<number>`a.at_closing`,
  corrected: sql<number>`a.submitted`,
};

/** Joins to respondents `r` their answer `a`, null where there is none: by the survey as well, among those of years. */
export const WITH_ANSWER = sql`left join survey_answer a on a.survey_id = r.survey_id and a.respondent_id = r.id`;

// What is wide hangs on the answer: it is looked up in the few columns of these, and not carried to be looked up in.
/** Joins to respondents `r` their answer `a` and what is counted of the version that counts, `f`; null where there is none. */
export const counted = (as: ResultState): RawBuilder<unknown> => sql`${WITH_ANSWER}
    left join survey_answer_figures f
      on f.survey_id = a.survey_id and f.respondent_id = a.respondent_id and f.number = ${COUNTS[as]}`;

/** Joins to respondents `r` their answer `a` and the version `v` that counts; null where there is none. */
export const known = (as: ResultState): RawBuilder<unknown> => sql`${WITH_ANSWER}
    left join survey_answer_version v on v.respondent_id = a.respondent_id and v.number = ${COUNTS[as]}`;

export const VALIDATED: Readonly<Record<ResultState, RawBuilder<boolean>>> = {
  closing: sql<boolean>`a.closing_validated`,
  corrected: sql<boolean>`a.validated = f.number`,
};

/** The counts among the columns of a row. */
export const countsIn = ({
  expected,
  notConcerned,
  received,
  complete,
  validated,
  onTime,
  late,
}: SurveyCounts): SurveyCounts => ({ expected, notConcerned, received, complete, validated, onTime, late });

/** What `countOf` of the domain counts, by SQL, of the respondents joined by `counted`. */
export const countsOf = (as: ResultState): RawBuilder<SurveyCounts> => sql<SurveyCounts>`
  (count(*) filter (where f.concerned is not false))::int as expected,
  (count(*) filter (where not f.concerned))::int as "notConcerned",
  (count(*) filter (where f.concerned))::int as received,
  (count(*) filter (where f.concerned and f.complete))::int as complete,
  (count(*) filter (where f.concerned and ${VALIDATED[as]}))::int as validated,
  (count(*) filter (where f.concerned and a.on_time))::int as "onTime",
  (count(*) filter (where f.number is null))::int as late`;
