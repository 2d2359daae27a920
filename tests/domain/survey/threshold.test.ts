import { expect, test } from '@jest/globals';
import type { SurveyDraft } from '../../../domain/survey/survey-draft.ts';
import type { Threshold } from '../../../domain/survey/threshold.ts';
import { draftOfCrossings } from '../../../domain/survey/threshold-draft.ts';
import { thresholdErrors } from '../../../domain/survey/threshold-errors.ts';
import {
  type Crossing,
  crossingChanges,
  type Place,
  type WatchedRespondent,
} from '../../../domain/survey/threshold-watch.ts';
import { crossingInWords } from '../../../domain/survey/threshold-words.ts';
import { BEDS } from '../../support/survey.ts';
import { formOf, rawForm, told } from './arrange.ts';

const BUSY: Threshold = {
  question: 'taux',
  level: 'ars',
  comparison: '>=',
  value: 90,
  then: 'alert',
  label: 'Réanimation saturée',
};
const FEW: Threshold = {
  ...BUSY,
  question: 'installes',
  level: 'department',
  comparison: '<',
  value: 12,
  label: 'Lits',
};
const TENSION: Threshold = { ...BUSY, question: 'tension.n2', level: 'site', value: 1 };

const site = (n: number, values: object | null, more: Partial<WatchedRespondent> = {}): WatchedRespondent => ({
  name: `Site ${n}`,
  site: `SITE-${n}`,
  department: 'D69',
  ars: 'ARS-84',
  arsName: 'ARS Auvergne-Rhône-Alpes',
  zone: 'ZONE-SUD_EST',
  state: values === null ? 'awaited' : 'received',
  values: (values ?? {}) as WatchedRespondent['values'],
  ...more,
});

const look = (
  thresholds: readonly Threshold[],
  respondents: readonly WatchedRespondent[],
  { lasting = [], final = false }: { lasting?: readonly Place[]; final?: boolean } = {},
) => crossingChanges({ form: BEDS, thresholds, respondents, lasting, final });

test('an excess is told of what has answered, with how many have; once while it lasts, and it ends when the figure is back', () => {
  const respondents = [site(1, { installes: 10, occupes: 9 }), site(2, null)];
  const { begun, ended } = look([BUSY], respondents);
  const crossing = { rule: 0, territory: 'ARS-84', name: 'ARS Auvergne-Rhône-Alpes', ars: 'ARS-84' };
  expect([begun, ended]).toEqual([[{ ...crossing, figure: 90, received: 1, expected: 2 }], []]);
  expect(look([BUSY], respondents, { lasting: begun })).toEqual({ begun: [], ended: [] });
  const back = look([BUSY], [site(1, { installes: 10, occupes: 8 })], { lasting: begun });
  expect(back).toEqual({ begun: [], ended: [{ rule: 0, territory: 'ARS-84', figure: 80 }] });
});

test('a lack is not told while answers are missing, but when all have answered or the survey is closed', () => {
  const partial = [site(1, { installes: 5, occupes: 1 }), site(2, null)];
  expect(look([FEW], partial).begun).toEqual([]);
  expect(look([FEW], partial, { final: true }).begun).toMatchObject([{ figure: 5, received: 1, expected: 2 }]);
  const gone = [partial[0]!, site(2, {}, { state: 'notConcerned' })];
  expect(look([FEW], gone).begun).toMatchObject([
    { territory: 'D69', name: 'Département 69', received: 1, expected: 1 },
  ]);
});

test('missing is not zero: nobody has answered, or nobody the question, crosses nothing; who answers no more ends it', () => {
  expect(look([FEW], [site(1, null)], { final: true }).begun).toEqual([]);
  expect(look([FEW], [site(1, { note: 'Rien.' })], { final: true }).begun).toEqual([]);
  const lasting = [{ rule: 0, territory: 'D69' }];
  const none = look([FEW], [site(1, {}, { state: 'notConcerned' })], { lasting });
  expect(none.ended).toEqual([{ rule: 0, territory: 'D69', figure: null }]);
});

