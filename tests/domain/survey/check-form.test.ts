import { expect, test } from '@jest/globals';
import { checkForm } from '../../../domain/survey/check-form.ts';
import { LIMITS } from '../../../domain/survey/limits.ts';
import { computed, decimal, formOf, integer, rawForm, told } from './arrange.ts';

const problemsOf = (questions: readonly object[], more: object = {}): string[] =>
  told(checkForm(rawForm(questions, more)).problems);
const at = (field: string, question = 0): string => `/sections/0/questions/${question}${field}`;

const LABELLED = (count: number) => Array.from({ length: count }, (_, n) => ({ code: `c${n}`, label: `L${n}` }));
const TABLE = {
  code: 'beds',
  label: 'Lits',
  type: 'table',
  rows: LABELLED(2),
  columns: [
    { code: 'free', label: 'Libres', min: 0, aggregate: 'mean', weightedBy: 'used' },
    { code: 'used', label: 'Occupés', type: 'integer', min: 0 },
  ],
  rules: [{ formula: 'free + used <= 100' }],
};
const text = { code: 'note', label: 'Note', type: 'text' };

test('a form that is right is taken as it is, and read again gives itself', () => {
  const raw = rawForm(
    [
      integer('a', {
        min: 0,
        max: 10,
        unit: 'lits',
        aggregate: 'sum',
        commentWhenMoves: 20,
        required: true,
        prefill: true,
      }),
      decimal('b', { min: 0, decimals: 3, aggregate: 'mean', weightedBy: 'a' }),
      { code: 'p', label: 'Part', type: 'percentage', aggregate: 'ratio', numerator: 'a', denominator: 'total' },
      computed('total', 'a + b + sum(beds.free) + beds.c0.used', { decimals: 1, aggregate: 'max' }),
      TABLE,
      { code: 'pick', label: 'Choix', type: 'choice', choices: LABELLED(2), aggregate: 'count' },
      { code: 'day', label: 'Jour', type: 'date', min: '2026-01-01', max: '2026-12-31', aggregate: 'min' },
      { ...text, maxLength: 10, help: 'Aide.' },
    ],
    { rules: [{ formula: 'a <= total', message: 'a dépasse le total.', blocking: false }], help: 'Pour essayer.' },
  );
  const form = formOf(raw);
  expect(formOf(form)).toEqual(form);
  expect(form).toMatchObject({ code: 'ESSAI', rules: [{ blocking: false }] });
});

