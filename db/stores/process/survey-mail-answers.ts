import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import { MACHINE } from '../../../domain/actor.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { MailState, SurveyMailKept } from '../../../domain/mail-reading.ts';
import type { SheetGrid } from '../../../domain/sheet.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { noticeLines } from '../../../domain/survey/notice-words.ts';
import { sheetErrors, sheetPlaces } from '../../../domain/survey/sheet-errors.ts';
import { readSheet } from '../../../domain/survey/sheet-reading.ts';
import { newId, type Transaction } from '../../database.ts';
import { appendAudit, surveySubject } from '../audit.ts';
import { type AnswerOutcome, type AnswerWrite, writeAnswersIn } from '../desk/survey-answers.ts';
import { markAnswering } from '../desk/survey-watch.ts';
import { readForm } from '../desk/published-forms.ts';
import { toJson } from '../json.ts';
import { planMailing } from './mailings.ts';
import type { SurveyMail } from './survey-returns.ts';

/** A filled sheet that came attached to the answer to a mail of a survey. */
export interface MailedSheet {
  readonly about: SurveyMail & { readonly respondent: string };
  /** Address of the writer, as it is shown; nothing is ever written to it. */
  readonly from: string;
  /** What its file holds, or why none was taken from it. */
  readonly file:
    { readonly name: string; readonly grid: SheetGrid } | { readonly name: string; readonly refused: string };
}

interface Received {
  readonly id: string;
  readonly now: Instant;
}

/** What came of it: the state of the mail, and the letter that its respondent gets. */
export interface MailedAnswer {
  readonly state: MailState;
  readonly mailing: string | null;
  /** It was owed until now: the survey may be complete. */
  readonly settled: boolean;
}

interface Told {
  readonly purpose: 'fileTaken' | 'fileRefused';
  readonly settled: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Submits what a mailed sheet says, like any answer, and plans the letter that tells its respondent so, at the address that the
 * survey has of it: in the transaction that marks the mail as read, so that a mail counts once whatever is tried again.
 */
export async function answerByMail(
  trx: Transaction,
  keys: KeyRing,
  sheet: MailedSheet,
  received: Received,
): Promise<MailedAnswer> {
  const told = await take(trx, keys, sheet, received);
  const mailing = await planLetter(trx, keys, sheet, { ...told, now: received.now });
  if (told.purpose === 'fileTaken') return { state: 'surveyAnswered', mailing, settled: told.settled };
  const { survey, organisation, name, respondent } = sheet.about;
  const data = {
    mail: received.id,
    respondent,
    name,
    file: sheet.file.name,
    ...told.detail,
    errors: errorCount(told.detail),
  };
  const fact = { at: received.now, kind: 'surveyFileRefused', organisation, actor: MACHINE, data } as const;
  await appendAudit(trx, keys, surveySubject(survey), [fact]);
  return { state: 'surveyRefused', mailing, settled: false };
}

const errorCount = ({ errors, more = 0 }: Told['detail']): number =>
  (Array.isArray(errors) ? errors.length : 1) + Number(more);

async function take(
  trx: Transaction,
  keys: KeyRing,
  { about, from, file }: MailedSheet,
  { now }: Received,
): Promise<Told> {
  const refused = (detail: Told['detail']): Told => ({
    purpose: 'fileRefused',
    settled: false,
    detail: { file: file.name, ...detail },
  });
  if ('refused' in file) return refused({ reason: file.refused });
  const survey = await trx
    .selectFrom('survey')
    .select(['form_id', 'form_version'])
    .where('id', '=', about.survey)
    .executeTakeFirstOrThrow();
  const { form_id: formId, form_version: formVersion } = survey;
  if (formVersion === null) return refused({ notOpen: true });
  const form = await readForm(trx, formId, formVersion);
  const reading = readSheet(form, file.grid, { survey: about.survey, formVersion, respondent: about.respondent });
  const write: AnswerWrite = {
    survey: about.survey,
    respondent: about.respondent,
    mode: 'submit',
    raw: reading.raw,
    problems: reading.problems,
    version: reading.answerVersion,
    door: 'mail',
    by: { sub: `courriel de ${from}`, organisation: about.organisation ?? about.author },
    onBehalf: false,
    now,
  };
  const [outcome] = await writeAnswersIn(trx, keys, [write]);
  if (outcome === undefined) throw new Error('nothing was told of an answer');
  if (outcome.written && outcome.watched) await markAnswering(trx, about.survey, now);
  if (outcome.written) return taken(form, file.name, outcome);
  if (outcome.refused === 'notOpen') return refused({ notOpen: true });
  if (outcome.refused === 'stale')
    return refused({ overtaken: true, ...shown(sheetPlaces(form, outcome.differs, reading.lines)) });
  return refused(shown(sheetErrors(form, outcome.checked.problems, reading.lines).map(({ text }) => text)));
}

function taken(
  form: Form,
  file: string,
  { submitted, settled, checked }: Extract<AnswerOutcome, { written: true }>,
): Told {
  const { values, notConcerned, notices } = checked;
  const detail = {
    file,
    version: submitted,
    answers: Object.keys(values).length,
    notConcerned,
    notices: noticeLines(form, notices).slice(0, MOST_SHOWN),
  };
  return { purpose: 'fileTaken', settled, detail };
}

/** Lines that one mail tells. */
const MOST_SHOWN = 100;

const shown = (errors: readonly string[]): Told['detail'] => ({
  errors: errors.slice(0, MOST_SHOWN),
  more: Math.max(0, errors.length - MOST_SHOWN),
});

/** Never to the writer's own address: whoever holds the token may be anybody. Null: no address is on record. */
async function planLetter(
  trx: Transaction,
  keys: KeyRing,
  { about }: MailedSheet,
  { purpose, detail, now }: Told & { readonly now: Instant },
): Promise<string | null> {
  const to = await trx
    .selectFrom('survey_respondent')
    .select(['id', 'name', 'address', 'link_hash as linkHash'])
    .where('id', '=', about.respondent)
    .executeTakeFirstOrThrow();
  const { id: recipient, name, address, linkHash } = to;
  if (address === null) return null;
  const id = newId();
  await planMailing(trx, keys, { id, subject: surveySubject(about.survey), purpose, detail, now }, [
    { recipient, name, address, linkHash },
  ]);
  return id;
}

/** Marks the mail with what came of it. */
export async function noteAnswer(
  trx: Transaction,
  id: string,
  { about }: MailedSheet,
  { state, mailing, settled }: MailedAnswer,
): Promise<void> {
  const kept: SurveyMailKept = { mailing, answered: settled ? about.survey : null };
  await sql`
    update inbound_mail set state = ${state}, mailing_mail_id = ${about.mail}::uuid, signal = ${toJson(kept)}::jsonb
    where id = ${id}::uuid`.execute(trx);
}
