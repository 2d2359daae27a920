import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Instant } from '../../../domain/instant.ts';
import { returnedUntil, reviewRefusal, unlockErrors } from '../../../domain/survey/review.ts';
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
  type Stale,
  type Wrong,
  writeTo,
} from './survey-review-rows.ts';

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
    const again = answer.returnedAt !== null;
    if (again && (until === null || answer.unlockedUntil?.getTime() === until))
      return { done: true, until, mailed: answer.address !== null };
    if (!again && (answer.submitted === null || answer.content === null)) return refused(NOTHING);
    if (version !== null && version !== answer.version) return { done: false, stale: answer.version };
    const returning = { ...frame, reason, until, atClosing: held.campaign.closings > 0 };
    await (again ? takeAgain : markReturned)(trx, returning, answer);
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

/** It was given back while the survey was open, which has closed since: as one that is given back now it is taken until its term. */
async function takeAgain(
  trx: Transaction,
  { reason, until }: Returning,
  { respondent }: ReviewedAnswer,
): Promise<void> {
  const unlocked_until = until === null ? null : new Date(until);
  const answer = trx.updateTable('survey_answer').set({ return_reason: reason, unlocked_until });
  await answer.where('respondent_id', '=', respondent).execute();
}

export interface Unlocked {
  readonly done: true;
  readonly mailed: boolean;
}

/** Re-opens one answer of a closed survey until an instant: what comes is a correction. Told by mail, with the reason; asked again, once. */
export function unlockAnswer(
  database: Database,
  keys: KeyRing,
  frame: ReviewFrame,
  { respondent, reason, until }: { readonly respondent: string; readonly reason: string; readonly until: Instant },
): Promise<Unlocked | Refused | Wrong> {
  return database.sql.transaction().execute(async (trx) => {
    const held = await holdSurvey(trx, frame);
    const refusal = reviewRefusal('unlock', held, frame.now);
    if (refusal !== null) return refused(refusal);
    const errors = unlockErrors(until, held.campaign, frame.now);
    if (errors.length > 0) return { done: false, errors };
    const [at, unlocked_until] = [new Date(frame.now), new Date(until)];
    const before = trx.selectFrom('survey_answer').select('unlocked_until').where('respondent_id', '=', respondent);
    const already = (await before.forUpdate().executeTakeFirst())?.unlocked_until?.getTime() === until;
    const row = { respondent_id: respondent, survey_id: frame.survey, version: 0, unlocked_until };
    await trx
      .insertInto('survey_answer')
      .values({ ...row, updated_at: at, updated_by: frame.by.sub })
      .onConflict((conflict) => conflict.column('respondent_id').doUpdateSet({ unlocked_until }))
      .execute();
    const answer = await holdOne(trx, frame.survey, respondent);
    if (already) return { done: true, mailed: answer.address !== null };
    const fact = factOf(frame, 'surveyUnlocked', answer.organisation, { name: answer.name, reason, until });
    await appendAudit(trx, keys, surveyTerritorySubject(frame.survey, answer.territory), [fact]);
    const mailed = await writeTo(trx, keys, frame, answer, { purpose: 'unlocked', detail: { reason, until } });
    return { done: true, mailed };
  });
}
