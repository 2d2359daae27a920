import { expect, test } from '@jest/globals';
import { DAY } from '../../../domain/instant.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { prepareForm } from '../../../domain/survey/prepare.ts';
import { marksOf, offersOf, type RecentAnswer, type ReusedFrom } from '../../../domain/survey/reuse.ts';
import { BEDS } from '../../support/survey.ts';

const NOW = Date.parse('2026-11-27T08:00:00Z');
const FORM = prepareForm(BEDS);
const OPEN = { formId: 'lits', form: FORM, since: NOW - 5 * DAY };
const VALUES = { installes: 100, occupes: 80, taux: 80, tension: 'n1', note: 'Rien.' };
const recent = (days: number, change: Partial<RecentAnswer> = {}): RecentAnswer => ({
  ...{ survey: `s${days}`, title: `Enquête ${days}`, formId: 'lits', form: BEDS, version: 1 },
  ...{ answeredAt: NOW - days * DAY, values: VALUES, reused: null, ...change },
});
const sources = (answers: readonly RecentAnswer[]) =>
  Object.fromEntries(offersOf(OPEN, answers).map(({ question, from }) => [question, from.survey]));
const from = (days: number): ReusedFrom => {
  const { survey, title, version, answeredAt } = recent(days);
  return { survey, title, version, answeredAt };
};

test('the newest answer of each question, neither computed nor free; what was taken over is as old as its source', () => {
  expect(sources([recent(1), recent(3)])).toEqual({ installes: 's1', occupes: 's1', tension: 's1' });
  const { installes: _none, ...rest } = VALUES;
  expect(sources([recent(1, { values: rest }), recent(3)])).toMatchObject({ installes: 's3', occupes: 's1' });
  expect(sources([recent(1, { reused: { installes: from(4) } }), recent(3)])).toMatchObject({ installes: 's3' });
  expect(sources([recent(1, { reused: { installes: from(6), occupes: from(4) } })])).toEqual({
    occupes: 's4',
    tension: 's1',
  });
  expect(sources([recent(5), recent(6)])).toMatchObject({ installes: 's5' });
  expect(sources([recent(6)])).toEqual({});
});

test('another form asks the same by code, label and unit; a value that is wrong by now is not offered', () => {
  const relabelled = (change: object): Form => {
    const [section] = BEDS.sections;
    const questions = section!.questions.map((one) => (one.code === 'installes' ? { ...one, ...change } : one));
    return { ...BEDS, sections: [{ ...section!, questions }] };
  };
  for (const change of [{ label: 'Lits' }, { unit: 'places' }, { code: 'ouverts' }]) {
    const form = relabelled(change);
    expect(sources([recent(1, { formId: 'autre', form })])).toEqual({ occupes: 's1', tension: 's1' });
  }
  expect(sources([recent(1, { form: relabelled({ label: 'Lits' }) })])).toHaveProperty('installes');
  const values = { installes: -1, occupes: { notConcerned: 'Fermé.' }, tension: 'n9' };
  expect(sources([recent(1, { values })])).toEqual({});
});

test('a mark is for what is named and equal: to an offer, or to what the version before had', () => {
  const offers = offersOf(OPEN, [recent(1)]);
  const marks = (codes: readonly string[], values: object, context = {}, said = true) =>
    marksOf(FORM, values as typeof VALUES, { codes, said }, { offers, before: null, ...context });
  const all = ['tension', 'installes', 'installes'];
  expect(marks(all, VALUES)).toEqual({ marks: { installes: from(1), tension: from(1) }, problems: [] });
  expect(marks(all, { ...VALUES, installes: 101 })).toEqual({ marks: { tension: from(1) }, problems: [] });
  expect(marks(all, { tension: 'n1' })).toEqual({ marks: { tension: from(1) }, problems: [] });
  const named = marks(['taux', 'installes', 'nulle', 'note'], VALUES);
  expect([Object.keys(named.marks), named.problems.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
    ['installes'],
    ['/reused/0 notAllowed', '/reused/2 unknown', '/reused/3 notAllowed'],
  ]);
  expect(named.problems[0]!.message).toBe('« Taux d’occupation » ne se reprend pas\u00a0: ce champ est calculé.');
  const before = { values: { installes: 90 }, reused: { installes: from(4) } };
  expect(marks(['installes'], { installes: 90 }, { before, offers: [] }).marks).toEqual({ installes: from(4) });
  expect(marks(['installes'], { installes: 91 }, { before, offers: [] })).toEqual({ marks: {}, problems: [] });
  const wrong = (found: ReturnType<typeof marks>) => found.problems.map(({ pointer, code }) => `${pointer} ${code}`);
  expect(wrong(marks(['tension', 'constructor'], VALUES, { offers: [] }))).toEqual([
    '/reused/1 unknown',
    '/values/tension notRecent',
  ]);
  expect(wrong(marks(['installes'], VALUES, { offers: null }))).toEqual(['/reused notAllowed']);
  expect(marks(['installes'], VALUES, { offers: [] }, false)).toEqual({ marks: {}, problems: [] });
});
