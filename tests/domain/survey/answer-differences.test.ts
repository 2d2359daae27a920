import { expect, test } from '@jest/globals';
import { answerDifferences } from '../../../domain/survey/answer-differences.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { prepareForm } from '../../../domain/survey/prepare.ts';

const FORM: Form = {
  code: 'ECARTS',
  title: 'Écarts',
  sections: [
    {
      code: 's',
      title: 'Section',
      questions: [
        { code: 'taux', label: 'Taux', type: 'decimal', decimals: 1 },
        { code: 'tension', label: 'Tension', type: 'choice', choices: [{ code: 'n1', label: 'Niveau 1' }] },
        {
          code: 'services',
          label: 'Par service',
          type: 'table',
          rows: [{ code: 'rea', label: 'Réanimation' }],
          columns: [{ code: 'lits', label: 'Lits', type: 'integer' }],
        },
      ],
    },
  ],
};
const form = prepareForm(FORM);
const sent = { values: { taux: 1, services: { rea: { lits: 3 } } }, comments: {}, notConcerned: null };

test('what differs is told beside its own field, in words of the reader', () => {
  const current = {
    values: { taux: 2.5, tension: 'n1', services: { rea: { lits: 12 } } },
    comments: { taux: 'Travaux' },
    notConcerned: null,
  };
  const differs = answerDifferences(form, sent, current);
  expect(differs.map(({ pointer, message }) => [pointer, message.split('\u00a0: ')[1]])).toEqual([
    ['/values/taux', '« 2,5 ».'],
    ['/values/services/rea/lits', '« 12 ».'],
    ['/values/tension', '« Niveau 1 ».'],
    ['/comments/taux', '« Travaux ».'],
  ]);
});

test('the same content differs in nothing; what was taken away there has no answer', () => {
  expect(answerDifferences(form, sent, sent)).toEqual([]);
  expect(answerDifferences(form, sent, { values: {}, comments: {}, notConcerned: 'Fermé' })).toMatchObject([
    { pointer: '/values/taux', message: expect.stringContaining('sans réponse') as unknown as string },
    { pointer: '/values/services/rea/lits' },
    { pointer: '/notConcerned', message: expect.stringContaining('« Fermé »') as unknown as string },
  ]);
});
