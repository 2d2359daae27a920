import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WEEKDAYS, type Weekday } from '../../../domain/business-time-local.ts';
import { DAY, HOUR } from '../../../domain/instant.ts';
import { seriesErrors } from '../../../domain/survey/series-draft.ts';
import { catchupWindow, isDue, nextOpenings } from '../../../domain/survey/series-openings.ts';
import { decideOpening, surveyOf, titleOf } from '../../../domain/survey/series-survey.ts';
import type { HolidayPolicy, SeriesDocument, SurveySeries } from '../../../domain/survey/series.ts';

const TUESDAYS: SeriesDocument = {
  title: 'BACH – semaine {semaine}',
  audience: { ars: 'all' },
  recurrence: { days: ['tuesday'], at: '08:00' },
  closesAt: { days: 0, at: '18:00' },
  remindBefore: ['PT4H', 'PT1H'],
  validateUntil: { days: 1, at: '12:00' },
  acceptUntil: null,
  onHoliday: 'open',
  from: null,
  until: null,
};
const WHOSE = { author: 'CORRUSS', formId: 'f', exercise: false, crisisId: null };
const series = (document: Partial<SeriesDocument> = {}): SurveySeries => ({
  ...WHOSE,
  id: 's',
  status: 'running',
  document: { ...TUESDAYS, ...document },
});
const at = (text: string): number => Date.parse(text);
const shown = (instant: number | null): string | null =>
  instant === null
    ? null
    : new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' }).format(
        instant,
      );
const year = (of: number, document: Partial<SeriesDocument> = {}) =>
  nextOpenings(
    { ...TUESDAYS, from: `${of}-01-01`, until: `${of}-12-31`, ...document },
    at(`${of}-01-01T00:00:00Z`) - DAY,
    400,
  );

test.each([
  [2026, 52],
  [2030, 53],
])(
  'every Tuesday of %d is one of %d openings, each at 08:00 on the walls of Paris, through both changes of the clock',
  (of, count) => {
    const openings = year(of);
    expect(openings).toHaveLength(count);
    expect(new Set(openings.map(({ opensAt }) => shown(opensAt)!.slice(-5)))).toEqual(new Set(['08:00']));
    expect(new Set(openings.map(({ dueAt }) => new Date(dueAt).toISOString().slice(11, 16)))).toEqual(
      new Set(['06:00', '07:00']),
    );
    expect(openings.every(({ dueAt }) => isDue(TUESDAYS, dueAt) && !isDue(TUESDAYS, dueAt + HOUR))).toBe(true);
  },
);

test.each<[HolidayPolicy, string | null, string | null]>([
  ['open', '14/07/2026 08:00', '01/01/2030 08:00'],
  ['nextWorkingDay', '15/07/2026 08:00', '02/01/2030 08:00'],
  ['skip', null, null],
])(
  '«%s»: a Tuesday 14 July opens %s, a Tuesday 1 January %s; nothing else of these years moves',
  (onHoliday, july, january) => {
    const [of2026, of2030] = [year(2026, { onHoliday }), year(2030, { onHoliday })];
    const holidays = [...of2026, ...of2030].filter(({ holiday }) => holiday !== null);
    expect(holidays.map(({ opensAt }) => shown(opensAt))).toEqual([july, january]);
    expect([of2026.length, of2030.length]).toEqual([52, 53]);
  },
);

test('what falls on Easter Monday opens the Tuesday after', () => {
  const [opening] = nextOpenings(
    { ...TUESDAYS, recurrence: { days: ['monday'], at: '08:00' }, onHoliday: 'nextWorkingDay' },
    at('2027-03-27T12:00:00Z'),
    1,
  );
  expect([opening!.holiday, shown(opening!.opensAt)]).toEqual(['Lundi de Pâques', '30/03/2027 08:00']);
});

test('after an outage of any length at most one instant lies within the catch-up window, and of a weekly series one does until the next is near', () => {
  const days = fc.uniqueArray(fc.constantFrom<Weekday>(...WEEKDAYS), { minLength: 1 });
  const back = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
  fc.assert(
    fc.property(days, back, (some, now) => {
      const recurrence = { days: some, at: '08:00' };
      const window = catchupWindow(recurrence);
      const missed = nextOpenings({ ...TUESDAYS, recurrence }, now - 30 * DAY, 60).filter(({ dueAt }) => dueAt <= now);
      expect(missed.filter(({ dueAt }) => now - dueAt <= window).length).toBeLessThanOrEqual(1);
    }),
  );
  expect(catchupWindow({ days: ['tuesday'] })).toBeGreaterThan(6.9 * DAY);
  expect(catchupWindow({ days: [...WEEKDAYS] })).toBeGreaterThan(22 * HOUR);
});

