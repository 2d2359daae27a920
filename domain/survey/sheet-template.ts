import { cell, type WrittenCell, type WrittenSheet } from '../sheet.ts';
import { type AnswerValues, isNotConcerned } from './answer.ts';
import type { ChoiceQuestion, Column, Form, NumberField, Question, TableQuestion } from './form.ts';
import {
  commentCode,
  NOT_CONCERNED,
  READ_ONLY,
  REFERENCE,
  rowCode,
  type TemplateReference,
  templateReferenceText,
} from './sheet-codes.ts';

export interface TemplateMatter {
  readonly form: Form;
  readonly title: string;
  readonly respondent: string;
  /** «le mardi 1er décembre 2026 à 18 h», as its reader has it. */
  readonly until: string;
  readonly reference: TemplateReference;
  /** What already stands in the answer cells. */
  readonly content: {
    readonly values: AnswerValues;
    readonly comments: Readonly<Record<string, string>>;
    readonly notConcerned: string | null;
  };
}

type Row = readonly WrittenCell[];

export const ANSWER_SHEET = 'Réponse';
/** Lines above the first question. */
const HEAD = 5;
const WIDTHS = [24, 46, 22, 16, 40, 22];
const HELP =
  'Remplissez les cases jaunes, sans ajouter de colonne ni changer les codes de la première. Une case vide est une question sans réponse ; un zéro se saisit.';

/** The sheet that a respondent fills: one line a question, a block of lines a table, the codes in the first column. */
export function answerSheet(matter: TemplateMatter): WrittenSheet {
  const { form, title, respondent, until, reference, content } = matter;
  const rows: Row[] = [
    [quiet(READ_ONLY), cell(title, 'title')],
    [quiet(READ_ONLY), cell(`Répondant : ${respondent}. À rendre avant : ${until}.`)],
    [quiet(REFERENCE), cell('Référence (à garder telle quelle)'), quiet(templateReferenceText(reference))],
    [quiet(READ_ONLY), cell(HELP, 'note')],
    [READ_ONLY, 'Question', 'Réponse', 'Unité', 'Aide et limites'].map((text) => cell(text, 'heading')),
    ...form.sections.flatMap((section) => [
      [quiet(READ_ONLY), cell(section.title, 'title'), cell(section.help ?? null, 'note')],
      ...section.questions.flatMap((question) => questionRows(question, content)),
    ]),
    [quiet(READ_ONLY)],
    [
      quiet(NOT_CONCERNED),
      cell('Cette enquête ne nous concerne pas : motif (laissez alors le reste vide)'),
      answer(content.notConcerned),
    ],
  ];
  return { name: ANSWER_SHEET, widths: WIDTHS, rows, frozen: { rows: HEAD, columns: 2 }, locked: true };
}

const quiet = (text: string): WrittenCell => cell(text, 'code');
const answer = (value: unknown, choices?: readonly string[]): WrittenCell => ({
  value: typeof value === 'string' || typeof value === 'number' ? value : null,
  role: 'answer',
  ...(choices === undefined ? {} : { choices }),
});

const owed = (label: string, required: boolean | undefined): string =>
  required === true ? `${label} (obligatoire)` : label;

function questionRows(question: Question, { values, comments }: TemplateMatter['content']): readonly Row[] {
  const { code, label } = question;
  const value = values[code];
  const comment: Row = [quiet(commentCode(code)), cell('Commentaire'), answer(comments[code])];
  const isCommented = mayOweComment(question) || comments[code] !== undefined;
  // Nobody fills in what is computed; it is commented when it moves.
  if (question.type === 'computed')
    return isCommented ? [[...comment.slice(0, 1), cell(`${label} (calculé) : commentaire`), ...comment.slice(2)]] : [];
  const { required } = question;
  const own =
    question.type === 'table'
      ? tableRows(question, value)
      : [
          [
            quiet(code),
            cell(owed(label, required)),
            answerOf(question, value),
            cell('unit' in question ? (question.unit ?? null) : null),
            cell(aidOf(question), 'note'),
          ],
        ];
  return isCommented ? [...own, comment] : own;
}

type Asked = Exclude<Question, { type: 'table' | 'computed' }>;

function answerOf(question: Asked, value: unknown): WrittenCell {
  if (question.type === 'choice')
    return answer(
      labelOf(question, value),
      question.choices.map(({ label }) => label),
    );
  if (question.type !== 'choices') return answer(value);
  const labels = Array.isArray(value) ? value.map((one) => labelOf(question, one)) : [];
  return answer(labels.length === 0 ? null : labels.join(' ; '));
}

const labelOf = ({ choices }: ChoiceQuestion, value: unknown): string | null =>
  choices.find(({ code }) => code === value)?.label ?? null;

const mayOweComment = (question: Question): boolean =>
  question.type === 'table'
    ? question.columns.some(({ commentWhenMoves }) => commentWhenMoves !== undefined)
    : 'commentWhenMoves' in question;

function aidOf(question: Asked): string | null {
  const parts = [question.help, kindOf(question)].filter((one) => one !== undefined && one !== '');
  return parts.length === 0 ? null : parts.join(' ');
}

function kindOf(question: Asked): string {
  switch (question.type) {
    case 'choice':
      return `Un choix parmi : ${labelsOf(question)}.`;
    case 'choices':
      return `Plusieurs choix possibles, séparés par « ; » : ${labelsOf(question)}.`;
    case 'date':
      return 'Date, par exemple 24/11/2026.';
    case 'text':
      return question.maxLength === undefined ? '' : `${question.maxLength} caractères au plus.`;
    default:
      return limitsOf(question);
  }
}

const labelsOf = ({ choices }: ChoiceQuestion): string => choices.map(({ label }) => label).join(', ');

const NUMBERS = { integer: 'Nombre entier', decimal: 'Nombre', percentage: 'Pourcentage' } as const;

function limitsOf({ type, min, max }: NumberField): string {
  const range = [min === undefined ? '' : `au moins ${shown(min)}`, max === undefined ? '' : `au plus ${shown(max)}`];
  return `${[NUMBERS[type], ...range.filter((one) => one !== '')].join(', ')}.`;
}

const shown = (number: number): string => String(number).replace('.', ',');

function tableRows({ code, label, help, rows, columns, required }: TableQuestion, value: unknown): readonly Row[] {
  const known = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return [
    [
      quiet(READ_ONLY),
      cell(owed(label, required), 'heading'),
      ...columns.map((column) => cell(headOf(column), 'heading')),
      cell('Non concerné (motif)', 'heading'),
    ],
    [quiet(code), cell(help ?? null, 'note'), ...columns.map((column) => quiet(column.code)), quiet(NOT_CONCERNED)],
    ...rows.map((row) => {
      const cells = known[row.code];
      const reason = isNotConcerned(cells) ? cells.notConcerned : null;
      const numbers = reason === null ? ((cells ?? {}) as Readonly<Record<string, unknown>>) : {};
      const answers = columns.map((column) => answer(numbers[column.code]));
      return [quiet(rowCode(code, row.code)), cell(row.label), ...answers, answer(reason)];
    }),
  ];
}

const headOf = ({ label, unit, required, ...field }: Column): string =>
  [
    owed(label, required),
    unit === undefined ? '' : `en ${unit}`,
    field.min === undefined && field.max === undefined ? '' : limitsOf(field),
  ]
    .filter((one) => one !== '')
    .join('\n');
