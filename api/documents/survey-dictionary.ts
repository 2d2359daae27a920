import type { AggregateRule } from '../../domain/survey/aggregate.ts';
import { type Form, type Question, questionsOf } from '../../domain/survey/form.ts';
import { type ResultColumn, resultColumns } from './survey-columns.ts';

/** What one column of the results says: whoever reads a figure finds its question, its rule and its unit. */
export interface DictionaryEntry {
  readonly column: string;
  readonly label: string;
  readonly rule: string;
  readonly unit: string;
}

const COUNTS: Readonly<Record<string, string>> = {
  territoire: 'Agence, zone de défense ou nation',
  attendues: 'Répondants que l’enquête concerne',
  'non concernés': 'Répondants que l’enquête ne concerne pas : hors des taux',
  reçues: 'Réponses envoyées',
  complètes: 'Réponses envoyées, sans question laissée ouverte',
  'dans les délais': 'Première réponse envoyée avant la première clôture',
  'sans réponse': 'Répondants qui doivent encore une réponse',
};

export function dictionaryOf(form: Form): readonly DictionaryEntry[] {
  const questions = questionsOf(form);
  return resultColumns(form).map((column) => entryOf(questions, column));
}

function entryOf(questions: readonly Question[], { title, rule, choice }: ResultColumn): DictionaryEntry {
  if (rule === null)
    return { column: title, label: COUNTS[title] ?? '', rule: title === 'territoire' ? '' : 'nombre', unit: '' };
  const [code = '', ...steps] = rule.key.split('.');
  const question = questions.find((one) => one.code === code);
  const labels = [question?.label, ...insideOf(question, steps), choiceOf(question, choice)];
  return {
    column: title,
    label: labels.filter((one) => one !== undefined).join(', '),
    rule: RULES[rule.kind](rule as never),
    unit: unitOf(question, steps),
  };
}

function insideOf(question: Question | undefined, steps: readonly string[]): readonly (string | undefined)[] {
  if (question?.type !== 'table') return [];
  const [row, column] = steps.length > 1 ? steps : [undefined, steps[0]];
  const named = question.rows.find(({ code }) => code === row)?.label ?? 'toutes les lignes';
  return [named, question.columns.find(({ code }) => code === column)?.label];
}

const choiceOf = (question: Question | undefined, choice: string | undefined): string | undefined =>
  question !== undefined && 'choices' in question
    ? question.choices.find(({ code }) => code === choice)?.label
    : undefined;

function unitOf(question: Question | undefined, steps: readonly string[]): string {
  const field = question?.type === 'table' ? question.columns.find(({ code }) => code === steps.at(-1)) : question;
  if (field === undefined) return '';
  if ('unit' in field) return field.unit;
  return field.type === 'percentage' ? '%' : '';
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
