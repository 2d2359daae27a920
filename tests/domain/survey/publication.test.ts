import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateTruth, type Lookup } from '../../../domain/survey/evaluate.ts';
import { exact } from '../../../domain/survey/exact.ts';
import { parseTruth } from '../../../domain/survey/expression.ts';
import { publicationProblems } from '../../../domain/survey/publication.ts';
import { computed, decimal, formOf, integer, rawForm, told } from './arrange.ts';

const QUESTIONS = [
  integer('free', { min: 10, max: 20 }),
  integer('installed', { min: 0, max: 5 }),
  integer('any', { min: -3, max: 8 }),
  integer('zero', { min: 0, max: 0 }),
  decimal('part', { min: 0.5, max: 1.5 }),
  computed('twice', 'free * 2', { decimals: 0 }),
  {
    code: 't',
    label: 't',
    type: 'table',
    rows: [
      { code: 'r', label: 'r' },
      { code: 's', label: 's' },
    ],
    columns: [{ code: 'c', label: 'c', min: 2, max: 4 }],
  },
];
const publish = (formula: string) => publicationProblems(formOf(rawForm(QUESTIONS, { rules: [{ formula }] })));

test.each([
  ['free <= installed', 'au plus favorable (free = 10, installed = 5), 10 <= 5 est faux'],
  ['free + any >= 40', 'au plus favorable (free = 20, any = 8), 28 >= 40 est faux'],
  ['any > any', 'au plus favorable (any = −3), −3 > −3 est faux'],
  ['any <= any - 1', 'au plus favorable (any = −3), −3 <= −4 est faux'],
  ['free = installed', 'au plus favorable (free = 10, installed = 5), 10 = 5 est faux'],
  ['twice < 20', 'au plus favorable (twice = 20), 20 < 20 est faux'],
  ['sum(t.c) > 8', 'au plus favorable (sum(t.c) = 8), 8 > 8 est faux'],
  ['free * installed > 100', 'le membre de gauche va de 0 à 100, celui de droite de 100 à 100 : « > » ne tient jamais'],
  ['installed / free > 0.5', 'le membre de gauche va de 0 à 0,5, celui de droite de 0,5 à 0,5 : « > » ne tient jamais'],
  ['free / zero > 1', 'elle divise par ce qui vaut toujours zéro'],
  ['free > 15 and free <= installed', 'au plus favorable (free = 10, installed = 5), 10 <= 5 est faux'],
  [
    'free < 10 or installed > 5',
    'au plus favorable (free = 10), 10 < 10 est faux ; au plus favorable (installed = 5), 5 > 5 est faux',
  ],
])('«%s» can never hold: %s', (formula, why) => {
  expect(publish(formula)).toEqual([
    { pointer: '/rules/0/formula', code: 'impossible', message: `Cette règle ne peut jamais être respectée : ${why}.` },
  ]);
});

test.each([
  'free <= installed * 2',
  'free - 5 <= installed',
  'free = 15',
  'any / installed > 1000',
  'free <= installed or any = 0',
  'sum(t.c) = 2',
  'sum(t.c) = 8',
  'twice = 40',
  'part * part > 2',
  // Told honestly in ADR 0031: parts that contradict each other pass.
  'free > 15 and free < 12',
  'any * any < 0',
])('«%s» is let pass', (formula) => {
  expect(publish(formula)).toEqual([]);
});

test('what asks nothing, an empty section, a computed field that never has a value and a rule of a table are told', () => {
  const empty = formOf({ code: 'A', title: 'A', sections: [] });
  expect(told(publicationProblems(empty))).toEqual(['/sections empty']);
  const holes = formOf({ code: 'A', title: 'A', sections: [{ code: 's', title: 's', questions: [] }] });
  expect(told(publicationProblems(holes))).toEqual(['/sections empty', '/sections/0/questions empty']);
  const table = {
    code: 't',
    label: 't',
    type: 'table',
    rows: [{ code: 'r', label: 'r' }],
    columns: [{ code: 'c', label: 'c', min: 5 }],
    rules: [{ formula: 'c < 5' }],
  };
  const form = formOf(
    rawForm([integer('a', { max: 9, min: 0 }), computed('b', 'a / (2 - 2)'), computed('c', 'b + 1'), table]),
  );
  expect(told(publicationProblems(form))).toEqual([
    '/sections/0/questions/1/formula neverComputed',
    '/sections/0/questions/2/formula neverComputed',
    '/sections/0/questions/3/rules/0/formula impossible',
  ]);
});

const NAMES = ['free', 'installed', 'any', 'zero', 'twice'] as const;
const { truth } = fc.letrec<{ number: string; truth: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...NAMES),
    fc.integer({ min: 0, max: 30 }).map(String),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')).map((parts) => `(${parts.join(' ')})`),
  ),
  truth: fc.oneof(
    { maxDepth: 2 },
    fc.tuple(tie('number'), fc.constantFrom('<=', '<', '>=', '>', '='), tie('number')).map((parts) => parts.join(' ')),
    fc.tuple(tie('truth'), fc.constantFrom('and', 'or'), tie('truth')).map((parts) => `(${parts.join(' ')})`),
  ),
}));

test('no rule that some answer meets is ever refused (random search)', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      truth,
      fc.array(
        fc.tuple(fc.integer({ min: 10, max: 20 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: -3, max: 8 })),
        { minLength: 30, maxLength: 30 },
      ),
      (formula, tries) => {
        fc.pre(formula.length < 1_000 && /[a-z]/.test(formula.replaceAll(/and|or/g, '')));
        const parsed = parseTruth(formula);
        if ('problem' in parsed) throw new Error(parsed.problem);
        if (publish(formula).length === 0) return;
        refused += 1;
        const corners = [10, 20].flatMap((free) =>
          [0, 5].flatMap((installed) => [-3, 0, 8].map((any) => [free, installed, any] as const)),
        );
        for (const [free, installed, any] of [...tries, ...corners]) {
          const values: Record<string, number> = { free, installed, any, zero: 0, twice: free * 2 };
          const lookup: Lookup = (path) => ({ value: exact(values[path]!) });
          expect([formula, evaluateTruth(parsed.expression, lookup)]).not.toEqual([formula, { value: true }]);
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(20);
});
