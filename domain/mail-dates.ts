import { DateTime } from 'luxon';
import { DAY, type Instant } from './instant.ts';

/** Whose «demain» and whose «14 h»: the instant at which the mail was received, and an IANA zone. */
export interface Clock {
  readonly now: Instant;
  readonly zone: string;
}

/** A day, an hour, or both, named in a mail. */
export interface Moment {
  /** Where it begins in the text given to `findMoments`. */
  readonly index: number;
  readonly length: number;
  /** Start of the day, or the minute when an hour is named. */
  readonly at: Instant;
  /** False: «le 25/11». */
  readonly timed: boolean;
}

const MONTHS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'
      .split(' ')
      .map((name, at) => [name, at + 1]),
  ),
  ...Object.fromEntries(
    'january february march april may june july august september october november december'
      .split(' ')
      .map((name, at) => [name, at + 1]),
  ),
  ...{ janv: 1, fevr: 2, fev: 2, avr: 4, juil: 7, sept: 9, oct: 10, nov: 11, dec: 12 },
  ...{ jan: 1, feb: 2, mar: 3, apr: 4, jun: 6, jul: 7, aug: 8, sep: 9 },
};
const WEEKDAYS = [
  ...['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
];
const MONTH = Object.keys(MONTHS)
  .toSorted((a, b) => b.length - a.length)
  .join('|');

type Named = Readonly<Record<string, string | undefined>>;
type Reader = (groups: Named, now: DateTime) => DateTime | null;

const HOUR =
  '(?:(?<hour>[01]?\\d|2[0-3]) ?(?:h|:|heures?)(?: ?(?<minute>[0-5]\\d))?(?!\\d)(?: ?(?<half>am|pm)\\b)?|(?<hour12>1[0-2]|0?[1-9]) ?(?<half12>am|pm)\\b|(?<noon>midi|noon)\\b|(?<midnight>minuit|midnight)\\b)';
const LINK = '(?:,? ?\\(?(?:a|vers|avant|des|at|by|before)? ?(?:partir de )?)';

const DAYS: readonly (readonly [pattern: string, read: Reader])[] = [
  ['(?<year>20\\d\\d)-(?<month>\\d\\d)-(?<day>\\d\\d)', (named, now) => calendar(named, now)],
  [
    '(?<![\\d/.])(?<day>\\d{1,2})/(?<month>\\d{1,2})(?:/(?<year>20\\d\\d|\\d\\d)(?!\\d))?(?![\\d/])',
    (named, now) => calendar(swapped(named), now),
  ],
  [
    '(?<![\\d/.])(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>20\\d\\d|\\d\\d)(?!\\d|\\.\\d)',
    (named, now) => calendar(swapped(named), now),
  ],
  [
    `(?<day>\\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(?<name>${MONTH})\\b\\.?,?(?: (?<year>20\\d\\d))?`,
    (named, now) => calendar(named, now),
  ],
  [
    `\\b(?<name>${MONTH})\\.? (?<day>\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (?<year>20\\d\\d))?`,
    (named, now) => calendar(named, now),
  ],
  ['\\b(?:apres-demain|apres demain|day after tomorrow)\\b', (_named, now) => now.plus({ days: 2 })],
  ['\\b(?:demain|tomorrow)\\b', (_named, now) => now.plus({ days: 1 })],
  ["\\b(?:aujourd'hui|ce jour|ce soir|cet apres-midi|today|tonight)\\b", (_named, now) => now],
  [
    `\\b(?<weekday>${WEEKDAYS.join('|')})\\b(?: (?:prochain|next))?`,
    (named, now) => nextWeekday(named['weekday'], now),
  ],
];

/**
 * Days and hours that a text names, French and English, in the order of the text. Days without a year are the nearest
 * to come (up to 60 days back stay in the past: «fait le 3/11»). Day before month, unless only the contrary is a date.
 * @param text from `plain`
 */
export function findMoments(text: string, clock: Clock): Moment[] {
  const now = DateTime.fromMillis(clock.now, { zone: clock.zone });
  const found: Moment[] = [];
  for (const [pattern, read] of DAYS) {
    for (const match of text.matchAll(new RegExp(`${pattern}(?:${LINK}${HOUR})?`, 'g'))) {
      const named: Named = match.groups ?? {};
      const day = overlaps(found, match.index) ? null : read(named, now);
      if (day === null) continue;
      const time = timeOf(named);
      const at = time === null ? day.startOf('day') : atTime(day, time);
      found.push({ index: match.index, length: match[0].length, at: at.toMillis(), timed: time !== null });
    }
  }
  found.push(...hoursAlone(text, found, now), ...spans(text, now));
  return withoutNamesOfDays(found.toSorted((a, b) => a.index - b.index));
}

/** «lundi 30 novembre» is one day; a «mardi 30 novembre» that is a Monday stays two, for a person to see. */
function withoutNamesOfDays(moments: readonly Moment[]): Moment[] {
  return moments.filter((moment, at) => {
    const next = moments[at + 1];
    const touches = next !== undefined && next.index - (moment.index + moment.length) <= 6;
    return !(touches && !moment.timed && next.at >= moment.at && next.at - moment.at < DAY);
  });
}

/** «à 18 h» without a day: today, or tomorrow once it has passed. */
function hoursAlone(text: string, taken: readonly Moment[], now: DateTime): Moment[] {
  const found: Moment[] = [];
  for (const match of text.matchAll(new RegExp(`(?<![\\d/.:]|\\d ?)${HOUR}`, 'g'))) {
    const time = timeOf(match.groups ?? {});
    if (
      time === null ||
      overlaps(taken, match.index) ||
      /(?:dans|de|en|in|for|within|sous) $/.test(text.slice(Math.max(0, match.index - 8), match.index))
    )
      continue;
    const today = atTime(now, time);
    const at = today > now ? today : atTime(now.plus({ days: 1 }), time);
    found.push({ index: match.index, length: match[0].length, at: at.toMillis(), timed: true });
  }
  return found;
}

/** «dans 2 heures», «in 30 minutes», «sous 48 h». */
function spans(text: string, now: DateTime): Moment[] {
  const pattern =
    /\b(?:dans|sous|in|within) (?<count>\d{1,3}) ?(?<unit>minutes?|min|mn|heures?|hours?|h|jours?|days?|j)\b/g;
  return [...text.matchAll(pattern)].map((match) => {
    const count = Number(match.groups?.['count']);
    const unit = (match.groups?.['unit'] ?? '').charAt(0);
    const at = now.plus(unit === 'm' ? { minutes: count } : unit === 'h' ? { hours: count } : { days: count });
    return { index: match.index, length: match[0].length, at: at.toMillis(), timed: true };
  });
}

const overlaps = (found: readonly Moment[], index: number): boolean =>
  found.some((moment) => index >= moment.index && index < moment.index + moment.length);

/** 11/30 can only be American. */
const swapped = (named: Named): Named =>
  Number(named['month']) > 12 && Number(named['day']) <= 12
    ? { ...named, month: named['day'], day: named['month'] }
    : named;

function calendar(named: Named, now: DateTime): DateTime | null {
  const month = named['name'] === undefined ? Number(named['month']) : MONTHS[named['name']];
  const day = Number(named['day']);
  const written = named['year'] === undefined ? undefined : Number(named['year']);
  const year = written === undefined || written >= 100 ? written : 2000 + written;
  const date = DateTime.fromObject({ year: year ?? now.year, month, day }, { zone: now.zone });
  if (!date.isValid) return null;
  if (year !== undefined) return date;
  if (date < now.minus({ days: 60 })) return date.plus({ years: 1 });
  return date > now.plus({ days: 305 }) ? date.minus({ years: 1 }) : date;
}

function nextWeekday(name: string | undefined, now: DateTime): DateTime {
  const wanted = (WEEKDAYS.indexOf(name ?? '') % 7) + 1;
  const ahead = (wanted - now.weekday + 7) % 7;
  return now.plus({ days: ahead === 0 ? 7 : ahead });
}

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

function timeOf(named: Named): TimeOfDay | null {
  if (named['noon'] !== undefined) return { hour: 12, minute: 0 };
  if (named['midnight'] !== undefined) return { hour: 24, minute: 0 };
  const written = named['hour'] ?? named['hour12'];
  if (written === undefined) return null;
  const half = named['half'] ?? named['half12'];
  const hour = Number(written);
  const turned = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return { hour: turned, minute: Number(named['minute'] ?? 0) };
}

const atTime = (day: DateTime, time: TimeOfDay): DateTime =>
  (time.hour === 24 ? day.plus({ days: 1 }) : day).startOf('day').set({ hour: time.hour % 24, minute: time.minute });
