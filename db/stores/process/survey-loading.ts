import { sql } from 'kysely';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { isReason, isReusable, isTooMuch, loadInWords } from '../../../domain/survey/load.ts';
import type { SurveyAnswer } from '../../../domain/survey/survey-step.ts';
import type { Transaction } from '../../database.ts';
import { readLoad } from '../../survey-load.ts';
import { toJson } from '../json.ts';
import type { LockedSurvey } from './survey-row.ts';

interface Opening {
  readonly form: Form;
  readonly opensAt: Instant;
  readonly now: Instant;
  readonly by: Actor;
  readonly loadReason: string | undefined;
}

/**
 * Refuses to ask much of those who are asked already, unless a reason is given: what was accepted stands with the survey and in its
 * audit. A series has given its reason when it was written, and opens in any case: nobody is there to answer.
 */
export async function guardLoad(
  trx: Transaction,
  survey: LockedSurvey,
  opening: Opening,
): Promise<{ readonly facts: readonly Fact[] } | { readonly refusal: SurveyAnswer }> {
  const series = await seriesOf(trx, survey.id);
  const { form, opensAt, now, by } = opening;
  const load = await readLoad(trx, { ...survey, form, opensAt, series: series?.id ?? null });
  if (!isTooMuch(load)) return { facts: [] };
  const given = series === undefined ? opening.loadReason : (series.reason ?? undefined);
  if (series === undefined && !isReason(given)) {
    const reusable = survey.reuseDays === null && isReusable(load, opensAt);
    return { refusal: refusalOf(loadInWords(load, { reusable }), reusable) };
  }
  const { overloaded, most, askedAgain } = load;
  const surveys = load.surveys.map(({ id }) => id);
  const data = { reason: isReason(given) ? given.trim() : null, overloaded, most, askedAgain, surveys };
  await trx
    .updateTable('survey')
    .set({ load: toJson(data) })
    .where('id', '=', survey.id)
    .execute();
  return { facts: [{ at: now, kind: 'surveyLoadAccepted', organisation: null, actor: by, data }] };
}

function refusalOf(detail: string, reusable: boolean): SurveyAnswer {
  const message = 'Écrivez pourquoi cette enquête s’ouvre malgré la charge de ses répondants.';
  const instead = 'Ou proposez de reprendre les réponses récentes (reuse) : un motif n’est alors plus nécessaire.';
  const errors = [
    { pointer: '/loadReason', code: 'required', message },
    ...(reusable ? [{ pointer: '/reuse', code: 'possible', message: instead }] : []),
  ];
  return { accepted: false, code: 'surveyLoad', detail, errors };
}

async function seriesOf(trx: Transaction, survey: string) {
  const { rows } = await sql<{ id: string; reason: string | null }>`
    select s.id, s.document ->> 'loadReason' as reason from survey_series_opening p join survey_series s on s.id = p.series_id
    where p.survey_id = ${survey}::uuid`.execute(trx);
  return rows[0];
}
