import { expect, test } from '@jest/globals';
import { checkAnswer } from '../../../domain/survey/check-answer.ts';
import { referenceText } from '../../../domain/survey/sheet-codes.ts';
import { sheetErrors } from '../../../domain/survey/sheet-errors.ts';
import { readSheet } from '../../../domain/survey/sheet-reading.ts';
import { answerSheet, type TemplateMatter } from '../../../domain/survey/sheet-template.ts';
import { type SheetCell, valueOfCell } from '../../../domain/sheet.ts';
import { decimal, integer, prepared, told } from './arrange.ts';

const CHOICES = [
  { code: 'low', label: 'Niveau bas' },
  { code: 'high', label: 'Niveau haut' },
  { code: 'down', label: '2 – Lits d’aval\u00a0; attente' },
];
const prepare = prepared([
  integer('free', { label: 'Lits libres', min: 0, max: 100, required: true, commentWhenMoves: 20, unit: 'lits' }),
  decimal('price', { decimals: 2 }),
  { code: 'share', label: 'Part', type: 'percentage' },
  { code: 'level', label: 'Niveau', type: 'choice', choices: CHOICES },
  { code: 'needs', label: 'Besoins', type: 'choices', choices: CHOICES },
  { code: 'day', label: 'Jour', type: 'date' },
  { code: 'note', label: 'Note', type: 'text' },
  {
    code: 'beds',
    label: 'Lits par service',
    type: 'table',
    rows: [
      { code: 'med', label: 'Médecine' },
      { code: 'sur', label: 'Chirurgie' },
    ],
    columns: [
      { code: 'used', label: 'Occupés', type: 'integer', min: 0, required: true },
      { code: 'open', label: 'Ouverts', type: 'integer', min: 0 },
    ],
  },
  { code: 'rate', label: 'Taux', type: 'computed', formula: 'sum(beds.used) / sum(beds.open)' },
]);
const { form } = prepare;
const REFERENCE = { survey: 'e1', formVersion: 3, respondent: 'r1', answerVersion: 7 };
const NOTHING = { values: {}, comments: {}, notConcerned: null };
const matter = (content: TemplateMatter['content'] = NOTHING): TemplateMatter => ({
  form,
  title: 'Enquête',
  respondent: 'Clinique',
  until: 'demain',
  reference: REFERENCE,
  content,
});

/** The template, as a spreadsheet would hand it back, some cells filled: by code, from the third column on. */
function filled(
  cells: Readonly<Record<string, readonly SheetCell[]>>,
  content?: TemplateMatter['content'],
): SheetCell[][] {
  const grid = answerSheet(matter(content)).rows.map((row) => row.map((one): SheetCell => valueOfCell(one)));
  return grid.map((row) => {
    const given = cells[row[0] as string];
    return given === undefined ? row : [...row.slice(0, 2), ...given];
  });
}
const read = (grid: readonly (readonly SheetCell[])[]) => readSheet(form, grid, REFERENCE);
const lineOf = (grid: readonly (readonly SheetCell[])[], code: string): number =>
  grid.findIndex(([first]) => first === code) + 1;

test('an empty template says nothing and is told nothing but what is owed', () => {
  const { raw, problems } = read(filled({}));
  expect([raw, problems]).toEqual([{ values: {}, comments: {} }, []]);
});

test('the version of the answer that a template was made of comes back; one made before says none', () => {
  expect(read(filled({})).answerVersion).toBe(7);
  const before = read(filled({ 'vigie:reference': ['e1/v3/r1'] }));
  expect([before.answerVersion, before.problems]).toEqual([null, []]);
});

test('what stood in the template comes back the same', () => {
  const content = {
    values: {
      free: 0,
      price: 1234.5,
      share: 12.5,
      level: 'high',
      needs: ['low', 'high'],
      day: '2026-11-24',
      note: '=1+1',
      beds: { med: { used: 3, open: 4 }, sur: { notConcerned: 'Pas de bloc.' } },
    },
    comments: { free: 'Service fermé.' },
    notConcerned: null,
  };
  const { raw, problems } = read(filled({}, content));
  expect(problems).toEqual([]);
  const checked = checkAnswer(prepare, raw, { mode: 'submit' });
  expect(checked.problems).toEqual([]);
  expect(checked).toMatchObject({ ...content, values: { ...content.values, rate: 0.75 } });
});

test.each<[string, string, SheetCell, unknown]>([
  ['a number cell', 'price', 1234.5, 1234.5],
  ['a text as a Frenchman writes it', 'price', '1 234,5', 1234.5],
  ['what a spreadsheet computes with fifteen digits', 'price', 0.1 + 0.2, 0.3],
  ['a cell in percents, where a percentage is asked', 'share', { percent: 0.07 * 100 }, 7],
  ['a plain number, where a percentage is asked', 'share', 12.5, 12.5],
  ['a text with its sign', 'share', '12,5 %', 12.5],
  ['an explicit zero', 'free', 0, 0],
  ['a choice by its label, whatever its case', 'level', 'niveau HAUT', 'high'],
  ['a choice by its code', 'level', 'low', 'low'],
  ['several choices', 'needs', 'Niveau haut ; low', ['low', 'high']],
  ['a choice as a keyboard writes it, with a mark within', 'needs', "2 - lits d'aval ; attente ; low", ['low', 'down']],
  ['a date cell', 'day', { day: '2026-11-24' }, '2026-11-24'],
  ['a date as a Frenchman writes it', 'day', '24/11/2026', '2026-11-24'],
  ['a number in a text', 'note', 12.5, '12,5'],
  ['a truth in a text', 'note', true, 'VRAI'],
  ['a text of several lines', 'note', 'a\r\nb', 'a\nb'],
])('%s is understood', (_what, code, given, expected) => {
  const { raw, problems } = read(filled({ [code]: [given] }));
  expect(problems).toEqual([]);
  const checked = checkAnswer(prepare, raw, { mode: 'draft' });
  expect([checked.problems, checked.values[code]]).toEqual([[], expected]);
});

