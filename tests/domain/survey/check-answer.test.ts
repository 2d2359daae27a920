import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkAnswer, prefilled, type RawAnswer } from '../../../domain/survey/check-answer.ts';
import { computed, decimal, integer, prepared, told } from './arrange.ts';

const CHOICES = [
  { code: 'low', label: 'Bas' },
  { code: 'high', label: 'Haut' },
];
const QUESTIONS = [
  integer('free', { min: 0, max: 100, required: true, commentWhenMoves: 20, prefill: true }),
  integer('installed', { min: 0, max: 200 }),
  decimal('price', { decimals: 2 }),
  { code: 'share', label: 'Part', type: 'percentage' },
  { code: 'level', label: 'Niveau', type: 'choice', choices: CHOICES, prefill: true },
  { code: 'needs', label: 'Besoins', type: 'choices', choices: CHOICES },
  { code: 'day', label: 'Jour', type: 'date', min: '2026-01-01', max: '2026-12-31' },
  { code: 'note', label: 'Note', type: 'text', maxLength: 10 },
  {
    code: 'beds',
    label: 'Lits',
    type: 'table',
    required: true,
    rows: ['med', 'sur'].map((code) => ({ code, label: code })),
    columns: [
      { code: 'used', label: 'Occupés', min: 0, required: true, commentWhenMoves: 50 },
      { code: 'open', label: 'Ouverts', min: 0 },
    ],
    rules: [{ formula: 'used <= open', message: 'Plus d’occupés que d’ouverts.' }],
  },
  computed('rate', 'sum(beds.used) / sum(beds.open) * 100', { decimals: 1 }),
  computed('double', 'rate * 2', { decimals: 1 }),
];
const form = prepared(QUESTIONS, {
  rules: [
    { formula: 'free <= installed' },
    { formula: 'rate <= 90', message: 'Taux élevé.', blocking: false },
    { formula: 'beds.med.used + free <= 120 or installed >= 200' },
  ],
});
const BEDS = { med: { used: 8, open: '10' }, sur: { notConcerned: 'Pas de chirurgie.' } };
const RIGHT = { free: 5, beds: BEDS };
const check = (answer: RawAnswer, previous: unknown = null) => checkAnswer(form, answer, { mode: 'submit', previous });
const wrong = (values: object) => told(check({ values: { ...RIGHT, ...values } }).problems);

test('an answer is read whole, computed fields included, and read again gives itself', () => {
  const values = {
    ...RIGHT,
    installed: '1\u202F00',
    price: '3,5',
    share: '12 %',
    level: 'low',
    needs: ['high', 'low'],
    day: '24/11/2026',
    note: ' ok ',
  };
  const checked = check({ values: { ...values, installed: ' 100 ' }, comments: { free: ' vu ', note: '' } });
  expect(checked).toEqual({
    values: {
      free: 5,
      installed: 100,
      price: 3.5,
      share: 12,
      level: 'low',
      needs: ['low', 'high'],
      day: '2026-11-24',
      note: 'ok',
      beds: { med: { used: 8, open: 10 }, sur: { notConcerned: 'Pas de chirurgie.' } },
      rate: 80,
      double: 160,
    },
    comments: { free: 'vu' },
    notConcerned: null,
    problems: [],
    notices: [],
  });
  const { rate: _rate, double: _double, ...given } = checked.values as Record<string, unknown>;
  expect(check({ values: given }).values).toEqual(checked.values);
});

