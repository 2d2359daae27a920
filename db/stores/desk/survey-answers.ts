import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import type { AnswerMode, AnswerValues, CheckedAnswer } from '../../../domain/survey/answer.ts';
import type { CampaignStatus } from '../../../domain/survey/campaign.ts';
import { checkAnswer, type RawAnswer } from '../../../domain/survey/check-answer.ts';
import { figuresOf } from '../../../domain/survey/figure-cells.ts';
import type { PreparedForm } from '../../../domain/survey/prepare.ts';
import { isComplete } from '../../../domain/survey/rates.ts';
import type { Database, Transaction } from '../../database.ts';
import type { AnswerContent } from '../../schema.ts';
import { preparedForm } from './published-forms.ts';
import { PREPARED } from '../../prepared-statements.ts';
import { figuresLiteral } from '../../survey-figures.ts';
import { appendAudit, surveyTerritorySubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { markAnswered } from './survey-watch.ts';
import { answerBefore, contentNow, type LockedAnswer, owesAnybody } from './survey-answer-reading.ts';

/** By which way an answer came: the API, the page of a link, a file on either, a mail. */
export type AnswerDoor = 'api' | 'link' | 'file' | 'mail';

/** An answer to be written. `version`: the one that its writer read (If-Match); null: whatever stands there. */
export interface AnswerWrite {
  readonly survey: string;
  readonly respondent: string;
  readonly mode: AnswerMode;
  readonly raw: RawAnswer;
  readonly version: number | null;
  /** What was found wrong before: by whoever read a file. Nothing is written then, and all is told together. */
  readonly problems?: readonly FieldError[];
  readonly door: AnswerDoor;
  readonly by: Actor;
  readonly onBehalf: boolean;
  readonly now: number;
}

export type AnswerOutcome =
  | {
      readonly written: true;
      readonly version: number;
      /** Number of the version that counts; null: nothing is submitted yet. */
      readonly submitted: number | null;
      readonly checked: CheckedAnswer;
      /** Nobody owes an answer any more. */
      readonly allReceived: boolean;
      /** Submitted, and some figure has a threshold: it is to be looked at. */
      readonly watched: boolean;
    }
  | { readonly written: false; readonly refused: 'notOpen'; readonly status: CampaignStatus }
  | {
      readonly written: false;
      readonly refused: 'stale';
      readonly version: number;
      /** Fields where what was sent is not what stands there now. */
      readonly differs: readonly FieldError[];
    }
  | { readonly written: false; readonly refused: 'invalid'; readonly checked: CheckedAnswer };

/**
 * Writes a draft or submits an answer, in one transaction. The survey's row is held shared until it commits, and a closing
 * takes it alone: which of the two commits first decides whether the answer counts. What is submitted is a version, for ever.
 */
export async function writeAnswer({ sql }: Database, keys: KeyRing, write: AnswerWrite): Promise<AnswerOutcome> {
  const outcome = await sql.transaction().execute((trx) => writeAnswerIn(trx, keys, write));
  if (outcome.written && outcome.watched) await markAnswered(sql, write.survey, write.now);
  return outcome;
}

/** The same, in the caller's transaction; where it is `watched`, the caller marks it. */
export async function writeAnswerIn(trx: Transaction, keys: KeyRing, write: AnswerWrite): Promise<AnswerOutcome> {
  const survey = await trx
    .selectFrom('survey')
    .select(['status', 'closings', 'form_id', 'form_version', 'author', 'thresholds'])
    .where('id', '=', write.survey)
    .forShare()
    .executeTakeFirstOrThrow();
  if (survey.form_version === null || !(await takesAnswer(trx, survey.status, write)))
    return { written: false, refused: 'notOpen', status: survey.status };
  const form = await preparedForm(trx, survey.form_id, survey.form_version);
  const found = await lockAnswer(trx, write);
  const previous = await answerBefore(trx, write.respondent, { form: survey.form_id, author: survey.author });
  const checked = checkWrite(form, write, previous);
  const current = contentNow(found);
  const content = contentOf(checked);
  const same = isDeepStrictEqual(content, current);
  if (write.version !== null && write.version !== found.version && !same)
    return { written: false, refused: 'stale', version: found.version, differs: differences(content, current) };
  if (checked.problems.length > 0) return { written: false, refused: 'invalid', checked };
  const done = { checked, content, found, same, form, closings: survey.closings };
  const { version, submitted } = await writeContent(trx, keys, write, done);
  const allReceived = write.mode === 'submit' && !(await owesAnybody(trx, write.survey));
  const watched = write.mode === 'submit' && survey.thresholds.length > 0;
  return { written: true, version, submitted, checked, allReceived, watched };
}

function checkWrite(
  form: PreparedForm,
  { raw, mode, problems = [] }: AnswerWrite,
  previous: AnswerValues | null,
): CheckedAnswer {
  const checked = checkAnswer(form, raw, { mode, ...(previous === null ? {} : { previous }) });
  return { ...checked, problems: [...problems, ...checked.problems] };
}

/** An open survey takes all answers; a closed one those that were re-opened alone, or given back. */
async function takesAnswer(
  trx: Transaction,
  status: CampaignStatus,
  { respondent, now }: AnswerWrite,
): Promise<boolean> {
  if (status !== 'closed') return status === 'open';
  const answer = trx.selectFrom('survey_answer').select('unlocked_until').where('respondent_id', '=', respondent);
  const until = (await answer.executeTakeFirst())?.unlocked_until ?? null;
  return until !== null && now <= until.getTime();
}

const contentOf = ({ values, comments, notConcerned }: CheckedAnswer): AnswerContent => ({
  values,
  comments,
  notConcerned,
});

/** Two writers of one answer take turns. */
async function lockAnswer(trx: Transaction, { survey, respondent, now, by }: AnswerWrite): Promise<LockedAnswer> {
  await trx
    .insertInto('survey_answer')
    .values({ respondent_id: respondent, survey_id: survey, version: 0, updated_at: new Date(now), updated_by: by.sub })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { rows } = await sql<LockedAnswer>`${sql.raw(PREPARED)}
    select a.version, a.draft, a.submitted, a.at_closing as "atClosing", r.name, r.organisation_id as organisation, r.territory,
      v.values, v.comments, v.not_concerned as "notConcerned", last.number as last, last.values as "lastValues"
    from survey_answer a join survey_respondent r on r.id = a.respondent_id
    left join survey_answer_version v on v.respondent_id = a.respondent_id and v.number = a.submitted
    left join lateral (
      select x.number, x.values from survey_answer_version x where x.respondent_id = a.respondent_id order by x.number desc limit 1
    ) last on true
    where a.respondent_id = ${respondent}::uuid for update of a`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new Error('the answer was written just before');
  return row;
}

interface Done {
  readonly checked: CheckedAnswer;
  readonly content: AnswerContent;
  readonly found: LockedAnswer;
  /** It says what stands there already. */
  readonly same: boolean;
  readonly form: PreparedForm;
  readonly closings: number;
}

async function writeContent(
  trx: Transaction,
  keys: KeyRing,
  write: AnswerWrite,
  done: Done,
): Promise<{ version: number; submitted: number | null }> {
  const { content, found, same } = done;
  const isSubmitted = found.submitted !== null && found.draft === null;
  const again = same && (write.mode === 'draft' ? found.version > 0 : isSubmitted);
  if (again) return { version: found.version, submitted: found.submitted };
  const version = found.version + 1;
  const changed = { version, updated_at: new Date(write.now), updated_by: write.by.sub };
  const number = (found.last ?? 0) + 1;
  const submits = write.mode === 'submit';
  if (submits) await insertVersion(trx, write, { ...done, number });
  await trx
    .updateTable('survey_answer')
    .set({ ...changed, ...(submits ? submission(number, done) : { draft: toJson(content) }) })
    .where('respondent_id', '=', write.respondent)
    .execute();
  if (submits) await audit(trx, keys, write, { found, number, content });
  return { version, submitted: submits ? number : found.submitted };
}

/** What is submitted counts, whatever was said of the version before it. */
const submission = (number: number, { found, closings }: Done) => ({
  submitted: number,
  draft: null,
  ...(number === 1 ? { on_time: closings === 0 } : {}),
  at_closing: closings === 0 ? number : found.atClosing,
  validated: null,
  ...(closings === 0 ? { closing_validated: false } : {}),
  returned_at: null,
  return_reason: null,
});

async function insertVersion(
  trx: Transaction,
  write: AnswerWrite,
  { number, content, checked, form, closings }: Done & { readonly number: number },
): Promise<void> {
  const { values, comments, notConcerned } = content;
  await trx
    .insertInto('survey_answer_version')
    .values({
      respondent_id: write.respondent,
      number,
      values: toJson(values),
      comments: toJson(comments),
      not_concerned: notConcerned,
      complete: isComplete(form.questions.values(), values),
      after_closings: closings,
      submitted_at: new Date(write.now),
      submitted_by: write.by.sub,
      door: write.door,
      figures: figuresLiteral(figuresOf(form.cells, values)),
      notices: checked.notices.length,
    })
    .execute();
}

/** Who changed which figure when: the codes that moved, never their values; those stand in the version. */
async function audit(
  trx: Transaction,
  keys: KeyRing,
  { survey, respondent, by, door, onBehalf, now }: AnswerWrite,
  {
    found,
    number,
    content,
  }: { readonly found: LockedAnswer; readonly number: number; readonly content: AnswerContent },
): Promise<void> {
  const changed = changedCodes(content.values, found.lastValues ?? {});
  const data = { respondent, name: found.name, number, door, ...(onBehalf ? { onBehalf } : {}), changed };
  const fact = { at: now, kind: 'surveyAnswered', organisation: found.organisation, actor: by, data } as const;
  await appendAudit(trx, keys, surveyTerritorySubject(survey, found.territory), [fact]);
}

const changedCodes = (now: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (code) => !isDeepStrictEqual(now[code], before[code]),
  );

function differences(sent: AnswerContent, current: AnswerContent): readonly FieldError[] {
  return changedCodes(sent.values, current.values).map((code) => {
    const there = current.values[code];
    const words =
      there === undefined ? 'sans réponse' : `« ${typeof there === 'object' ? JSON.stringify(there) : there} »`;
    return {
      pointer: `/values/${code}`,
      code: 'differs',
      message: `Quelqu’un d’autre a écrit entre-temps\u00a0: ${words}.`,
    };
  });
}
