import { type RawBuilder, sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import type { Instant } from '../../../domain/instant.ts';
import { isValidated, returnedUntil, reviewRefusal, unlockProblem } from '../../../domain/survey/review.ts';
import type { Database, Transaction } from '../../database.ts';
import { appendAudit, surveyTerritorySubject } from '../audit.ts';
import { toJson } from '../json.ts';
import {
  factOf,
  holdAnswers,
  holdSurvey,
  type Refused,
  refused,
  type ReviewedAnswer,
  type ReviewFrame,
  writeTo,
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

export interface Stale {
  readonly done: false;
  readonly stale: number;
}
export interface Wrong {
  readonly done: false;
  readonly errors: readonly FieldError[];
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
    return { done: true, validated: taken.length, already, left: leftOf(answers, open.filter((one) => !taken.includes(one))) };
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
  const known = new Map(answers.flatMap((one) => [[one.respondent, one] as const, [one.organisation ?? '', one] as const]));
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
  const data = { answers: answers.length, ...(alone === undefined ? {} : { name: alone.name, number: alone.submitted }) };
  const fact = factOf(frame, 'surveyValidated', alone?.organisation ?? null, data);
  await appendAudit(trx, keys, surveyTerritorySubject(frame.survey, frame.territory), [fact]);
}

export interface GivenBack {
  readonly done: true;
  /** Of the closed survey this answer alone is taken until then; null: the survey is open. */
  readonly until: Instant | null;
  /** False: no address of it is known. */
  readonly mailed: boolean;
}

/** Gives an answer back: it owes again and counts nowhere until it is submitted again. Told by mail, with the reason. */
export function returnAnswer(
  database: Database,
  keys: KeyRing,
  frame: ReviewFrame,
  asked: { readonly respondent: string; readonly reason: string; readonly version: number | null },
): Promise<GivenBack | Refused | Stale> {
  const { reason, version } = asked;
  return database.sql.transaction().execute(async (trx) => {
    const held = await holdSurvey(trx, frame);
    const refusal = reviewRefusal('return', held, frame.now);
    if (refusal !== null) return refused(refusal);
    const answer = await holdOne(trx, frame.survey, asked.respondent);
    const until = returnedUntil(held.campaign, frame.now);
    if (answer.returnedAt !== null) return { done: true, until, mailed: answer.address !== null };
    if (answer.submitted === null || answer.content === null) return refused(NOTHING);
    if (version !== null && version !== answer.version) return { done: false, stale: answer.version };
    await markReturned(trx, { ...frame, reason, until, atClosing: held.campaign.closings > 0 }, answer);
    const data = { name: answer.name, number: answer.submitted, reason, until };
    const subject = surveyTerritorySubject(frame.survey, answer.territory);
    await appendAudit(trx, keys, subject, [factOf(frame, 'surveyReturned', answer.organisation, data)]);
    const mailed = await writeTo(trx, keys, frame, answer, { purpose: 'returned', detail: { reason, until } });
    return { done: true, until, mailed };
  });
}

const NOTHING = {
  code: 'nothing',
  detail: 'Ce répondant n’a rien envoyé\u00a0: il n’y a rien à renvoyer.',
} as const;

async function holdOne(trx: Transaction, survey: string, respondent: string): Promise<ReviewedAnswer> {
  const [answer] = await holdAnswers(trx, survey, sql`r.id = ${respondent}::uuid`);
  if (answer === undefined) throw new Error('a respondent of a survey stays one');
  return answer;
}

interface Returning extends ReviewFrame {
  readonly reason: string;
  readonly until: Instant | null;
  /** What was known at the closing stays so. */
  readonly atClosing: boolean;
}

async function markReturned(
  trx: Transaction,
  { reason, until, atClosing, by, now }: Returning,
  { respondent, submitted, version, draft, content }: ReviewedAnswer,
): Promise<void> {
  await trx
    .updateTable('survey_answer')
    .set({
      version: version + 1,
      submitted: null,
      validated: null,
      closing_validated: false,
      draft: toJson(draft ?? content),
      returned_at: new Date(now),
      return_reason: reason,
      unlocked_until: until === null ? null : new Date(until),
      ...(atClosing ? {} : { at_closing: null }),
    })
    .where('respondent_id', '=', respondent)
    .execute();
  const said = { number: submitted ?? 0, verdict: 'returned' as const, reason };
  await trx
    .insertInto('survey_answer_review')
    .values({ respondent_id: respondent, ...said, reviewed_at: new Date(now), reviewed_by: by.sub })
    .execute();
}

export interface Unlocked {
  readonly done: true;
  readonly mailed: boolean;
}
export interface WrongInstant {
  readonly done: false;
  readonly problem: NonNullable<ReturnType<typeof unlockProblem>>;
}

/** Re-opens one answer of a closed survey until an instant: what comes is a correction. Told by mail, with the reason. */
export function unlockAnswer(
  database: Database,
  keys: KeyRing,
  frame: ReviewFrame,
  { respondent, reason, until }: { readonly respondent: string; readonly reason: string; readonly until: Instant },
): Promise<Unlocked | Refused | WrongInstant> {
  return database.sql.transaction().execute(async (trx) => {
    const held = await holdSurvey(trx, frame);
    const refusal = reviewRefusal('unlock', held, frame.now);
    if (refusal !== null) return refused(refusal);
    const problem = unlockProblem(until, held.campaign, frame.now);
    if (problem !== null) return { done: false, problem };
    const [at, unlocked_until] = [new Date(frame.now), new Date(until)];
    const row = { respondent_id: respondent, survey_id: frame.survey, version: 0, unlocked_until };
    await trx
      .insertInto('survey_answer')
      .values({ ...row, updated_at: at, updated_by: frame.by.sub })
      .onConflict((conflict) => conflict.column('respondent_id').doUpdateSet({ unlocked_until }))
      .execute();
    const answer = await holdOne(trx, frame.survey, respondent);
    const fact = factOf(frame, 'surveyUnlocked', answer.organisation, { name: answer.name, reason, until });
    await appendAudit(trx, keys, surveyTerritorySubject(frame.survey, answer.territory), [fact]);
    const mailed = await writeTo(trx, keys, frame, answer, { purpose: 'unlocked', detail: { reason, until } });
    return { done: true, mailed };
  });
}