test.each<[string, object, readonly string[]]>([
  [
    'numbers that are none',
    { free: 'douze', installed: [], price: 'NaN', share: '1.234' },
    ['/values/free number', '/values/installed type', '/values/price number', '/values/share ambiguous'],
  ],
  [
    'numbers beyond their limits',
    { free: -1, installed: 201, price: 0.125, share: 100.5 },
    ['/values/free min', '/values/installed max', '/values/price decimals', '/values/share max'],
  ],
  ['half a bed', { free: '1,5' }, ['/values/free decimals']],
  [
    'questions that nobody asked',
    JSON.parse('{"x":1,"__proto__":{"a":1},"constructor":2,"a/b":3}') as object,
    ['/values/__proto__ unknown', '/values/a~1b unknown', '/values/constructor unknown', '/values/x unknown'],
  ],
  ['a computed field filled in', { rate: 50 }, ['/values/rate computed']],
  [
    'choices that are none',
    { level: 'mid', needs: ['low', 'low'] },
    ['/values/level enum', '/values/needs/1 duplicate'],
  ],
  ['choices that nobody offers', { needs: ['x'] }, ['/values/needs/0 enum']],
  ['more choices than there are', { needs: ['low', 'low', 'low'] }, ['/values/needs tooMany']],
  ['choices of another shape', { level: ['low'], needs: 'low' }, ['/values/level enum', '/values/needs type']],
  ['days that are none, too early, too late', { day: '30/02/2026' }, ['/values/day format']],
  ['a day too early', { day: '2025-12-31' }, ['/values/day min']],
  ['a day too late', { day: '2027-01-01' }, ['/values/day max']],
  ['a text too long, of another type, that no database takes', { note: 'x'.repeat(11) }, ['/values/note tooLong']],
  ['a text of 1 MB', { note: 'x'.repeat(1_000_000) }, ['/values/note tooLong']],
  ['a text with a NUL', { note: 'a\u0000' }, ['/values/note characters']],
  ['a text that is a number', { note: 5 }, ['/values/note type']],
  ['a table of another shape', { beds: 5 }, ['/values/beds type']],
  [
    'rows and columns that nobody asked',
    { beds: { ...BEDS, x: {}, med: { used: 1, y: 2 } } },
    ['/values/beds/med/y unknown', '/values/beds/x unknown'],
  ],
  [
    'wrong cells',
    { beds: { med: { used: 'x', open: -1 }, sur: 5 } },
    ['/values/beds/med/open min', '/values/beds/med/used number', '/values/beds/sur type'],
  ],
  [
    'a row without its required cell, and a row left out',
    { beds: { med: { open: 4 } } },
    ['/values/beds/med/used required', '/values/beds/sur required'],
  ],
  [
    'nothing where something is required',
    { free: ' ', beds: null },
    ['/values/beds/med required', '/values/beds/sur required', '/values/free required'],
  ],
  ['a rule broken', { free: 6, installed: 5 }, ['/values/free rule']],
  ['a rule of a row broken', { beds: { ...BEDS, med: { used: 11, open: 10 } } }, ['/values/beds/med rule']],
  [
    '«non concerné» without a reason, or with an answer',
    { free: { notConcerned: ' ' }, beds: { ...BEDS, sur: { notConcerned: 'Non.', used: 1 } } },
    ['/values/beds/sur/used notAllowed', '/values/free/notConcerned required'],
  ],
])('refused: %s', (_what, values, problems) => {
  expect(wrong(values)).toEqual(problems);
});

test('missing is no zero: a rule with something missing says nothing, zero is said', () => {
  expect(wrong({ free: 6 })).toEqual([]);
  expect(wrong({ free: 6, installed: 0 })).toEqual(['/values/free rule']);
  expect(check({ values: RIGHT }).values).not.toHaveProperty('installed');
});

test('a computed field without value says why, and what needs it too; never Infinity or NaN', () => {
  const noneOpen = { med: { used: 0, open: 0 }, sur: { notConcerned: 'Non.' } };
  const zero = check({ values: { free: 1, beds: noneOpen } });
  expect([zero.values['rate'], told(zero.notices)]).toEqual([
    undefined,
    ['/values/double divisionByZero', '/values/rate divisionByZero'],
  ]);
  const missing = check({ values: { free: 1, beds: { notConcerned: 'Sans lits.' } } });
  expect([missing.problems, told(missing.notices)]).toEqual([[], ['/values/double missing', '/values/rate missing']]);
  const large = prepared([decimal('a'), computed('square', 'a * a')]);
  expect(told(checkAnswer(large, { values: { a: 9_999_999 } }, { mode: 'submit' }).notices)).toEqual([
    '/values/square tooLarge',
  ]);
});

