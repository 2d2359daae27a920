import { cell, type WrittenSheet } from '../../domain/sheet.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { ResultLevel, ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import { moment } from '../pages/words.ts';
import { resultColumns } from '../../domain/survey/result-columns.ts';
import { dictionaryOf } from '../../domain/survey/dictionary.ts';

export interface ResultsMatter {
  readonly survey: {
    readonly id: string;
    readonly title: string;
    readonly author: string;
    readonly exercise: boolean;
    readonly reuse: object | null;
  };
  readonly form: Form;
  readonly formVersion: number;
  readonly by: ResultLevel;
  readonly as: ResultState;
  readonly items: Iterable<TerritoryResult>;
  readonly now: number;
}

const STATE_WORDS: Readonly<Record<ResultState, string>> = {
  closing: 'Chiffres tels que connus à la première clôture',
  corrected: 'Chiffres tels que corrigés à ce jour',
};
const LEVEL_WORDS: Readonly<Record<ResultLevel, string>> = {
  site: 'établissements',
  department: 'départements',
  ars: 'agences',
  zone: 'zones de défense',
  nation: 'nation',
};

/** Results of a survey as a workbook: the figures, what each of them means, and what they are of. Missing is empty, and no zero. */
export const resultSheets = (matter: ResultsMatter): readonly WrittenSheet[] => [
  figures(matter),
  dictionary(matter),
  about(matter),
];

function figures({ form, items, survey }: ResultsMatter): WrittenSheet {
  const columns = resultColumns(form, { reuse: survey.reuse !== null });
  const rows = Array.from(items, (row) => columns.map(({ of }) => of(row)));
  return {
    name: 'Résultats',
    widths: columns.map(({ title }) => Math.min(40, Math.max(12, title.length + 2))),
    rows: [columns.map(({ title }) => cell(title, 'heading')), ...rows],
    frozen: { rows: 1, columns: 1 },
    locked: false,
  };
}

function dictionary({ form, survey }: ResultsMatter): WrittenSheet {
  const heads = ['Colonne', 'Question', 'Règle', 'Unité'].map((title) => cell(title, 'heading'));
  const rows = dictionaryOf(form, { reuse: survey.reuse !== null }).map(({ column, label, rule, unit }) =>
    [column, label, rule, unit].map((text) => cell(text)),
  );
  return {
    name: 'Dictionnaire',
    widths: [32, 60, 44, 16],
    rows: [heads, ...rows],
    frozen: { rows: 1, columns: 1 },
    locked: false,
  };
}

function about({ survey, form, formVersion, by, as, now }: ResultsMatter): WrittenSheet {
  const facts: readonly (readonly [string, string])[] = [
    ['Enquête', `${survey.exercise ? 'EXERCICE – ' : ''}${survey.title}`],
    ['Émetteur', survey.author],
    ['État', STATE_WORDS[as]],
    ['Niveau', LEVEL_WORDS[by]],
    ['Questionnaire', `${form.title}, version ${formVersion}`],
    ['Tiré le', moment(now)],
    ['Identifiant', survey.id],
  ];
  const rows = facts.map(([name, value]) => [cell(name, 'heading'), cell(value)]);
  return { name: 'Enquête', widths: [18, 70], rows, frozen: { rows: 0, columns: 0 }, locked: false };
}
