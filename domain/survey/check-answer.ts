import type { FieldError } from '../field-error.ts';
import { isObject, pointerTo } from '../input.ts';
import {
  isNotConcerned,
  type AnswerMode,
  type AnswerValue,
  type AnswerValues,
  type CheckedAnswer,
  type Tell,
} from './answer.ts';
import { readReason, readText, readValue, tellUnknown } from './answer-fields.ts';
import { movesOf } from './answer-moves.ts';
import { checkRules, computeFields } from './answer-rules.ts';
import { type Form, type Question, questionsOf, type TableQuestion } from './form.ts';
import { LIMITS } from './limits.ts';
import type { PreparedForm } from './prepare.ts';

/** An answer as it came. */
export interface RawAnswer {
  readonly values?: unknown;
  readonly comments?: unknown;
  readonly notConcerned?: unknown;
}

export interface AnswerContext {
  /** A draft may leave out what is owed, and is told so; what stands in it must be right. */
  readonly mode: AnswerMode;
  /** The values of the answer before, whatever version of the form they answered. */
  readonly previous?: unknown;
}

/** Checks an answer: all wrong fields at once, in French; computes what the form computes. Never throws. */
export function checkAnswer(form: PreparedForm, raw: RawAnswer, { mode, previous }: AnswerContext): CheckedAnswer {
  const [problems, notices] = [[] as FieldError[], [] as FieldError[]];
  const problem: Tell = (pointer, code, message) => void problems.push({ pointer, code, message });
  const notice: Tell = (pointer, code, message) => void notices.push({ pointer, code, message });
  const owed = mode === 'submit' ? problem : notice;
  const given = readValues(form, raw.values, problem);
  const comments = readComments(form, raw.comments, problem);
  if (raw.notConcerned !== undefined && raw.notConcerned !== null) {
    if (Object.keys(given).length > 0) {
      problem('/values', 'notAllowed', '« Non concerné » ne va pas avec des réponses : retirez les unes ou l’autre.');
    }
    const reason = readReason(raw.notConcerned, '/notConcerned', problem);
    return { values: given, comments, notConcerned: reason, problems, notices };
  }
  const wrong = new Set(problems.map(({ pointer }) => pointer));
  tellMissing(form, given, { owed, wrong });
  const values = { ...given, ...computeFields(form, given, notice) };
  checkRules(form, values, problem, notice);
  for (const { question, message } of movesOf(form.questions.values(), values, previous)) {
    if (Object.hasOwn(comments, question)) notice(pointerTo('values', question), 'moved', message);
    else owed(pointerTo('comments', question), 'commentRequired', `${message} Un commentaire est attendu.`);
  }
  return { values, comments, notConcerned: null, problems, notices };
}

const UNKNOWN = 'Question inconnue de ce questionnaire.';

function readValues({ questions }: PreparedForm, raw: unknown, problem: Tell): AnswerValues {
  if (raw === undefined || raw === null) return {};
  if (!isObject(raw)) {
    problem('/values', 'type', 'Un objet { code: valeur } est attendu.');
    return {};
  }
  tellUnknown(questions, raw, '/values', (pointer) => problem(pointer, 'unknown', UNKNOWN));
  const read = [...questions.values()].flatMap((question): readonly (readonly [string, AnswerValue])[] => {
    const { code } = question;
    const found = Object.hasOwn(raw, code) ? raw[code] : null;
    const value = readValue(question, found, pointerTo('values', code), problem);
    return value === null ? [] : [[code, value]];
  });
  return Object.fromEntries(read);
}

function readComments({ questions }: PreparedForm, raw: unknown, problem: Tell): Readonly<Record<string, string>> {
  if (raw === undefined || raw === null) return {};
  if (!isObject(raw)) {
    problem('/comments', 'type', 'Un objet { code: texte } est attendu.');
    return {};
  }
  tellUnknown(questions, raw, '/comments', (pointer) => problem(pointer, 'unknown', UNKNOWN));
  const read = [...questions.keys()].flatMap((code): readonly (readonly [string, string])[] => {
    const found = Object.hasOwn(raw, code) ? raw[code] : null;
    const text = readText(found, LIMITS.comment, pointerTo('comments', code), problem);
    return text === null ? [] : [[code, text]];
  });
  return Object.fromEntries(read);
}

interface Owing {
  readonly owed: Tell;
  /** Pointers told already: a wrong answer is not missing as well. */
  readonly wrong: ReadonlySet<string>;
}

function tellMissing(form: PreparedForm, values: AnswerValues, owing: Owing): void {
  for (const question of form.questions.values()) {
    const value = Object.hasOwn(values, question.code) ? values[question.code] : undefined;
    if (question.type === 'table') tellMissingCells(question, value, pointerTo('values', question.code), owing);
    else if (value === undefined && isRequired(question))
      tell(pointerTo('values', question.code), 'Réponse obligatoire.', owing);
  }
}

const isRequired = (question: Question): boolean => 'required' in question && question.required;

function tell(at: string, message: string, { owed, wrong }: Owing): void {
  if (!wrong.has(at) && !wrong.has(`${at}/notConcerned`)) owed(at, 'required', message);
}

/** A required table owes every row; a row where anything stands owes its required columns. */
function tellMissingCells(table: TableQuestion, value: AnswerValue | undefined, at: string, owing: Owing): void {
  if (isNotConcerned(value) || owing.wrong.has(at)) return;
  const rows = isObject(value) ? value : {};
  for (const { code } of table.rows) {
    const row = Object.hasOwn(rows, code) ? rows[code] : undefined;
    if (!isNotConcerned(row) && !owing.wrong.has(`${at}/${code}`)) tellMissingIn(table, row, `${at}/${code}`, owing);
  }
}

function tellMissingIn({ columns, required = false }: TableQuestion, row: unknown, at: string, owing: Owing): void {
  const begun = row !== undefined || [...owing.wrong].some((one) => one.startsWith(`${at}/`));
  if (!begun && required) tell(at, 'Ligne à remplir, ou « non concerné » avec un motif.', owing);
  if (!begun) return;
  for (const column of columns.filter((one) => one.required)) {
    const missing = !isObject(row) || !Object.hasOwn(row, column.code);
    if (missing) tell(`${at}/${column.code}`, 'Réponse obligatoire dans une ligne remplie.', owing);
  }
}

/** Whether a form lets anything be taken over from the answer before. */
export const mayPrefill = (form: Form): boolean =>
  questionsOf(form).some((question) => 'prefill' in question && question.prefill);

/** What an answer before offers to take over: the values of the questions that allow it and that are still right. */
export function prefilled(form: PreparedForm, previous: unknown): AnswerValues {
  const nothing: Tell = () => undefined;
  const values = isObject(previous) ? previous : {};
  const read = [...form.questions.values()].flatMap((question): readonly (readonly [string, AnswerValue])[] => {
    const { code } = question;
    if (!('prefill' in question) || !question.prefill || !Object.hasOwn(values, code)) return [];
    const value = readValue(question, values[code], '', nothing);
    return value === null ? [] : [[code, value]];
  });
  return Object.fromEntries(read);
}
