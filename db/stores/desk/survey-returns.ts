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

/**
 * Gives an answer back: it owes again and counts nowhere until it is submitted again. Told by mail, with the reason. Asked again, once;
 * but what was given back before the closing, and was not submitted since, is taken after it only when it is given back again.
 */
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
    const term = returnedUntil(held.campaign, frame.now);
    const taken = answer.unlockedUntil?.getTime() ?? 0;
    // A lock exception of the nation is not shortened by it.
    const until = term === null ? null : Math.max(term, taken);
    if (answer.returnedAt !== null && (until === null || until === taken))
      return { done: true, until, mailed: answer.address !== null };
    if (answer.returnedAt === null && answer.submitted === null) return refused(NOTHING);
    if (version !== null && version !== answer.version) return { done: false, stale: answer.version };
    const number = await markReturned(trx, { ...frame, reason, until, atClosing: held.campaign.closings > 0 }, answer);
    const data = { name: answer.name, number, reason, until };
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

/** @returns the number of the version that it is said of: the last one, which counted or was given back before */
async function markReturned(
  trx: Transaction,
  { reason, until, atClosing, by, now }: Returning,
  { respondent, version, draft, content }: ReviewedAnswer,
): Promise<number> {
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
  const { number } = await trx
    .selectFrom('survey_answer_version')
    .select((one) => one.fn.max('number').as('number'))
    .where('respondent_id', '=', respondent)
    .executeTakeFirstOrThrow();
  const said = { number, verdict: 'returned' as const, reason };
  await trx
    .insertInto('survey_answer_review')
    .values({ respondent_id: respondent, ...said, reviewed_at: new Date(now), reviewed_by: by.sub })
    .execute();
  return number;
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