test('the title tells the week of its opening, and the year that the week belongs to', () => {
  const pattern = 'BACH {annee}-S{semaine}, {date}';
  expect(titleOf(pattern, at('2026-12-29T07:00:00Z'))).toBe('BACH 2026-S53, mardi 29 décembre 2026');
  expect(titleOf(pattern, at('2027-01-01T07:00:00Z'))).toBe('BACH 2026-S53, vendredi 1er janvier 2027');
});

test('the calendar follows from when it was to open; late, it closes at its hour, and past reminders are left out', () => {
  const opensAt = at('2026-12-01T07:00:00Z');
  const onTime = surveyOf(series(), opensAt, opensAt + 300);
  expect(onTime.calendar).toEqual({
    opensAt: '2026-12-01T07:00:00.000Z',
    closesAt: '2026-12-01T17:00:00.000Z',
    remindBefore: ['PT4H', 'PT1H'],
    validateUntil: '2026-12-02T11:00:00.000Z',
    acceptUntil: null,
  });
  const late = surveyOf(series(), opensAt, at('2026-12-01T14:30:00Z'));
  expect(late.calendar).toEqual({ ...onTime.calendar, remindBefore: ['PT1H'] });
  // By hand in the afternoon, where the clock of whoever opens it is behind.
  const byHand = surveyOf(series(), at('2026-12-01T14:30:00Z'), at('2026-12-01T14:29:59Z'));
  expect(byHand.calendar.remindBefore).toEqual(['PT1H']);
});

test('what is past its closing is missed, what is paused, ended or not of the series is left out, each with its reason', () => {
  const due = at('2026-12-01T07:00:00Z');
  const decide = (one: SurveySeries, now = due, when = due) =>
    decideOpening(one, { kind: 'due', at: when }, now).reason;
  expect(decide(series())).toBeNull();
  expect(decide(series(), at('2026-12-01T16:59:00Z'))).toBeNull();
  expect(decide(series(), at('2026-12-01T17:00:00Z'))).toBe('missed');
  expect(decide({ ...series(), status: 'paused' })).toBe('paused');
  expect(decide({ ...series(), status: 'ended' })).toBe('ended');
  expect(decide(series(), due, due + HOUR)).toBe('notDue');
  expect(decide(series({ until: '2026-11-30' }))).toBe('notDue');
  const by = { sub: 'corruss-chef', organisation: 'CORRUSS' };
  const byHand = decideOpening(
    { ...series(), status: 'paused' },
    { kind: 'trigger', at: due + 1, key: 'k', by },
    due + 1,
  );
  expect(byHand).toMatchObject({ reason: null, opensAt: due + 1 });
});

test('a wrong series is told every wrong field at once, those of its surveys among them', async () => {
  const wrong: SeriesDocument = {
    ...TUESDAYS,
    title: 'BACH {week}',
    recurrence: { days: ['tuesday', 'tuesday'], at: '02:30' },
    closesAt: { after: 'demain' },
    remindBefore: ['PT1H', 'jamais'],
    validateUntil: { days: 1, at: '25:00' },
    from: '2026-02-30',
  };
  const told = await seriesErrors({ ...WHOSE, document: wrong }, at('2026-11-01T00:00:00Z'), () =>
    Promise.resolve([{ pointer: '/audience/ars/0', code: 'unknown', message: '' }]),
  );
  expect(told.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/title unknown',
    '/recurrence/days/1 duplicate',
    '/recurrence/at twice',
    '/closesAt/after format',
    '/remindBefore/1 format',
    '/validateUntil/at format',
    '/from format',
    '/audience/ars/0 unknown',
  ]);
});

test.each([
  [{ from: '2027-02-02', until: '2027-02-01' }, '/until order'],
  [{ from: '2027-02-03', until: '2027-02-08' }, '/until none'],
])('%j is refused: %s', async (document, expected) => {
  const draft = { ...WHOSE, document: { ...TUESDAYS, ...document } };
  const told = await seriesErrors(draft, at('2026-11-01T00:00:00Z'), () => Promise.resolve([]));
  expect(told.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([expected]);
});
