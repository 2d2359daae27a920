import { isLocalTime, isLocalDate } from '../business-time-local.ts';
import { parseDuration } from '../duration.ts';
import type { FieldError } from '../field-error.ts';
import { DAY, type Instant } from '../instant.ts';
import { nextOpenings } from './series-openings.ts';
import { surveyOf, TITLE_PLACES } from './series-survey.ts';
import type { RelativeMoment, SeriesDocument, SeriesDraft } from './series.ts';
import type { SurveyDraft } from './survey-draft.ts';

type Fail = (pointer: string, code: string, message: string) => void;

export const LONGEST_TITLE = 200;

/**
 * All that is wrong with a series whose shape is right.
 * @param surveyProblems what is wrong with a survey as such: the first opening of the series is held against it
 */
export async function seriesErrors(
  draft: SeriesDraft,
  now: Instant,
  surveyProblems: (survey: SurveyDraft, now: Instant) => Promise<readonly FieldError[]>,
): Promise<readonly FieldError[]> {
  const errors: FieldError[] = [];
  const fail: Fail = (pointer, code, message) => errors.push({ pointer, code, message });
  const document = sound(draft.document, fail);
  const opensAt = firstOpening(document, now, fail);
  const survey = surveyOf({ ...draft, document }, opensAt);
  if (survey.title.length > LONGEST_TITLE)
    fail('/title', 'tooLong', `${LONGEST_TITLE} caractères au plus, une fois rempli.`);
  const told = new Set(errors.map(({ pointer }) => fieldOf(pointer)));
  // Long before the opening: a wrong closing is told as before the opening, not as past.
  const ofSurvey = await surveyProblems(survey, opensAt - 2 * DAY);
  return [...errors, ...ofSurvey.filter(({ pointer }) => !told.has(fieldOf(pointer)))];
}

const fieldOf = (pointer: string): string => pointer.split('/')[1] ?? '';

/** The document with something sound in the place of what is wrong, which is told. */
function sound(document: SeriesDocument, fail: Fail): SeriesDocument {
  const strange = document.title.replaceAll(/\{(\w+)\}/g, (whole) => (TITLE_PLACES.includes(whole) ? '' : whole));
  if (/[{}]/.test(strange)) fail('/title', 'unknown', `Entre accolades\u00a0: ${TITLE_PLACES.join(', ')}.`);
  const { closesAt, validateUntil, acceptUntil } = document;
  const optional = (pointer: string, moment: RelativeMoment | null): RelativeMoment | null =>
    moment !== null && isMoment(pointer, moment, fail) ? moment : null;
  return {
    ...document,
    recurrence: soundRecurrence(document.recurrence, fail),
    closesAt: isMoment('/closesAt', closesAt, fail) ? closesAt : STAND_IN,
    remindBefore: document.remindBefore.filter((text, index) => isLength(`/remindBefore/${index}`, text, fail)),
    validateUntil: optional('/validateUntil', validateUntil),
    acceptUntil: optional('/acceptUntil', acceptUntil),
    from: soundDate('/from', document.from, fail),
    until: soundDate('/until', document.until, fail),
  };
}

const HOUR_WORDS = 'Écrivez une heure de Paris (« 08:00 »).';

function isHour(pointer: string, at: string, fail: Fail): boolean {
  if (!isLocalTime(at)) fail(pointer, 'format', HOUR_WORDS);
  else if (at.startsWith('02:'))
    fail(pointer, 'twice', 'De 2 h à 3 h, l’heure manque ou revient deux fois les nuits de changement d’heure.');
  else return true;
  return false;
}

function soundRecurrence({ days, at }: SeriesDocument['recurrence'], fail: Fail): SeriesDocument['recurrence'] {
  days.forEach((day, index) => {
    if (days.indexOf(day) !== index) fail(`/recurrence/days/${index}`, 'duplicate', 'Ce jour y est déjà.');
  });
  return { days, at: isHour('/recurrence/at', at, fail) ? at : '08:00' };
}

const STAND_IN: RelativeMoment = { after: 'P1D' };

function isMoment(pointer: string, moment: RelativeMoment, fail: Fail): boolean {
  if ('after' in moment) return isLength(`${pointer}/after`, moment.after, fail);
  return isHour(`${pointer}/at`, moment.at, fail);
}

function isLength(pointer: string, text: string, fail: Fail): boolean {
  const right = (parseDuration(text) ?? 0) > 0;
  if (!right) fail(pointer, 'format', 'Écrivez une durée ISO 8601 (« PT10H », « P1D »).');
  return right;
}

function soundDate(pointer: string, date: string | null, fail: Fail): string | null {
  if (date === null || isLocalDate(date)) return date;
  fail(pointer, 'format', 'Écrivez une date (« 2027-01-05 »).');
  return null;
}

function firstOpening(document: SeriesDocument, now: Instant, fail: Fail): Instant {
  const { from, until } = document;
  if (from !== null && until !== null && until < from) {
    fail('/until', 'order', 'Le dernier jour vient après le premier.');
    return firstOpening({ ...document, until: null }, now, fail);
  }
  const first = nextOpenings({ ...document, onHoliday: 'open' }, now, 1)[0];
  if (first !== undefined) return first.dueAt;
  fail('/until', 'none', 'D’ici là, cette série n’ouvrirait rien.');
  return nextOpenings({ ...document, from: null, until: null, onHoliday: 'open' }, now, 1)[0]?.dueAt ?? now;
}
