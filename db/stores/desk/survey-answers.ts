import { isDeepStrictEqual } from 'node:util';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import type { AnswerMode, AnswerValues, CheckedAnswer } from '../../../domain/survey/answer.ts';
import { answerDifferences } from '../../../domain/survey/answer-differences.ts';
import type { CampaignStatus } from '../../../domain/survey/campaign.ts';
import { checkAnswer, type RawAnswer } from '../../../domain/survey/check-answer.ts';
import type { PreparedForm } from '../../../domain/survey/prepare.ts';
import type { Reused } from '../../../domain/survey/reuse.ts';
import type { Database, Transaction } from '../../database.ts';
import type { AnswerContent } from '../../schema.ts';
import { preparedForm } from './published-forms.ts';
import { appendAudit, surveyTerritorySubject } from '../audit.ts';
import { contentNow, holdAnswer, type LockedAnswer, readLocked, reusedIn } from './survey-answer-reading.ts';
import { markReuse } from './survey-answer-reuse.ts';
import { type AnswerDoor, saveDraft, submit } from './survey-answer-writing.ts';
import { markAnswered } from './survey-watch.ts';

export type { AnswerDoor } from './survey-answer-writing.ts';

/** An answer to be written. `version`: the one that its writer read (If-Match); null: whatever stands there. */
export interface AnswerWrite {
  readonly survey: string;
  readonly respondent: string;
  readonly mode: AnswerMode;
  readonly raw: RawAnswer;
  /** Codes of the values that its writer took over from recent answers; absent: those that stand in what he edits. */
  readonly reused?: readonly string[];
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
      /** It was owed until this submission: the survey may be complete now. */
      readonly settled: boolean;
      readonly checked: CheckedAnswer;
      readonly reused: Reused;
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
      /** What of it would bear a mark of reuse. */
      readonly reused: Reused;
    }
  | { readonly written: false; readonly refused: 'invalid'; readonly checked: CheckedAnswer; readonly reused: Reused };

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
  const survey = await holdAnswer(trx, write);
  const isOpen = survey.version !== null;
  if (survey.form_version === null || !(isOpen || (await isReopened(trx, survey.status, write))))
    return { written: false, refused: 'notOpen', status: survey.status };
  const form = await preparedForm(trx, survey.form_id, survey.form_version);
  const found = await readLocked(trx, write.respondent, survey);
  const read = checkWrite(form, write, found.valuesBefore);
  const offering = { formId: survey.form_id, formVersion: survey.form_version, reuseDays: survey.reuse_days };
  const reusing = { ...write, named: write.reused, values: read.values };
  const { marks, problems } = await markReuse(trx, offering, form, reusing, found);
  const checked = { ...read, problems: [...read.problems, ...problems] };
  const current = contentNow(found);
  const content = { ...contentOf(checked), ...reusedIn(marks) };
  const same = isDeepStrictEqual(content, current);
  const differs = isStale(write, found) ? answerDifferences(form, content, current) : [];
  if (differs.length > 0) return { written: false, refused: 'stale', version: found.version, differs, reused: marks };
  if (checked.problems.length > 0) return { written: false, refused: 'invalid', checked, reused: marks };
  const done = { checked, content, found, same, form, marks, closings: survey.closings };
  const { version, submitted } = await writeContent(trx, keys, write, done);
  const watched = write.mode === 'submit' && survey.thresholds.length > 0;
  const settled = found.submitted === null && submitted !== null;
  return { written: true, version, submitted, settled, checked, reused: marks, watched };
}

const isStale = ({ version }: AnswerWrite, found: LockedAnswer): boolean =>
  version !== null && version !== found.version;

function checkWrite(
  form: PreparedForm,
  { raw, mode, problems = [] }: AnswerWrite,
  previous: AnswerValues | null,
): CheckedAnswer {
  const checked = checkAnswer(form, raw, { mode, ...(previous === null ? {} : { previous }) });
  return { ...checked, problems: [...problems, ...checked.problems] };
}

/** A closed survey takes the answers that were re-opened alone, or given back. Locks the answer: a validation may end that. */
async function isReopened(
  trx: Transaction,
  status: CampaignStatus,
  { respondent, now }: AnswerWrite,
): Promise<boolean> {
  if (status !== 'closed') return false;
  const answer = trx.selectFrom('survey_answer').select('unlocked_until').where('respondent_id', '=', respondent);
  const until = (await answer.forUpdate().executeTakeFirst())?.unlocked_until ?? null;
  return until !== null && now <= until.getTime();
}

const contentOf = ({ values, comments, notConcerned }: CheckedAnswer): AnswerContent => ({
  values,
  comments,
  notConcerned,
});

interface Done {
  readonly checked: CheckedAnswer;
  readonly content: AnswerContent;
  readonly found: LockedAnswer;
  /** It says what stands there already. */
  readonly same: boolean;
  readonly form: PreparedForm;
  readonly marks: Reused;
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
  if (write.mode === 'draft') {
    await saveDraft(trx, write, { version, content });
    return { version, submitted: found.submitted };
  }
  const number = (found.last ?? 0) + 1;
  const subject = surveyTerritorySubject(write.survey, found.territory);
  const notices = done.checked.notices.length;
  const heads = await submit(trx, write, { ...done, version, number, notices, subject });
  await appendAudit(trx, keys, subject, [factOf(write, { found, number, content })], heads);
  return { version, submitted: number };
}

/** Who changed which figure when: the codes that moved, never their values; those stand in the version. */
function factOf(
  { respondent, by, door, onBehalf, now }: AnswerWrite,
  {
    found,
    number,
    content,
  }: { readonly found: LockedAnswer; readonly number: number; readonly content: AnswerContent },
): Fact {
  const changed = changedCodes(content.values, found.lastValues ?? {});
  const { reused } = content;
  const said = { ...(onBehalf ? { onBehalf } : {}), ...(reused === undefined ? {} : { reused }) };
  const data = { respondent, name: found.name, number, door, ...said, changed };
  return { at: now, kind: 'surveyAnswered', organisation: found.organisation, actor: by, data };
}

const changedCodes = (now: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (code) => !isDeepStrictEqual(now[code], before[code]),
  );
