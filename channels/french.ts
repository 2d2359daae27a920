import type { Instant, Millis } from '../domain/instant.ts';
import { DAY, HOUR, MINUTE } from '../domain/instant.ts';

/** No-break space: between a number and its unit, before `:` and inside guillemets. The text part turns it into a space. */
export const NBSP = '\u00a0';
export const PARIS = 'Europe/Paris';

const ZONE_WORDS: Readonly<Record<string, string>> = {
  'Europe/Paris': 'heure de Paris',
  'America/Guadeloupe': 'heure de la Guadeloupe',
  'America/Martinique': 'heure de la Martinique',
  'America/Cayenne': 'heure de la Guyane',
  'Indian/Reunion': 'heure de La Réunion',
  'Indian/Mayotte': 'heure de Mayotte',
};

interface Parts {
  readonly date: string;
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat('fr-FR', {
      timeZone: zone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, made);
  }
  return made;
}

function partsOf(instant: Instant, zone: string): Parts {
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  ) as Record<string, string>;
  const { weekday = '', day = '', month = '', year = '', hour = '', minute = '' } = parts;
  const ordinal = day === '1' ? '1er' : day;
  return {
    date: `${weekday} ${ordinal}${NBSP}${month}${NBSP}${year}`,
    time: `${Number(hour)}${NBSP}h${NBSP}${minute}`,
  };
}

/** `mardi 24 novembre 2026 à 14 h 30 (heure de Paris)`. */
export function moment(instant: Instant, zone: string = PARIS): string {
  const { date, time } = partsOf(instant, zone);
  return `${date} à ${time} (${ZONE_WORDS[zone] ?? 'heure locale'})`;
}

/** The moment where the reader is, and in Paris as well where the clocks differ. */
export function momentThere(instant: Instant, zone: string): string {
  const there = partsOf(instant, zone);
  const paris = partsOf(instant, PARIS);
  if (there.date === paris.date && there.time === paris.time) return moment(instant, PARIS);
  const inParis = there.date === paris.date ? paris.time : `${paris.date} à ${paris.time}`;
  return `${moment(instant, zone)}, soit ${inParis} (heure de Paris)`;
}

/** `1 jour et 2 heures`, `45 minutes`: the two largest units, minutes rounded down; `moins d'une minute` below one. */
export function duration(length: Millis): string {
  const days = Math.floor(length / DAY);
  const hours = Math.floor((length % DAY) / HOUR);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const units = [count(days, 'jour'), count(hours, 'heure'), count(minutes, 'minute')].filter((unit) => unit !== '');
  return units.slice(0, 2).join(' et ') || 'moins d’une minute';
}

const count = (number: number, word: string): string =>
  number === 0 ? '' : `${number}${NBSP}${word}${number > 1 ? 's' : ''}`;

/** What remains until the deadline, or how late it is. */
export function remaining(deadline: Instant, now: Instant): string {
  return deadline > now ? `il reste ${duration(deadline - now)}` : `en retard de ${duration(now - deadline)}`;
}

export const quoted = (text: string): string => `«${NBSP}${text}${NBSP}»`;

/** The organisation in a sentence: «l’ARS Guadeloupe», «CORRUSS». */
export const named = (name: string): string => (name.startsWith('ARS ') ? `l’${name}` : name);
/** …after «de». */
export const ofNamed = (name: string): string => (name.startsWith('ARS ') ? `de l’${name}` : `de ${name}`);
/** …after «à». */
export const toNamed = (name: string): string => (name.startsWith('ARS ') ? `à l’${name}` : `à ${name}`);
/** With its first letter in upper case. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('fr-FR') + text.slice(1);
