import type { AggregateRule } from './aggregate.ts';
import { figureInWords } from './figure-words.ts';
import {
  type Column,
  decimalsOf,
  type Form,
  isNumberQuestion,
  type Question,
  type QuestionType,
  questionsOf,
} from './form.ts';
import { type ColumnsShown, type ResultColumn, resultColumns } from './result-columns.ts';

/** What one column of the results says: whoever reads a figure finds its question, its type, its rule, its unit and its limits. */
export interface DictionaryEntry {
  readonly column: string;
  /** Of its question; null: a count of respondents. */
  readonly code: string | null;
  readonly label: string;
  /** French words, all of them; empty where there is nothing to say. */
  readonly type: string;
  readonly rule: string;
  readonly unit: string;
  /** What an answer may be: `de 0 à 5 000`; of a computed field its formula. */
  readonly limits: string;
}

const COUNTS: Readonly<Record<string, string>> = {
  territoire: 'Établissement, département, agence, zone de défense ou nation',
  nom: 'Nom du répondant',
  attendues: 'Répondants que l’enquête concerne',
  'non concernés': 'Répondants que l’enquête ne concerne pas : hors des taux',
  reçues: 'Réponses envoyées',
  complètes: 'Réponses envoyées, sans question laissée ouverte',
  validées: 'Réponses que leur agence a validées telles qu’elles sont',
  'dans les délais': 'Première réponse envoyée avant la première clôture',
  'sans réponse': 'Répondants qui doivent encore une réponse',
};
/** What the figure of a table over all of its rows is called in a dictionary. */
export const ALL_ROWS = 'toutes les lignes';
const NAMES: readonly string[] = ['territoire', 'nom'];

export function dictionaryOf(form: Form, shown?: ColumnsShown): readonly DictionaryEntry[] {
  const questions = new Map(questionsOf(form).map((question) => [question.code, question]));
  return resultColumns(form, shown).map((column) => entryOf(questions, column));
}

function entryOf(
  questions: ReadonlyMap<string, Question>,
  { title, rule, choice, reuse }: ResultColumn,
): DictionaryEntry {
  if (reuse !== undefined) return reuseEntry(title, reuse, questions.get(reuse.code)?.label ?? reuse.code);
  if (rule === null) return countEntry(title);
  const [code = '', ...steps] = rule.key.split('.');
  const question = questions.get(code);
  const field = question?.type === 'table' ? question.columns.find((one) => one.code === steps.at(-1)) : question;
  const labels = [question?.label, ...insideOf(question, steps), choiceOf(question, choice)];
  return {
    column: title,
    code,
    label: labels.filter((one) => one !== undefined).join(', '),
    type: field === undefined ? '' : TYPES[field.type],
    rule: RULES[rule.kind](rule as never),
    unit: unitOf(field),
    limits: field === undefined ? '' : limitsOf(field),
  };
}

function countEntry(column: string): DictionaryEntry {
  const isName = NAMES.includes(column);
  const [type, rule] = isName ? ['texte', ''] : ['nombre entier', 'nombre'];
  return { column, code: null, label: COUNTS[column] ?? '', type, rule, unit: '', limits: '' };
}

function reuseEntry(column: string, { code, of }: NonNullable<ResultColumn['reuse']>, asked: string): DictionaryEntry {
  const isDate = of === 'oldest';
  const label = isDate
    ? `Date de la plus ancienne réponse reprise : ${asked}`
    : `Réponses reprises d’une autre enquête : ${asked}`;
  return {
    column,
    code,
    label,
    type: isDate ? 'date' : 'nombre entier',
    rule: isDate ? 'minimum' : 'nombre',
    unit: '',
    limits: '',
  };
}

function insideOf(question: Question | undefined, steps: readonly string[]): readonly (string | undefined)[] {
  if (question?.type !== 'table') return [];
  const [row, column] = steps.length > 1 ? steps : [undefined, steps[0]];
  const named = question.rows.find(({ code }) => code === row)?.label ?? ALL_ROWS;
  return [named, question.columns.find(({ code }) => code === column)?.label];
}

const choiceOf = (question: Question | undefined, choice: string | undefined): string | undefined =>
  question !== undefined && 'choices' in question
    ? question.choices.find(({ code }) => code === choice)?.label
    : undefined;

function unitOf(field: Question | Column | undefined): string {
  if (field === undefined) return '';
  if ('unit' in field) return field.unit;
  return field.type === 'percentage' ? '%' : '';
}

const TYPES: Readonly<Record<QuestionType, string>> = {
  integer: 'nombre entier',
  decimal: 'nombre décimal',
  percentage: 'pourcentage',
  choice: 'un choix',
  choices: 'plusieurs choix',
  date: 'date',
  text: 'texte',
  table: 'tableau',
  computed: 'champ calculé',
};

function limitsOf(field: Question | Column): string {
  if (field.type === 'computed') return `= ${field.formula}`;
  const [low, high] = boundsOf(field);
  const bounds = [low === null ? '' : `de ${low}`, high === null ? '' : `à ${high}`]
    .filter((one) => one !== '')
    .join(' ');
  const decimals = 'decimals' in field || field.type === 'decimal' ? `${decimalsOf(field)} décimale(s)` : '';
  return [bounds, decimals].filter((one) => one !== '').join(', ');
}

function boundsOf(field: Exclude<Question, { type: 'computed' }> | Column): readonly [string | null, string | null] {
  if (field.type === 'date') return [field.min ?? null, field.max ?? null];
  if (!isNumberQuestion(field)) return [null, null];
  const { type, min, max } = field as Column;
  const own = type === 'percentage' ? ([0, 100] as const) : ([undefined, undefined] as const);
  const [low, high] = [min ?? own[0], max ?? own[1]];
  return [low === undefined ? null : figureInWords(low), high === undefined ? null : figureInWords(high)];
}

type Told<Kind extends AggregateRule['kind']> = (rule: Extract<AggregateRule, { kind: Kind }>) => string;

const RULES: { readonly [Kind in AggregateRule['kind']]: Told<Kind> } = {
  sum: () => 'somme',
  max: () => 'maximum',
  min: () => 'minimum',
  count: () => 'nombre de réponses',
  mean: ({ weights }) => (weights === null ? 'moyenne' : `moyenne pondérée par ${[...new Set(weights)].join(', ')}`),
  ratio: ({ numerator, denominator, percent }) =>
    `somme de ${numerator} sur somme de ${denominator}${percent ? ', en pourcentage' : ''}`,
  countByChoice: () => 'nombre de réponses de ce choix',
  earliest: () => 'première date',
  latest: () => 'dernière date',
  answered: () => 'nombre de réponses',
};
