import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SPREADSHEET_LIMITS } from '../../channels/spreadsheets/limits.ts';
import { isForNow } from '../../channels/spreadsheets/refusals.ts';
import type { SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { writeAnswer } from '../../db/stores/desk/survey-answer-groups.ts';
import type { AnswerOutcome, AnswerWrite } from '../../db/stores/desk/survey-answers.ts';
import type { FieldError } from '../../domain/field-error.ts';
import type { RawAnswer } from '../../domain/survey/check-answer.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { SheetReference } from '../../domain/survey/sheet-codes.ts';
import { sheetErrors } from '../../domain/survey/sheet-errors.ts';
import { readSheet } from '../../domain/survey/sheet-reading.ts';
import { ANSWER_SHEET } from '../../domain/survey/sheet-template.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem, unavailable } from '../problem.ts';

/** The bytes of the one part `file`; one byte too many tells a file over the limit. @throws Problem 415, 422 */
export async function fileOf(request: FastifyRequest): Promise<Buffer> {
  const fileSize = SPREADSHEET_LIMITS.bytes + 1;
  const part: MultipartFile | undefined = await request.file({ limits: { fileSize }, throwFileSizeLimit: false });
  if (part?.fieldname === 'file') return part.toBuffer();
  const detail = 'Joignez un fichier .xlsx ou .csv dans la partie « file ».';
  throw new Problem(422, 'no-file', detail, { errors: [{ pointer: '/file', code: 'required', message: detail }] });
}

export const referenceOf = ({ survey, formVersion, answer }: SurveyLink): SheetReference => ({
  survey,
  formVersion,
  respondent: answer.respondent,
});

/** What its sender has read, and what the template was made of: whichever is overtaken counts. */
const olderOf = ({ answer }: SurveyLink, [read, made]: readonly [number | null, number | null]): number | null =>
  read !== null && read !== answer.version ? read : (made ?? read);

export type FileOutcome =
  | { readonly read: false; readonly error: FieldError }
  | {
      readonly read: true;
      readonly outcome: AnswerOutcome;
      readonly raw: RawAnswer;
      /** Errors of the answer, told by the lines of the file. */
      readonly tell: (problems: readonly FieldError[]) => readonly FieldError[];
    };

/** Reads a filled sheet and writes what it says, like any answer: wholly right, or nothing of it. @throws Problem 503 while others are read */
export async function writeAnswerFile(
  { database, keys, spreadsheets }: ApiDeps,
  { link, form }: { readonly link: SurveyLink; readonly form: Form },
  bytes: Buffer,
  write: Omit<AnswerWrite, 'raw' | 'door' | 'problems'>,
): Promise<FileOutcome> {
  // Whoever holds a leaked link holds up its own respondent at most, and not those who write on its behalf.
  const file = await spreadsheets.read(bytes, ANSWER_SHEET, `${write.respondent} ${write.by.sub}`);
  if (!file.read && isForNow(file.as)) throw unavailable(file.message);
  if (!file.read) return { read: false, error: { pointer: '/file', code: file.as, message: file.message } };
  const { raw, problems, lines, answerVersion } = readSheet(form, file.grid, referenceOf(link));
  const version = olderOf(link, [write.version, answerVersion]);
  const outcome = await writeAnswer(database, keys, { ...write, raw, problems, version, door: 'file' });
  const tell = (wrong: readonly FieldError[]): readonly FieldError[] =>
    sheetErrors(form, wrong, lines).map(({ pointer, code, message }) => ({ pointer, code, message }));
  return { read: true, outcome, raw, tell };
}