test.each<[string, readonly object[], object, readonly string[]]>([
  ['two questions of one code, whatever its case', [integer('a'), integer('A')], {}, [`${at('/code', 1)} duplicate`]],
  [
    'codes that every object knows',
    ['__proto__', 'constructor', 'toString', 'sum', 'AND', 'notConcerned'].map((code) => integer(code)),
    {},
    [
      `${at('/code', 0)} reserved`,
      `${at('/code', 1)} reserved`,
      `${at('/code', 2)} reserved`,
      `${at('/code', 3)} reserved`,
      `${at('/code', 4)} reserved`,
      `${at('/code', 5)} reserved`,
    ],
  ],
  [
    'codes of another form',
    ['é', '1a', 'a-b', 'a.b', ''].map((code) => integer(code, { label: 'x' })),
    {},
    [
      `${at('/code', 0)} format`,
      `${at('/code', 1)} format`,
      `${at('/code', 2)} format`,
      `${at('/code', 3)} format`,
      `${at('/code', 4)} required`,
    ],
  ],
  ['a minimum above the maximum', [integer('a', { min: 5, max: 4 })], {}, [`${at('/max')} order`]],
  [
    'a minimum above 100 % that nobody wrote',
    [{ code: 'p', label: 'p', type: 'percentage', min: 120 }],
    {},
    [`${at('/min')} order`],
  ],
  [
    'limits that are no numbers, or too fine',
    [integer('a', { min: '5', max: 1.5 })],
    {},
    [`${at('/max')} decimals`, `${at('/min')} type`],
  ],
  [
    'limits out of all measure',
    [integer('a', { min: -1e12, max: 1e300 })],
    {},
    [`${at('/max')} range`, `${at('/min')} range`],
  ],
  [
    'no choice to choose from',
    [{ code: 'c', label: 'c', type: 'choice', choices: [] }],
    {},
    [`${at('/choices')} empty`],
  ],
  [
    'choices left out, or twice the same',
    [
      { code: 'c', label: 'c', type: 'choices' },
      { code: 'd', label: 'd', type: 'choice', choices: [...LABELLED(1), ...LABELLED(1)] },
    ],
    {},
    [`${at('/choices', 0)} required`, `${at('/choices/1/code', 1)} duplicate`],
  ],
  [
    'a type that nobody knows, or none',
    [
      { code: 'a', label: 'a', type: 'boolean' },
      { code: 'b', label: 'b' },
    ],
    {},
    [`${at('/type', 0)} enum`, `${at('/type', 1)} required`],
  ],
  [
    'fields that do not go with the type',
    [{ ...text, min: 0, formula: 'a', __proto: 1 }],
    {},
    [`${at('/__proto')} unknown`, `${at('/formula')} unknown`, `${at('/min')} unknown`],
  ],
  [
    'a text in a sum',
    [
      { ...text, aggregate: 'sum' },
      { code: 'p', label: 'p', type: 'percentage', aggregate: 'sum' },
    ],
    {},
    [`${at('/aggregate', 0)} notAllowed`, `${at('/aggregate', 1)} notAllowed`],
  ],
  [
    'a mean weighed by a text, by nobody, by what may be negative',
    [
      text,
      ...['note', 'nobody', 'minus'].map((weightedBy, n) => integer(`a${n}`, { aggregate: 'mean', weightedBy })),
      integer('minus'),
    ],
    {},
    [`${at('/weightedBy', 1)} notNumeric`, `${at('/weightedBy', 2)} unknown`, `${at('/weightedBy', 3)} range`],
  ],
  [
    'a ratio without its parts, parts without a ratio',
    [
      integer('a', { aggregate: 'ratio', numerator: 'b' }),
      integer('b', { aggregate: 'sum', denominator: 'a', weightedBy: 'a' }),
    ],
    {},
    [`${at('/denominator', 0)} required`, `${at('/denominator', 1)} notAllowed`, `${at('/weightedBy', 1)} notAllowed`],
  ],
  [
    'a ratio of a sum over rows, which has no name',
    [TABLE, integer('a', { aggregate: 'ratio', numerator: 'a', denominator: 'sum(beds.used)' })],
    {},
    [`${at('/denominator', 1)} unknown`],
  ],
  [
    'formulas that name a text, a table, nobody, or cannot be read',
    [
      text,
      TABLE,
      computed('c1', 'note + 1'),
      computed('c2', 'beds + 1'),
      computed('c3', 'beds.c9.free + nobody'),
      computed('c4', '1 +'),
      computed('c5', ''),
      computed('c6', 'note.x.y'),
    ],
    {},
    [
      `${at('/formula', 2)} notNumeric`,
      `${at('/formula', 3)} unknown`,
      `${at('/formula', 4)} unknown`,
      `${at('/formula', 5)} formula`,
      `${at('/formula', 6)} required`,
      `${at('/formula', 7)} notNumeric`,
    ],
  ],
  [
    'computed fields that need themselves',
    [computed('x', 'y + 1'), computed('y', 'z * 2'), computed('z', 'x'), computed('w', 'x'), computed('self', 'self')],
    {},
    [
      `${at('/formula', 0)} cycle`,
      `${at('/formula', 1)} cycle`,
      `${at('/formula', 2)} cycle`,
      `${at('/formula', 4)} cycle`,
    ],
  ],
  [
    'rules over unknown codes, without a name, that are no comparison',
    [integer('a')],
    {
      rules: [
        { formula: 'a <= b' },
        { formula: '1 < 2' },
        { formula: 'a + 1' },
        { formula: 'a < 1', level: 'x' },
        5,
        {},
      ],
    },
    [
      '/rules/0/formula unknown',
      '/rules/1/formula constant',
      '/rules/2/formula formula',
      '/rules/3/level unknown',
      '/rules/4 type',
      '/rules/5/formula required',
    ],
  ],
  [
    'rules of a table over what is no column of it',
    [integer('a'), { ...TABLE, rules: [{ formula: 'a <= free' }] }],
    {},
    [`${at('/rules/0/formula', 1)} unknown`],
  ],
  [
    'a table without rows or columns, columns of text',
    [{ ...TABLE, rows: [], columns: [{ code: 'x', label: 'x', type: 'text' }], rules: [] }],
    {},
    [`${at('/columns/0/type')} enum`, `${at('/rows')} empty`],
  ],
  [
    'days that are none',
    [
      { code: 'd', label: 'd', type: 'date', min: '2026-02-30', max: '31/12/2026' },
      { code: 'e', label: 'e', type: 'date', min: '2026-02-02', max: '2026-02-01' },
    ],
    {},
    [`${at('/max', 0)} format`, `${at('/min', 0)} format`, `${at('/max', 1)} order`],
  ],
  ['moves of nothing', [integer('a', { commentWhenMoves: 0 })], {}, [`${at('/commentWhenMoves')} range`]],
  [
    'a wrong question does not make those wrong that name it',
    [integer('a', { min: 'x' }), computed('c', 'a + 1')],
    { rules: [{ formula: 'a < c' }] },
    [`${at('/min')} type`],
  ],
])('refused, all at once: %s', (_what, questions, more, problems) => {
  expect(problemsOf(questions, more)).toEqual(problems);
});

