import { type RawBuilder, sql } from 'kysely';
import type { SurveyCounts } from '../domain/survey/rates.ts';
import type { ResultState } from '../domain/survey/results.ts';

/**
 * Joins to respondents `r` their answer `a` and the version `v` that counts; null where there is none. The version hangs on the
 * answer: so PostgreSQL looks versions up in the few answers of a survey, and carries none of these wide rows to be looked up in.
 */
export const KNOWN: Readonly<Record<ResultState, RawBuilder<unknown>>> = {
  closing: knownBy(sql`a.at_closing`),
  corrected: knownBy(sql`a.submitted`),
};

function knownBy(number: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    left join survey_answer a on a.respondent_id = r.id
    left join survey_answer_version v on v.respondent_id = a.respondent_id and v.number = ${number}`;
}

export const VALIDATED: Readonly<Record<ResultState, RawBuilder<boolean>>> = {
  closing: sql<boolean>`a.closing_validated`,
  corrected: sql<boolean>`a.validated = v.number`,
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

/** What `countOf` of the domain counts, by SQL, of the respondents joined by `KNOWN`. */
export const countsOf = (as: ResultState): RawBuilder<SurveyCounts> => sql<SurveyCounts>`
  (count(*) filter (where v.not_concerned is null))::int as expected,
  (count(*) filter (where v.not_concerned is not null))::int as "notConcerned",
  (count(*) filter (where v.number is not null and v.not_concerned is null))::int as received,
  (count(*) filter (where v.complete and v.not_concerned is null))::int as complete,
  (count(*) filter (where ${VALIDATED[as]} and v.not_concerned is null))::int as validated,
  (count(*) filter (where v.number is not null and a.on_time and v.not_concerned is null))::int as "onTime",
  (count(*) filter (where v.number is null))::int as late`;
