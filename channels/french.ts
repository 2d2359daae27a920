import type { Instant, Millis } from '../domain/instant.ts';
import { durationInWords, inWords, PARIS } from '../domain/wording.ts';

/** No-break space: between a number and its unit, before `:` and inside guillemets. The text part turns it into a space. */
export const NBSP = '\u00a0';

/** Numbers stay with their units and months, `h` with its minutes. */
const unbroken = (words: string): string =>
  words.replace(/(?<=\d(?:er)?) (?!à)/g, NBSP).replace(/(?<=\u00a0h) (?=\d)/g, NBSP);

/** `mardi 24 novembre 2026 à 14 h 30 (heure de Paris)`. */
export function moment(instant: Instant, zone: string = PARIS): string {
  const key = `${instant} ${zone}`;
  const words = MOMENTS.get(key) ?? unbroken(inWords(instant, zone));
  if (MOMENTS.size >= MOST_MOMENTS) MOMENTS.clear();
  MOMENTS.set(key, words);
  return words;
}

/** Thousands of mails name the same few terms, and the calendar is looked up anew for each. */
const MOMENTS = new Map<string, string>();
const MOST_MOMENTS = 200;

/** The moment where the reader is, and in Paris as well where the clocks differ. */
export function momentThere(instant: Instant, zone: string): string {
  const paris = moment(instant);
  const there = moment(instant, zone);
  const [day, hour = ''] = paris.split(' à ');
  const local = there.split('(')[0];
  if (local === paris.split('(')[0]) return paris;
  return `${there}, soit ${there.startsWith(`${day ?? ''} à `) ? hour : paris}`;
}

/** `1 jour 2 h`, `45 min`. */
export const duration = (length: Millis): string => unbroken(durationInWords(length));

/** What remains until the deadline, or how late it is. */
export function remaining(deadline: Instant, now: Instant): string {
  return deadline > now ? `il reste ${duration(deadline - now)}` : `en retard de ${duration(now - deadline)}`;
}

/** The organisation in a sentence: «l’ARS Guadeloupe», «CORRUSS». */
export const named = (name: string): string => (name.startsWith('ARS ') ? `l’${name}` : name);
/** …after «de». */
export const ofNamed = (name: string): string => (name.startsWith('ARS ') ? `de l’${name}` : `de ${name}`);
/** …after «à». */
export const toNamed = (name: string): string =>
  name.startsWith('ARS ') ? `à l’${name}` : name.startsWith('CORRUSS') ? 'au CORRUSS' : `à ${name}`;
/** The desk's name without what it stands for, where it is said once more. */
export const shortName = (name: string): string => (name.startsWith('CORRUSS') ? 'CORRUSS' : name);
/** With its first letter in upper case. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('fr-FR') + text.slice(1);
