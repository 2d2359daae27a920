import type { RawAnswer } from '../../domain/survey/check-answer.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import type { AnswerContent } from '../../db/schema.ts';
import { type AnswerValues, isNotConcerned } from '../../domain/survey/answer.ts';

/** A form as a browser posts it: fields by name, several values where a name comes several times. */
export type Posted = Readonly<Record<string, string | readonly string[]>>;

export const valueField = (...path: readonly string[]): string => `v.${path.join('.')}`;
export const commentField = (code: string): string => `c.${code}`;
/** Why one question does not concern the respondent. */
export const reasonField = (code: string): string => `n.${code}`;
/** Why one row of a table does not concern the respondent. */
export const rowReasonField = (table: string, row: string): string => `n.${table}.${row}`;

const one = (posted: Posted, name: string): string => [posted[name]].flat()[0] ?? '';
const many = (posted: Posted, name: string): readonly string[] => [posted[name] ?? []].flat();
const given = <T>(value: T, isThere: boolean): readonly T[] => (isThere ? [value] : []);

/** What a browser posted, as the one check of answers wants it: what was left empty is absent. */
export function answerOfForm(form: Form, posted: Posted): RawAnswer {
  const questions = questionsOf(form).filter(({ type }) => type !== 'computed');
  const values = questions.flatMap((question) => valueOf(question, posted));
  // A computed field is commented as well, when it moves.
  const comments = questionsOf(form).flatMap(({ code }) => {
    const text = unix(one(posted, commentField(code)));
    return given([code, text] as const, text.trim() !== '');
  });
  const reason = unix(one(posted, 'notConcerned'));
  return {
    values: Object.fromEntries(values),
    comments: Object.fromEntries(comments),
    ...(reason.trim() === '' ? {} : { notConcerned: reason }),
  };
}

/** Codes of the questions that were left without an answer and without a reason. */
export function openQuestions(form: Form, posted: Posted): readonly string[] {
  const questions = questionsOf(form).filter(({ type }) => type !== 'computed');
  return questions.filter((question) => valueOf(question, posted).length === 0).map(({ code }) => code);
}

/** Browsers break the lines of a text by CR LF. */
const unix = (text: string): string => text.replaceAll('\r\n', '\n');

/** A reason beside an answer is sent with it: which of the two counts is for its author to say, and it is told. */
function valueOf(question: Question, posted: Posted): readonly (readonly [string, unknown])[] {
  const notConcerned = unix(one(posted, reasonField(question.code)));
  const answered = answerOf(question, posted);
  if (notConcerned.trim() === '') return answered;
  return [[question.code, { notConcerned, ...(answered.length > 0 && { value: answered[0]?.[1] }) }]];
}

function answerOf(question: Question, posted: Posted): readonly (readonly [string, unknown])[] {
  const { code } = question;
  if (question.type === 'table') {
    const rows = question.rows.flatMap((row) => rowOf(code, row.code, question.columns, posted));
    return given([code, Object.fromEntries(rows)] as const, rows.length > 0);
  }
  if (question.type === 'choices') {
    const chosen = many(posted, valueField(code));
    return given([code, chosen] as const, chosen.length > 0);
  }
  const text = unix(one(posted, valueField(code)));
  return given([code, text] as const, text.trim() !== '');
}

function rowOf(
  table: string,
  row: string,
  columns: readonly { readonly code: string }[],
  posted: Posted,
): readonly (readonly [string, unknown])[] {
  const reason = one(posted, rowReasonField(table, row));
  const told = given(['notConcerned', reason] as const, reason.trim() !== '');
  const cells = columns.flatMap(({ code }) => {
    const text = one(posted, valueField(table, row, code));
    return given([code, text] as const, text.trim() !== '');
  });
  const all = [...told, ...cells];
  return given([row, Object.fromEntries(all)] as const, all.length > 0);
}

/** The fields that show what was read of a file, right or wrong. */
export function formOfRaw(form: Form, { values, comments, notConcerned }: RawAnswer): Posted {
  const reason = typeof notConcerned === 'string' ? notConcerned : null;
  return formOfAnswer(form, { values: values ?? {}, comments: comments ?? {}, notConcerned: reason } as AnswerContent);
}

/** What was computed of an answer, right or wrong, where the page shows it. */
export const computedFields = (form: Form, values: AnswerValues): Posted =>
  Object.fromEntries(
    questionsOf(form).flatMap(({ code, type }) => (type === 'computed' ? fieldsOf(code, values[code]) : [])),
  );

/** The fields that show an answer that is stored. */
export function formOfAnswer(form: Form, { values, comments, notConcerned }: AnswerContent): Posted {
  const fields = questionsOf(form).flatMap(({ code }) => fieldsOf(code, values[code]));
  const said = Object.entries(comments).map(([code, text]) => [commentField(code), text] as const);
  return Object.fromEntries([...fields, ...said, ['notConcerned', notConcerned ?? '']]);
}

function fieldsOf(code: string, value: unknown): readonly (readonly [string, string | readonly string[]])[] {
  if (value === undefined) return [];
  if (isNotConcerned(value)) return [[reasonField(code), value.notConcerned]];
  if (Array.isArray(value)) return [[valueField(code), value.map(String)]];
  if (typeof value !== 'object' || value === null) return [[valueField(code), shown(value)]];
  return Object.entries(value).flatMap(([row, cells]: [string, unknown]) => {
    if (isNotConcerned(cells)) return [[rowReasonField(code, row), cells.notConcerned] as const];
    return Object.entries(cells as object).map(
      ([column, cell]) => [valueField(code, row, column), shown(cell)] as const,
    );
  });
}

/** A number with the decimal comma of whoever reads. */
const shown = (value: unknown): string => (typeof value === 'number' ? String(value).replace('.', ',') : String(value));

export const postedOf = (posted: Posted, name: string): string => one(posted, name);
export const chosenOf = (posted: Posted, name: string): readonly string[] => many(posted, name);