test.each<[string, unknown, readonly string[]]>([
  ['no object', [], [' type', '/code required', '/title required']],
  ['nothing', {}, ['/code required', '/title required']],
  [
    'fields of another type',
    { code: 5, title: 'a\nb', sections: {}, rules: 'x', extra: 1 },
    ['/code type', '/extra unknown', '/rules type', '/sections type', '/title format'],
  ],
  [
    'a section without a name, and one that is none',
    { code: 'A', title: 'A', sections: [{ questions: 5, x: 1 }, null] },
    [
      '/sections/0/code required',
      '/sections/0/questions type',
      '/sections/0/title required',
      '/sections/0/x unknown',
      '/sections/1 type',
    ],
  ],
  [
    'characters that no database takes',
    { code: 'A', title: 'a\u0000', help: '\uD800', sections: [] },
    ['/help characters', '/title characters'],
  ],
])('refused: %s', (_what, raw, problems) => {
  expect(told(checkForm(raw).problems)).toEqual(problems);
});

test('sizes are bounded', () => {
  const many = (count: number, make: (n: number) => object) => Array.from({ length: count }, (_, n) => make(n));
  const wide = { ...TABLE, rules: [], rows: LABELLED(100), columns: many(20, (n) => ({ code: `k${n}`, label: 'k' })) };
  expect(problemsOf(many(301, (n) => integer(`q${n}`)))).toEqual(['/sections/0/questions tooLong']);
  expect(problemsOf([wide, { ...wide, code: 'again' }])).toEqual(['/sections tooMany']);
  expect(problemsOf([{ ...TABLE, rows: LABELLED(101) }])).toEqual([`${at('/rows')} tooLong`]);
  expect(problemsOf([integer('a', { label: 'x'.repeat(LIMITS.label + 1) })])).toEqual([`${at('/label')} tooLong`]);
  expect(problemsOf([computed('c', `1${' + 1'.repeat(300)}`)])).toEqual([`${at('/formula')} tooLong`]);
  const sections = [1, 2].map((n) => ({
    code: `s${n}`,
    title: 's',
    questions: many(200, (q) => integer(`q${n}_${q}`)),
  }));
  expect(told(checkForm({ code: 'A', title: 'A', sections }).problems)).toEqual(['/sections tooMany']);
});