test('each territory and each rule by itself, also how many chose what', () => {
  const respondents = [
    site(1, { tension: 'n2', installes: 20, occupes: 1 }),
    site(2, { tension: 'n1', installes: 5, occupes: 1 }, { department: 'D01' }),
  ];
  expect(look([TENSION, FEW], respondents).begun).toMatchObject([
    { rule: 0, territory: 'SITE-1', figure: 1, ars: 'ARS-84' },
    { rule: 1, territory: 'D01', figure: 5 },
  ]);
  const nation = look(
    [
      { ...BUSY, level: 'nation', value: 8 },
      { ...BUSY, level: 'zone', value: 8 },
    ],
    respondents,
  );
  expect(nation.begun.map(({ territory, ars }) => [territory, ars])).toEqual([
    ['NATION', null],
    ['ZONE-SUD_EST', null],
  ]);
});

const wrong = (thresholds: readonly Threshold[], asking: Partial<SurveyDraft> = {}, form = BEDS) =>
  told(thresholdErrors({ author: 'CORRUSS', audience: { sites: {} }, thresholds, ...asking }, form));

test('rules are held against the form, field by field', () => {
  expect(wrong([BUSY, FEW, TENSION])).toEqual([]);
  expect(wrong([{ ...BUSY, question: 'inconnue' }])).toEqual(['/thresholds/0/question unknown']);
  expect(wrong([{ ...BUSY, question: 'note' }])).toEqual(['/thresholds/0/question unknown']);
  expect(wrong([{ ...BUSY, question: 'tension' }])).toEqual(['/thresholds/0/question notNumeric']);
  expect(wrong([{ ...BUSY, question: 'tension.n9' }])).toEqual(['/thresholds/0/question unknown']);
  const dated = formOf(rawForm([{ code: 'jour', label: 'Jour', type: 'date', aggregate: 'max' }]));
  expect(wrong([{ ...BUSY, question: 'jour' }], {}, dated)).toEqual(['/thresholds/0/question notNumeric']);
  expect(wrong([BUSY, { ...BUSY, label: ' ' }])).toEqual(['/thresholds/1 duplicate', '/thresholds/1/label format']);
});

test('levels that the survey has no figures for are refused, and drafts of whoever makes none', () => {
  const own = { author: 'ARS-84', audience: { respondents: [{ name: 'SAMU', email: 'samu@example.org' }] } };
  expect(wrong([{ ...BUSY, level: 'site' }, BUSY], own)).toEqual([]);
  expect(wrong([{ ...BUSY, level: 'nation', then: 'draftInstruction' }], own)).toEqual([
    '/thresholds/0/level impossible',
    '/thresholds/0/then notAllowed',
  ]);
  expect(wrong([{ ...BUSY, level: 'zone' }], { author: 'ARS-84' })).toEqual(['/thresholds/0/level impossible']);
  expect(wrong([{ ...BUSY, level: 'department' }], { audience: { ars: 'all' } })).toEqual([
    '/thresholds/0/level impossible',
  ]);
});

const CROSSING: Crossing = {
  ...{ rule: 0, territory: 'D69', name: 'Département 69', ars: 'ARS-84' },
  ...{ figure: 1234.5, received: 1, expected: 2 },
};

test('a crossing in words', () => {
  expect(crossingInWords(FEW, CROSSING)).toBe(
    'Lits – Département 69\u00a0: 1\u00a0234,5 (seuil\u00a0: moins de 12 ; 1 réponse reçue sur 2)',
  );
});

test('a draft says what was crossed and never what is to be done; foreign text is no Markdown', () => {
  const matter = { title: 'Lits [x](http://y)', exercise: true, crisisId: null, threshold: FEW };
  const draft = draftOfCrossings({ ...matter, crossings: [CROSSING] });
  expect(draft).toMatchObject({ exercise: true, audience: { organisations: ['ARS-84'] } });
  expect(draft.body).toContain('\\[x\\]\\(http://y\\)');
  expect(draft.body).toContain('à compléter par le CORRUSS');
  const zone = { ...CROSSING, territory: 'ZONE-EST', ars: null };
  expect(draftOfCrossings({ ...matter, crossings: [zone] }).audience).toEqual({ zones: ['ZONE-EST'] });
  const nation = { ...CROSSING, territory: 'NATION', ars: null };
  expect(draftOfCrossings({ ...matter, crossings: [nation] }).audience).toEqual({ national: true });
});
