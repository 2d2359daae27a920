import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import type { OrganisationId } from '../../../domain/instruction.ts';
import type { SurveyCounts } from '../../../domain/survey/rates.ts';
import { reviewRefusal } from '../../../domain/survey/review.ts';
import type { Database, Transaction } from '../../database.ts';
import { counted, countsOf } from '../../survey-counts.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { publishSurvey } from '../process/survey-publishing.ts';
import { factOf, holdSurvey, type Refused, refused, type ReviewFrame } from './survey-review-rows.ts';

/** What is taken over of one territory, as it stands. */
export interface TakenOver extends SurveyCounts {
  readonly territory: OrganisationId;
  /** Received, of those that an agency validates, and not validated. */
  readonly notValidated: number;
}

export interface Accepted {
  readonly done: true;
  /** Accepted now; not those that were before and have not changed since. */
  readonly accepted: readonly TakenOver[];
  /** Every territory is, so that the figures are published, now or before. */
  readonly published: boolean;
}

interface Found extends TakenOver {
  /** All that was ever submitted: more than was accepted, and there is something to accept. */
  readonly submissions: number;
  /** How many of them were accepted before; null: it never was. */
  readonly taken: number | null;
}

/**
 * The nation takes over the answers of some territories, or of all: validated or not, and what was not is counted. The survey's
 * row is held alone: whatever is being submitted or judged is committed before, or comes after, and the number of submissions
 * tells which. (The instant of a request does not: one may wait for an acceptance and be older.)
 * @param territories null: all that are asked
 */
export function acceptSurvey(
  database: Database,
  keys: KeyRing,
  frame: Omit<ReviewFrame, 'territory'>,
  { territories, comment }: { readonly territories: readonly OrganisationId[] | null; readonly comment: string | null },
): Promise<Accepted | Refused | { readonly done: false; readonly errors: readonly FieldError[] }> {
  return database.sql.transaction().execute(async (trx) => {
    await trx.selectFrom('survey').select('id').where('id', '=', frame.survey).forUpdate().execute();
    const held = await holdSurvey(trx, { ...frame, territory: '' });
    const refusal = reviewRefusal('accept', held, frame.now);
    if (refusal !== null) return refused(refusal);
    const found = await countTerritories(trx, frame.survey);
    const errors = (territories ?? []).flatMap((territory, index) => {
      if (found.some((one) => one.territory === territory)) return [];
      const message = 'Cette enquête n’interroge personne de ce territoire.';
      return [{ pointer: `/territories/${index}`, code: 'unknown', message }];
    });
    if (errors.length > 0) return { done: false, errors };
    const wanted = found.filter(
      ({ territory, submissions, taken }) => submissions !== taken && (territories?.includes(territory) ?? true),
    );
    const accepted = wanted.map(({ submissions: _submissions, taken: _taken, ...one }) => one);
    await insertAccepted(trx, keys, { ...frame, territory: '' }, wanted, comment);
    const published = found.every((one) => one.taken !== null || wanted.includes(one));
    const facts = published ? await publishSurvey(trx, keys, { ...frame, accepted: true }) : [];
    if (facts.length > 0) await appendAudit(trx, keys, surveySubject(frame.survey), facts);
    return { done: true, accepted, published };
  });
}

async function countTerritories(trx: Transaction, survey: string): Promise<readonly Found[]> {
  const { rows } = await sql<Found>`
    select r.territory, ${countsOf('corrected')},
      (count(*) filter (where f.concerned and a.validated is distinct from f.number
        and r.organisation_id is distinct from r.territory))::int as "notValidated",
      sum((select count(*) from survey_answer_version x where x.respondent_id = r.id))::int as submissions,
      max(accepted.submissions) as taken
    from survey_respondent r ${counted('corrected')}
    left join (
      select territory, max(submissions) as submissions from survey_acceptance where survey_id = ${survey}::uuid group by territory
    ) accepted on accepted.territory = r.territory
    where r.survey_id = ${survey}::uuid group by r.territory order by r.territory`.execute(trx);
  return rows;
}

async function insertAccepted(
  trx: Transaction,
  keys: KeyRing,
  frame: ReviewFrame,
  accepted: readonly Found[],
  comment: string | null,
): Promise<void> {
  if (accepted.length === 0) return;
  const { survey, now, by } = frame;
  await trx
    .insertInto('survey_acceptance')
    .values(
      accepted.map(({ territory, submissions, taken: _taken, ...counts }) => {
        const taken = { survey_id: survey, territory, counts: toJson(counts), submissions, comment };
        return { ...taken, accepted_at: new Date(now), accepted_by: by.sub };
      }),
    )
    .execute();
  const sum = (name: 'expected' | 'received' | 'validated' | 'notValidated' | 'late'): number =>
    accepted.reduce((all, one) => all + one[name], 0);
  const counts = {
    expected: sum('expected'),
    received: sum('received'),
    notValidated: sum('notValidated'),
    late: sum('late'),
  };
  const data = {
    territories: accepted.map(({ territory }) => territory),
    ...counts,
    ...(comment === null ? {} : { comment }),
  };
  await appendAudit(trx, keys, surveySubject(survey), [factOf(frame, 'surveyAccepted', null, data)]);
}
