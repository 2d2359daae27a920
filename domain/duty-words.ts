import type { Span } from './business-time-spans.ts';
import type { Overlap } from './duty-overlaps.ts';
import type { Roster } from './duty.ts';
import { durationInWords, inWords } from './wording.ts';

/** `du lundi 23 … à 8 h 30 au mardi 24 … à 8 h 30 (heure de Paris)`. */
export const periodInWords = ({ from, to }: Span, timeZone: string): string =>
  `du ${withoutZone(inWords(from, timeZone))} au ${inWords(to, timeZone)}`;

/** A time when nobody is on duty; one that runs to the end of what was looked at may be longer. */
export function gapInWords(gap: Span, horizon: number, timeZone: string): string {
  if (gap.to < horizon) {
    return `Personne n’est d’astreinte ${periodInWords(gap, timeZone)}, soit ${durationInWords(gap.to - gap.from)}.`;
  }
  const [from, to] = [withoutZone(inWords(gap.from, timeZone)), inWords(gap.to, timeZone)];
  return `Personne n’est d’astreinte à partir du ${from}, au moins jusqu’au ${to}.`;
}

export function overlapInWords(overlap: Overlap, { people, territory }: Roster): string {
  const [who, period] = [overlap.people.map(nameOf), periodInWords(overlap, territory.timeZone)];
  const [holding = NOBODY, yielding = NOBODY] = who;
  const layers = overlap.layers.map((name) => `« ${name} »`).join(' et ');
  switch (overlap.kind) {
    case 'rotations':
      return `${layers} : deux rotations se chevauchent ${period} (${holding} et ${yielding}) ; ${holding} est d’astreinte.`;
    case 'overrides': {
      const where = layers === '' ? '' : `${layers} : `;
      return `${where}deux remplacements se chevauchent ${period} ; le dernier saisi l’emporte (${holding}, et non ${yielding}).`;
    }
    case 'person':
      return `${holding} est d’astreinte à la fois pour ${layers} ${period} : personne ne prend le relais.`;
  }
  function nameOf(key: string | null): string {
    return key === null ? NOBODY : (people.find((person) => person.key === key)?.name ?? key);
  }
}

const NOBODY = 'personne';

const withoutZone = (words: string): string => words.replace(/ \([^()]*\)$/, '');
