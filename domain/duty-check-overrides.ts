import { readLine, readObjects } from './input-lists.ts';
import type { Override } from './duty.ts';
import { pointerTo, type InputReader } from './input.ts';
import { DAY, type Instant, type Millis } from './instant.ts';
import { parseRfc3339 } from './rfc3339.ts';

export const OVERRIDES_LIMIT = 200;
export const LONGEST_OVERRIDE: Millis = 366 * DAY;

const FIELDS = ['layer', 'replaces', 'person', 'from', 'to', 'reason'];
const LAST: Instant = Date.parse('2100-01-01T00:00:00Z');
const FIRST: Instant = Date.parse('2000-01-01T00:00:00Z');

/** The overrides; `people` and `layers` are the names that the roster knows. */
export function readOverrides(
  input: InputReader,
  people: readonly string[],
  layers: readonly string[],
): readonly Override[] {
  const read = readObjects(input, 'overrides', { min: 0, max: OVERRIDES_LIMIT }, (entry, raw): Override | null => {
    entry.refuseUnknown(FIELDS);
    const layer = oneKnown(entry, 'layer', layers, 'Niveau inconnu de ce tableau.');
    const replaces = oneKnown(entry, 'replaces', people, UNKNOWN);
    const person = oneKnown(entry, 'person', people, UNKNOWN);
    const reason = readLine(entry, 'reason', 200, false);
    // An absence is said: a forgotten field must not leave a desk without anybody.
    if (!Object.hasOwn(raw, 'person')) {
      entry.fail('/person', 'required', 'Champ obligatoire : une personne, ou null pour une absence.');
    }
    if (!entry.has('layer') && !entry.has('replaces')) {
      entry.fail('/layer', 'required', 'Niveau obligatoire, sauf pour remplacer une personne (replaces).');
    }
    if (replaces !== null && replaces === person) {
      entry.fail('/person', 'same', 'Une personne ne se remplace pas elle-même.');
    }
    const [from, to] = [readInstant(entry, 'from'), readInstant(entry, 'to')];
    if (from === null || to === null) return null;
    if (to <= from) entry.fail('/to', 'order', 'La fin vient après le début.');
    if (to - from > LONGEST_OVERRIDE) entry.fail('/to', 'range', 'Un remplacement dure 366 jours au plus.');
    return { layer, replaces, person, from, to, reason };
  });
  return read.filter((one) => one !== null);
}

const UNKNOWN = 'Personne inconnue de ce tableau.';

function oneKnown(input: InputReader, field: string, known: readonly string[], message: string): string | null {
  const found = input.raw(field);
  if (found === undefined) return null;
  const name = known.find((one) => one === found);
  if (name === undefined) input.fail(pointerTo(field), 'unknown', message);
  return name ?? null;
}

function readInstant(input: InputReader, field: string): Instant | null {
  const text = input.text(field, { max: 64, required: true });
  if (text === null) return null;
  const instant = parseRfc3339(text);
  if (instant !== null && instant >= FIRST && instant < LAST) return instant;
  const code = instant === null ? 'format' : 'range';
  input.fail(pointerTo(field), code, 'Date avec décalage attendue (RFC 3339), de 2000 à 2099.');
  return null;
}
