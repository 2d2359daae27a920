import { expect, test } from '@jest/globals';
import { isReusable, isTooMuch, loadInWords, loadOf, type SurveyLoad } from '../../../domain/survey/load.ts';
import { weekNamed, weekOf } from '../../../domain/survey/week.ts';
import { BEDS } from '../../support/survey.ts';

const NONE: SurveyLoad = { overloaded: 0, most: 0, examples: [], askedAgain: 0, surveys: [] };
const BACH = {
  ...{ id: 'x', title: 'BACH', author: 'CORRUSS', authorName: 'CORRUSS', respondents: 12 },
  ...{ opensAt: Date.parse('2026-11-24T07:00:00Z'), questions: ['Lits installés'] },
};

test('what is computed or said freely is no load of its own', () => {
  expect(loadOf(BEDS).map(({ code, unit }) => [code, unit])).toEqual([
    ['installes', 'lits'],
    ['occupes', 'lits'],
    ['tension', null],
  ]);
});

test('too much is told in words: how many, examples, by which surveys', () => {
  expect(isTooMuch(NONE)).toBe(false);
  const load = { ...NONE, overloaded: 2, most: 5, examples: ['CH A', 'CH B'], askedAgain: 1, surveys: [BACH] };
  expect(isTooMuch(load)).toBe(true);
  expect(loadInWords(load, { reusable: false }).replaceAll('\u00a0', ' ')).toBe(
    '2 répondants recevraient plus de 3 enquêtes en 7 jours, jusqu’à 5 (par exemple CH A, CH B). ' +
      '1 répondant aurait déjà une même question à moins de 7 jours. ' +
      'Autres enquêtes : « BACH » (CORRUSS, mardi 24 novembre 2026 à 8 h 00 (heure de Paris), mêmes questions : Lits installés). ' +
      'Indiquez pourquoi il faut ouvrir quand même (loadReason).',
  );
});

test('reuse is enough where all that is too much is asked again, by what opened before', () => {
  const load = { ...NONE, askedAgain: 1, surveys: [BACH] };
  expect([isReusable(load, BACH.opensAt), isReusable(load, BACH.opensAt - 1)]).toEqual([true, false]);
  expect(isReusable({ ...load, overloaded: 1 }, BACH.opensAt)).toBe(false);
  expect(loadInWords(load, { reusable: true })).toMatch(
    /\(loadReason\), ou proposez .* réponses récentes \(reuse\)\.$/,
  );
});

test('weeks of ISO 8601, in Paris, also over the night that has an hour less', () => {
  const week = weekNamed('2026-W13');
  expect(week).toMatchObject({
    from: Date.parse('2026-03-23T00:00:00+01:00'),
    until: Date.parse('2026-03-30T00:00:00+02:00'),
  });
  expect(weekOf(week!.until - 1)).toEqual(week);
  expect(weekOf(Date.parse('2027-01-01T12:00:00Z')).week).toBe('2026-W53');
  for (const wrong of ['2026-W54', '2026', 'W48', '2026-W00']) expect(weekNamed(wrong)).toBeNull();
});
