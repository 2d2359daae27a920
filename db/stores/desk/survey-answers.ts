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
import type { Transaction } from '../../database.ts';
import type { AnswerContent } from '../../schema.ts';
import { preparedForm } from './published-forms.ts';
import { surveyTerritorySubject } from '../audit.ts';
import { type HeldAnswer, holdAnswers, type LockedAnswer, readLocked, unlockedUntil } from './survey-answer-holding.ts';
import { contentNow, reusedIn } from './survey-answer-reading.ts';
import { markReuse } from './survey-answer-reuse.ts';
import { type AnswerDoor, type Draft, saveDrafts, type Submission, submit } from './survey-answer-writing.ts';

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
 * Writes drafts and submits answers, in the caller's transaction. The surveys' rows are held shared until it commits, and a closing
 * takes its own alone: which of the two commits first decides whether an answer counts. What is submitted is a version, for ever.
 * Where an answer is `watched`, the caller marks its survey.
 * @param writes each of another respondent
 * @returns what became of each, in their order: one that is refused holds up no other
 */
export async function writeAnswersIn(
  trx: Transaction,
  keys: KeyRing,
  writes: readonly AnswerWrite[],
): Promise<readonly AnswerOutcome[]> {
  const held = await holdAnswers(trx, writes);
  const until = await unlockedUntil(trx, held);
  const surveys = new Map(held.map((one) => [one.respondent, one]));
  const open = writes.flatMap((write) => {
    const survey = surveys.get(write.respondent);
    const isOpen = survey !== undefined && (survey.version !== null || write.now <= (until.get(write.respondent) ?? 0));
    return isOpen ? [survey] : [];
  });
  const found = await readLocked(trx, open);
  const judged: Judged[] = [];
  for (const write of writes)
    judged.push(await judge(trx, write, surveys.get(write.respondent), found.get(write.respondent)));
  await saveDrafts(
    trx,
    judged.flatMap(({ draft }) => draft ?? []),
  );
  await submit(
    trx,
    keys,
    judged.flatMap(({ submission }) => submission ?? []),
  );
  return judged.map(({ outcome }) => outcome);
}

/** What is to be written of an answer, if anything, and what its writer is told once it is. */
interface Judged {
  readonly outcome: AnswerOutcome;
  readonly draft?: Draft;
  readonly submission?: Submission;
}

async function judge(
  trx: Transaction,
  write: AnswerWrite,
  survey: HeldAnswer | undefined,
  found: LockedAnswer | undefined,
): Promise<Judged> {
  if (survey === undefined) throw new Error(`the respondent ${write.respondent} was held`);
  const { form_id: formId, form_version: formVersion, reuse_days: reuseDays } = survey;
  if (formVersion === null || found === undefined)
    return { outcome: { written: false, refused: 'notOpen', status: survey.status } };
  const form = await preparedForm(trx, formId, formVersion);
  const read = checkWrite(form, write, found.valuesBefore);
  const reusing = { ...write, named: write.reused, values: read.values };
  const { marks, problems } = await markReuse(trx, { formId, formVersion, reuseDays }, form, reusing, found);
  const checked = { ...read, problems: [...read.problems, ...problems] };
  const current = contentNow(found);
  const content = { ...contentOf(checked), ...reusedIn(marks) };
  const same = isDeepStrictEqual(content, current);
  const differs = isStale(write, found) ? answerDifferences(form, content, current) : [];
  if (differs.length > 0)
    return { outcome: { written: false, refused: 'stale', version: found.version, differs, reused: marks } };
  if (checked.problems.length > 0) return { outcome: { written: false, refused: 'invalid', checked, reused: marks } };
  return toWrite(write, { checked, content, found, same, form, marks, survey });
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

const contentOf = ({ values, comments, notConcerned }: CheckedAnswer): AnswerContent => ({
  values,
  comments,
  notConcerned,
});

interface Sound {
  readonly checked: CheckedAnswer;
  readonly content: AnswerContent;
  readonly found: LockedAnswer;
  /** It says what stands there already. */
  readonly same: boolean;
  readonly form: PreparedForm;
  readonly marks: Reused;
  readonly survey: HeldAnswer;
}

function toWrite(write: AnswerWrite, sound: Sound): Judged {
  const { checked, content, found, same, form, marks, survey } = sound;
  const { mode, respondent, by, now, door } = write;
  const isSubmitted = found.submitted !== null && found.draft === null;
  const again = same && (mode === 'draft' ? found.version > 0 : isSubmitted);
  const version = again ? found.version : found.version + 1;
  const number = (found.last ?? 0) + 1;
  const submits = mode === 'submit' && !again;
  const outcome: AnswerOutcome = {
    ...{ written: true, version, checked, reused: marks, submitted: submits ? number : found.submitted },
    settled: found.submitted === null && submits,
    watched: mode === 'submit' && survey.thresholds.length > 0,
  };
  if (again) return { outcome };
  const draft = { respondent, by, now, version, content };
  if (!submits) return { outcome, draft };
  const subject = surveyTerritorySubject(write.survey, found.territory);
  const fact = factOf(write, { found, number, content });
  const { closings } = survey;
  const counted = { survey: write.survey, number, closings, notices: checked.notices.length };
  return { outcome, submission: { ...draft, ...counted, door, form, marks, subject, fact } };
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
