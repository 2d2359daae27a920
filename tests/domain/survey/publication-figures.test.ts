import { expect, test } from '@jest/globals';
import { BACH } from '../../../db/seeds/survey-models/bach.ts';
import { CANICULE } from '../../../db/seeds/survey-models/canicule.ts';
import { ORGANISATIONS } from '../../../db/seeds/organisations.ts';
import { checkForm } from '../../../domain/survey/check-form.ts';
import { dictionaryOf } from '../../../domain/survey/dictionary.ts';
import { figureInWords } from '../../../domain/survey/figure-words.ts';
import { drawnIndicators, figureIn, firstDrawn, headlinesOf } from '../../../domain/survey/indicators.ts';
import { type PublicationStanding, publicationNotices } from '../../../domain/survey/publication-notices.ts';
import { Figures } from '../../../domain/survey/figures.ts';
import type { TerritoryResult } from '../../../domain/survey/results.ts';
import { roundTicks, stepOf, stepsOf } from '../../../domain/survey/scale.ts';
import { MAINLAND_TILES, OVERSEAS_TILES } from '../../../domain/survey/tile-map.ts';

const NOBODY = { expected: 3, notConcerned: 0, received: 0, complete: 0, validated: 0, onTime: 0, late: 3 };
const row = (more: Partial<TerritoryResult>): TerritoryResult => ({
  ...{ territory: 'ARS-84', name: null, figures: new Figures(new Map(), []) },
  ...NOBODY,
  ...more,
});

test('the first figures are those that the form marks; of none marked the first five, tables by their columns', () => {
  expect(headlinesOf(BACH).map(({ column }) => column)).toEqual([
    'lits.disponibles',
    'tauxOccupation',
    'passages',
    'attenteLit',
    ...['niveau0', 'niveau1', 'niveau2', 'niveau3'].map((level) => `niveauTension.${level}`),
  ]);
  expect(headlinesOf(CANICULE).map(({ column }) => column)).toEqual([
    ...['passages', 'hyperthermies', 'deshydratations', 'hyponatremies', 'hospitalisations'],
  ]);
  expect(headlinesOf(BACH)[0]).toMatchObject({ label: 'Lits par discipline, Disponibles' });
});

test('a headline needs a rule by which it is drawn together', () => {
  const question = { code: 'a', label: 'A', type: 'integer', headline: true };
  const form = (more: object) => ({
    ...{ code: 'F', title: 'F' },
    sections: [{ code: 's', title: 'S', questions: [{ ...question, ...more }] }],
  });
  expect(JSON.stringify(checkForm(form({})))).toContain('/sections/0/questions/0/headline');
  expect(JSON.stringify(checkForm(form({ aggregate: 'sum' })))).not.toContain('errors":[{');
  expect(JSON.stringify(checkForm(form({ aggregate: 'sum', headline: 'oui' })))).toContain('/questions/0/headline');
});

test('a day is published and never drawn; where nothing can be drawn the response rate is', () => {
  const day = { code: 'jour', label: 'Jour', type: 'date' as const, aggregate: 'min' as const };
  const form = { code: 'J', title: 'J', sections: [{ code: 's', title: 'S', questions: [day] }] };
  expect(headlinesOf(form).map(({ column }) => column)).toEqual(['jour']);
  expect(drawnIndicators(form).map(({ column }) => column)).toEqual(['_taux']);
  expect(firstDrawn(form).column).toBe('_taux');
  expect(firstDrawn(BACH).column).toBe('lits.disponibles');
});

test('who has not answered is missing and no zero, in counts of choices as well; a rate of nobody answered is zero', () => {
  const level = headlinesOf(BACH).at(-1)!;
  const figures = new Figures(new Map([['niveauTension', 0]]), [{ niveau0: 2, niveau1: 0, niveau2: 0, niveau3: 0 }]);
  expect(figureIn(level, row({ figures }))).toBeNull();
  expect(figureIn(level, row({ figures, received: 2 }))).toBe(0);
  const [rate] = drawnIndicators(BACH);
  expect(figureIn(rate!, row({}))).toBe(0);
  expect(figureIn(rate!, row({ expected: 0, late: 0 }))).toBeNull();
  expect([figureInWords(null), figureInWords(0, 'lits'), figureInWords(1234.5), figureInWords('2026-11-24')]).toEqual([
    '–',
    '0\u00a0lits',
    '1\u00a0234,5',
    '24/11/2026',
  ]);
});

