import { type RawBuilder, sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import { isValidated, reviewRefusal } from '../../../domain/survey/review.ts';
import type { Database, Transaction } from '../../database.ts';
import { appendAudit, surveyTerritorySubject } from '../audit.ts';
import {
  factOf,
  holdAnswers,
  holdSurvey,
  type Refused,
  refused,
  type ReviewedAnswer,
  type ReviewFrame,
  type Stale,
  type Wrong,
} from './survey-review-rows.ts';

/** Which answers are validated: those named (organisation, or id of a respondent on a list), or all that are beyond doubt. */
export type ValidatedWhich = { readonly answers: readonly string[] } | { readonly sound: true };

export interface Validated {
  readonly done: true;
  readonly validated: number;
  /** As they stand, before. */
  readonly already: number;
  /** Of the territory, and why they were left; of those named none is. */
  readonly left: {
    readonly awaited: number;
    readonly incomplete: number;
    readonly withNotices: number;
    readonly notConcerned: number;
  };
}

/** Validates answers as they stand, in one transaction: all that are named, or none. */
export function validateAnswers(
  database: Database,
  keys: KeyRing,
  frame: ReviewFrame,
  { which, version = null }: { readonly which: ValidatedWhich; readonly version?: number | null },
): Promise<Validated | Refused | Stale | Wrong> {
  return database.sql.transaction().execute(async (trx) => {
    const refusal = reviewRefusal('validate', await holdSurvey(trx, frame), frame.now);
    if (refusal !== null) return refused(refusal);
    const found = await holdAnswers(trx, frame.survey, sql`${named(which)} and r.territory = ${frame.territory}`);
    const answers = found.filter(isValidated);
    const errors = 'answers' in which ? wrongAmong(which.answers, answers) : [];
    if (errors.length > 0) return { done: false, errors };
    const [one] = answers;
    if (version !== null && one !== undefined && one.version !== version) return { done: false, stale: one.version };
    const open = answers.filter(({ submitted, validated }) => submitted !== null && submitted !== validated);
    const taken = 'answers' in which ? open : open.filter(isSound);
    await markValidated(trx, keys, frame, taken);
    const already = answers.filter(({ submitted, validated }) => submitted !== null && submitted === validated).length;
    return {
      done: true,
      validated: taken.length,
      already,
      left: leftOf(
        answers,
        open.filter((one) => !taken.includes(one)),
      ),
    };
  });
}

const named = (which: ValidatedWhich): RawBuilder<unknown> => {
  if (!('answers' in which)) return sql`true`;
  const names = [...which.answers];
  return sql`(r.organisation_id = any(${names}::text[]) or r.id::text = any(${names}::text[]))`;
};

const isSound = ({ complete, notices, content }: ReviewedAnswer): boolean =>
  complete === true && notices === 0 && content?.notConcerned === null;

function wrongAmong(names: readonly string[], answers: readonly ReviewedAnswer[]): readonly FieldError[] {
  const known = new Map(
    answers.flatMap((one) => [[one.respondent, one] as const, [one.organisation ?? '', one] as const]),
  );
  return names.flatMap((name, index) => {
    const pointer = `/answers/${index}`;
    const answer = known.get(name);
    if (answer === undefined)
      return [{ pointer, code: 'unknown', message: 'Ce répondant n’est pas de ceux dont vous validez les réponses.' }];
    if (answer.submitted !== null) return [];
    const message = `${answer.name} n’a rien envoyé${answer.returnedAt === null ? '' : ' depuis le renvoi'}\u00a0: il n’y a rien à valider.`;
    return [{ pointer, code: 'nothing', message }];
  });
}

function leftOf(answers: readonly ReviewedAnswer[], left: readonly ReviewedAnswer[]): Validated['left'] {
  const concerned = left.filter(({ content }) => content?.notConcerned === null);
  return {
    awaited: answers.filter(({ submitted }) => submitted === null).length,
    notConcerned: left.length - concerned.length,
    incomplete: concerned.filter(({ complete }) => complete !== true).length,
    withNotices: concerned.filter(({ complete, notices }) => complete === true && notices !== 0).length,
  };
}

async function markValidated(
  trx: Transaction,
  keys: KeyRing,
  frame: ReviewFrame,
  answers: readonly ReviewedAnswer[],
): Promise<void> {
  if (answers.length === 0) return;
  const ids = sql`${answers.map(({ respondent }) => respondent)}::uuid[]`;
  await sql`
    update survey_answer set validated = submitted, unlocked_until = null,
      closing_validated = closing_validated or submitted is not distinct from at_closing
    where respondent_id = any(${ids})`.execute(trx);
  await sql`
    insert into survey_answer_review (respondent_id, number, verdict, reviewed_at, reviewed_by)
    select respondent_id, submitted, 'validated', ${new Date(frame.now)}::timestamptz, ${frame.by.sub} from survey_answer
    where respondent_id = any(${ids}) order by respondent_id`.execute(trx);
  const [first] = answers;
  const alone = answers.length === 1 ? first : undefined;
  const data = {
    answers: answers.length,
    ...(alone === undefined ? {} : { name: alone.name, number: alone.submitted }),
  };
  const fact = factOf(frame, 'surveyValidated', alone?.organisation ?? null, data);
  await appendAudit(trx, keys, surveyTerritorySubject(frame.survey, frame.territory), [fact]);
}