test('a rule that only warns is a notice', () => {
  const { problems, notices } = check({ values: { ...RIGHT, beds: { ...BEDS, med: { used: 95, open: 100 } } } });
  expect([problems, notices]).toEqual([[], [{ pointer: '/values/rate', code: 'rule', message: 'Taux élevé.' }]]);
});

test('a comment is owed when a value moves by more than so many percent, cells and zero included', () => {
  const previous = { free: 5, beds: { med: { used: 8 } }, gone: 1 };
  expect(told(check({ values: { ...RIGHT, free: 6 } }, previous).problems)).toEqual([]);
  expect(told(check({ values: { ...RIGHT, free: 7 } }, previous).problems)).toEqual(['/comments/free commentRequired']);
  expect(told(check({ values: { ...RIGHT, free: 0 } }, previous).problems)).toEqual(['/comments/free commentRequired']);
  expect(told(check({ values: { ...RIGHT, free: 1 } }, { free: 0 }).problems)).toEqual([
    '/comments/free commentRequired',
  ]);
  expect(told(check({ values: { ...RIGHT, free: 0 } }, { free: 0 }).problems)).toEqual([]);
  const cell = { ...RIGHT, beds: { ...BEDS, med: { used: 3, open: 10 } } };
  expect(told(check({ values: cell }, previous).problems)).toEqual(['/comments/beds commentRequired']);
  const said = check({ values: { ...RIGHT, free: 7 }, comments: { free: 'Renfort.' } }, previous);
  expect([said.problems, told(said.notices)]).toEqual([[], ['/values/free moved']]);
});

test('a draft may leave out what is owed, and is told; what stands in it must be right', () => {
  const draft = checkAnswer(form, { values: { installed: 'x' } }, { mode: 'draft' });
  expect(told(draft.problems)).toEqual(['/values/installed number']);
  expect(told(draft.notices)).toEqual([
    '/values/beds/med required',
    '/values/beds/sur required',
    '/values/double missing',
    '/values/free required',
    '/values/rate missing',
  ]);
});

test('«non concerné» for the whole survey wants a reason and no values', () => {
  expect(check({ notConcerned: 'Établissement fermé.' })).toMatchObject({
    values: {},
    notConcerned: 'Établissement fermé.',
    problems: [],
    notices: [],
  });
  expect(told(check({ notConcerned: '', values: RIGHT }).problems)).toEqual([
    '/notConcerned required',
    '/values notAllowed',
  ]);
  expect(told(check({ notConcerned: 5 }).problems)).toEqual(['/notConcerned type']);
});

test('values and comments of another shape', () => {
  expect(told(check({ values: [], comments: 'x' }).problems)).toContain('/values type');
  expect(told(check({ values: RIGHT, comments: { x: 'a', free: 5, note: 'x'.repeat(4_001) } }).problems)).toEqual([
    '/comments/free type',
    '/comments/note tooLong',
    '/comments/x unknown',
  ]);
});

test('what an answer before offers: only what may be taken over and is still right', () => {
  expect(prefilled(form, { free: 5, level: 'gone', installed: 3, other: 1 })).toEqual({ free: 5 });
  expect(prefilled(form, null)).toEqual({});
});

test('whatever comes is answered', () => {
  const some = fc.oneof(
    fc.anything(),
    fc.dictionary(fc.constantFrom('free', 'beds', 'note', 'needs', 'level', 'day', 'rate'), fc.anything()),
  );
  fc.assert(
    fc.property(some, some, fc.anything(), (values, comments, previous) => {
      const checked = checkAnswer(form, { values, comments }, { mode: 'submit', previous });
      expect(JSON.stringify(checked.values)).not.toMatch(/NaN|Infinity/);
      for (const { message } of [...checked.problems, ...checked.notices]) expect(message.length).toBeGreaterThan(3);
    }),
    { numRuns: 400 },
  );
});