test('every column of the results is in the dictionary with its type, its rule and its limits', () => {
  const entries = dictionaryOf(BACH);
  const of = (column: string) => entries.find((one) => one.column === column);
  expect(of('lits.installes')).toMatchObject({
    code: 'lits',
    type: 'nombre entier',
    rule: 'somme',
    limits: 'de 0 à 5\u00a0000',
  });
  expect(of('tauxOccupation')).toMatchObject({
    ...{ type: 'champ calculé', unit: '%', limits: '= litsOccupes / litsOuverts * 100' },
    rule: 'somme de litsOccupes sur somme de litsOuverts, en pourcentage',
  });
  expect(of('attendues')).toMatchObject({ code: null, rule: 'nombre' });
  expect(entries.filter(({ label, type }) => label === '' || type === '')).toEqual([]);
});

test('every agency has one tile, and no two share a place', () => {
  const tiles = [...MAINLAND_TILES, ...OVERSEAS_TILES.map((tile) => ({ ...tile, column: 9 }))];
  const agencies = ORGANISATIONS.filter(({ kind }) => kind === 'ars').map(({ id }) => id);
  expect(tiles.map(({ territory }) => territory).sort()).toEqual(agencies.sort());
  expect(new Set(tiles.map(({ column, row: place }) => `${column} ${place}`)).size).toBe(18);
});

test('steps and ticks are round, hold every value, and are five at most', () => {
  expect(roundTicks(0, 100)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(roundTicks(0.1, 0.42)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(stepsOf([])).toEqual([]);
  expect(stepsOf([7, 7])).toEqual([{ from: 7, to: 7 }]);
  for (const values of [
    [0, 1],
    [3, 1000],
    [-5, 5],
    [99.9, 100.1],
    [1e-4, 3e-4],
    [0, 999_999_999_999],
    [81.2, 87.9],
  ]) {
    const steps = stepsOf(values);
    expect(steps.length).toBeLessThanOrEqual(5);
    for (const value of values) {
      const step = steps[stepOf(steps, value)]!;
      expect([step.from <= value, value <= step.to]).toEqual([true, true]);
    }
  }
});

const SOUND: PublicationStanding = {
  ...{ status: 'ended', published: true, national: true, whole: true, reused: null },
  total: { ...NOBODY, received: 3, late: 0 },
  territories: [{ name: 'ARS Corse', notValidated: 0, accepted: true, changedSince: 0 }],
};
test.each<[string, Partial<PublicationStanding>, readonly RegExp[]]>([
  ['nothing', {}, []],
  ['open', { status: 'open', published: false }, [/provisoires.*pas encore close/]],
  ['closed', { status: 'closed', published: false }, [/provisoires.*pas encore publiés/]],
  ['re-opened after its publication', { status: 'open' }, [/rouverte après la publication.*peuvent encore changer/]],
  [
    're-opened, changed since',
    { status: 'open', territories: [{ name: 'ARS Corse', notValidated: 0, accepted: true, changedSince: 1 }] },
    [/rouverte/, /après leur acceptation.*ARS Corse/],
  ],
  ['a part', { whole: false }, [/votre territoire/]],
  ['reused', { reused: { answers: 2, oldest: Date.parse('2026-11-24T09:00:00Z') } }, [/^2 valeurs.*mardi 24 novembre/]],
  ['missing', { total: NOBODY }, [/^3 répondants sur 3 sans réponse.*pas zéro/]],
  [
    'not validated, not accepted',
    { territories: [{ name: 'ARS Corse', notValidated: 2, accepted: false, changedSince: 0 }] },
    [/^2 réponses reçues ne sont pas validées.*ARS Corse \(2\)/, /aucun territoire/],
  ],
  [
    'changed since',
    { territories: [{ name: 'ARS Corse', notValidated: 0, accepted: true, changedSince: 1 }] },
    [/après leur acceptation.*ARS Corse/],
  ],
  ['of an agency', { national: false, territories: [{ ...SOUND.territories[0]!, accepted: false }] }, []],
])('what is to be known is said plainly: %s', (_what, more, expected) => {
  const notices = publicationNotices({ ...SOUND, ...more });
  expect(notices).toEqual(expected.map((words) => expect.stringMatching(words)));
});
