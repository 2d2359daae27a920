import { expect, test } from '@jest/globals';
import { SURVEY_MODELS } from '../../../db/seeds/survey-models.ts';
import { aggregatesOf, figureOf, type Figure } from '../../../domain/survey/aggregate.ts';
import type { AnswerValues } from '../../../domain/survey/answer.ts';
import { checkForm } from '../../../domain/survey/check-form.ts';
import { differences } from '../../../domain/survey/differences.ts';
import { publicationProblems } from '../../../domain/survey/publication.ts';
import { decimal, formOf, integer, rawForm, told } from './arrange.ts';

const form = formOf(
  rawForm([
    integer('a', { min: 0, aggregate: 'sum' }),
    decimal('tenth', { aggregate: 'sum' }),
    decimal('cost', { aggregate: 'mean', weightedBy: 'a' }),
    integer('most', { aggregate: 'max' }),
    integer('least', { aggregate: 'min' }),
    integer('how', { aggregate: 'count' }),
    { code: 'share', label: 'p', type: 'percentage', aggregate: 'ratio', numerator: 'a', denominator: 'most' },
    {
      code: 'pick',
      label: 'c',
      type: 'choices',
      choices: [
        { code: 'x', label: 'x' },
        { code: 'y', label: 'y' },
      ],
      aggregate: 'count',
    },
    { code: 'day', label: 'd', type: 'date', aggregate: 'min' },
    {
      code: 't',
      label: 't',
      type: 'table',
      rows: ['r', 's'].map((code) => ({ code, label: code })),
      columns: [{ code: 'c', label: 'c', aggregate: 'sum' }],
    },
    integer('untold'),
  ]),
);
const figures = (answers: readonly AnswerValues[]): Record<string, Figure> =>
  Object.fromEntries(aggregatesOf(form).map((rule) => [rule.key, figureOf(rule, answers)]));

test('figures over several answers; what is missing counts nowhere', () => {
  const answers: AnswerValues[] = [
    {
      a: 1,
      tenth: 0.1,
      cost: 10,
      most: 4,
      least: 0,
      how: 0,
      pick: ['x', 'y'],
      day: '2026-11-24',
      t: { r: { c: 1 }, s: { c: 2 } },
    },
    {
      a: 3,
      tenth: 0.2,
      cost: 20,
      most: 8,
      least: -2,
      pick: ['y'],
      day: '2026-01-02',
      t: { r: { c: 4 }, s: { notConcerned: 'Non.' } },
    },
    { cost: 1_000, least: 5, a: { notConcerned: 'Non.' } },
  ];
  expect(figures(answers)).toEqual({
    a: 4,
    tenth: 0.3,
    cost: 17.5,
    most: 8,
    least: -2,
    how: 1,
    share: 33.33,
    pick: { x: 1, y: 2 },
    day: '2026-01-02',
    't.r.c': 5,
    't.s.c': 2,
    't.c': 7,
  });
});

test('nobody answered: nothing, and no zero', () => {
  expect(figures([{}, {}])).toMatchObject({
    a: null,
    cost: null,
    most: null,
    how: 0,
    share: null,
    pick: { x: 0, y: 0 },
    day: null,
    't.c': null,
  });
});

test.each([...SURVEY_MODELS.values()].map((model) => [model.code, model] as const))(
  'the model %s is right as it is shipped, may be published, and is marked as a model',
  (_code, model) => {
    const { form: read, problems } = checkForm(model);
    expect([problems, read]).toEqual([[], model]);
    expect(publicationProblems(model)).toEqual([]);
    expect(model.title).toContain('modèle à adapter');
    expect(aggregatesOf(model).length).toBeGreaterThan(5);
  },
);

test('what differs between two editors, by code: one question inserted shifts nothing', () => {
  const stored = formOf(rawForm([integer('new'), integer('a', { max: 5 }), integer('b')], { title: 'Autre' }));
  const sent = formOf(rawForm([integer('b'), integer('a', { max: 6 }), integer('mine')]));
  const found = differences(sent, stored);
  expect(told(found)).toEqual([
    '/sections/0/questions onlyStored',
    '/sections/0/questions order',
    '/sections/0/questions/1/max differs',
    '/sections/0/questions/2 onlyYours',
    '/title differs',
  ]);
  expect(found.find(({ pointer }) => pointer === '/title')?.message).toBe(
    'Enregistré : « Autre » ; votre version : « Essai ».',
  );
  expect(differences(stored, stored)).toEqual([]);
});