test.each<[string, string, SheetCell, RegExp]>([
  [
    'a date that the spreadsheet made of 1/2',
    'free',
    { day: '2026-02-01' },
    /fait de cette case une date \(01\/02\/2026\)/,
  ],
  ['a percentage where a number is asked', 'free', { percent: 12.5 }, /pourcentage \(12,5 %\)/],
  ['a truth where a number is asked', 'free', true, /pas VRAI ou FAUX/],
  ['an error of the spreadsheet', 'note', { unreadable: 'Erreur : #REF!.' }, /#REF!/],
  ['a text without end', 'note', 'a'.repeat(20_001), /Texte trop long/],
])('%s is refused by name, and its line', (_what, code, given, message) => {
  const grid = filled({ [code]: [given] });
  const { problems, lines, raw } = read(grid);
  expect(problems).toMatchObject([{ pointer: `/values/${code}`, message: expect.stringMatching(message) }]);
  expect(sheetErrors(form, problems, lines)).toMatchObject([{ line: lineOf(grid, code) }]);
  expect(raw.values).toEqual({});
});

test('errors of the sheet and of the answer are told together, line by line, in the order of the sheet', () => {
  const grid = filled({ free: ['douze'], 'beds.med': ['-1'], 'beds.sur': [null, 4] });
  const { raw, problems, lines } = read(grid);
  const checked = checkAnswer(prepare, raw, { mode: 'submit' });
  const errors = sheetErrors(form, [...problems, ...checked.problems], lines);
  expect(errors[0]?.text).toMatch(/^Ligne 7, Lits libres\u00a0: Nombre attendu/);
  expect(errors.map(({ line, place, message }) => [line, place, message])).toEqual([
    [lineOf(grid, 'free'), 'Lits libres', expect.stringMatching(/^Ligne 7 : Nombre attendu/)],
    [lineOf(grid, 'beds.med'), 'Lits par service, Médecine, Occupés', expect.stringMatching(/^Ligne \d+ : Au moins 0/)],
    [lineOf(grid, 'beds.sur'), 'Lits par service, Chirurgie, Occupés', expect.stringMatching(/obligatoire/)],
  ]);
});

const wrongs: readonly (readonly [string, (grid: SheetCell[][]) => SheetCell[][], readonly string[]])[] = [
  ['an unknown code', (grid) => [...grid, ['lits_x', '', 3]], ['unknown']],
  ['a code twice', (grid) => [...grid, ['free', '', 3]], ['duplicate']],
  ['a row twice', (grid) => [...grid, ['beds.med', '', 3]], ['duplicate']],
  ['an answer without its code', (grid) => [...grid, [null, 'Lits', 3]], ['noCode']],
  ['a table without its codes', (grid) => grid.filter(([code]) => code !== 'beds'), ['noHead', 'noHead']],
  [
    'a figure beside the table',
    (grid) => [...grid.filter(([code]) => code !== 'beds.med'), ['beds.med', '', 3, 4, null, null, 5]],
    ['stray'],
  ],
  [
    'an unknown column',
    (grid) => grid.map((row) => (row[0] === 'beds' ? [...row.slice(0, 3), 'autre'] : row.slice(0, 4))),
    ['unknown'],
  ],
  ['no reference', (grid) => grid.filter(([code]) => code !== 'vigie:reference'), ['reference']],
  ['nothing of the survey', () => [['vigie:reference', '', referenceText(REFERENCE)]], ['empty']],
];
test.each(wrongs)('%s is told, and nothing is guessed', (_what, change, codes) => {
  const { problems } = read(change(filled({})));
  expect(problems.map(({ code }) => code)).toEqual(codes);
});

test.each([
  [{ ...REFERENCE, survey: 'e2' }, /autre enquête/],
  [{ ...REFERENCE, formVersion: 2 }, /autre version/],
  [{ ...REFERENCE, respondent: 'r2' }, /autre répondant/],
])('a sheet made for %j is refused', (other, message) => {
  const { problems } = readSheet(form, filled({}), other);
  expect(problems).toMatchObject([{ pointer: '/reference', message: expect.stringMatching(message) }]);
});

test('of a file wrong throughout the first two hundred are told, and how many more', () => {
  const grid = [...filled({}), ...Array.from({ length: 300 }, (_one, n): SheetCell[] => [`x${n}`, '', 1])];
  const { problems } = read(grid);
  expect([problems.length, problems.at(-1)?.message]).toEqual([201, 'Et 100 autre(s) erreur(s).']);
});

test('«non concerné»: the whole survey, or one row', () => {
  const whole = read(filled({ 'non-concerne': ['Pas de lits.'] }));
  expect([whole.problems, whole.raw]).toEqual([[], { values: {}, comments: {}, notConcerned: 'Pas de lits.' }]);
  const both = read(filled({ 'beds.med': [3, null, 'Fermé.'] }));
  expect(told(checkAnswer(prepare, both.raw, { mode: 'draft' }).problems)).toEqual([
    '/values/beds/med/used notAllowed',
  ]);
});
