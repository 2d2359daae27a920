import { WEEKDAYS, type LocalDate } from './business-time-local.ts';
import { readDate, readHours, readTime } from './duty-check-reading.ts';
import type { Layer, Rotation } from './duty.ts';
import { parseDuration } from './duration.ts';
import { readLine, readNames, readObjects } from './input-lists.ts';
import { pointerTo, type InputReader } from './input.ts';
import { DAY, HOUR, type Millis } from './instant.ts';

export const LAYERS_LIMIT = 5;
export const ROTATIONS_LIMIT = 10;
/** A year of weeks, whoever comes. */
export const TURNS_LIMIT = 60;
/** In two months, all rotations together: three people an hour around the clock. More would only keep the machine busy. */
export const LOAD_LIMIT = 4_500;
export const SHORTEST_TURN: Millis = HOUR;
export const LONGEST_TURN: Millis = 56 * DAY;

const ROTATION = ['every', 'handOver', 'weekday', 'startsOn', 'endsOn', 'people', 'hours'];

/** The layers, each with a name of its own. `people`: the keys that the roster knows. */
export function readLayers(input: InputReader, people: readonly string[]): readonly Layer[] {
  const names = new Set<string>();
  const layers = readObjects(input, 'layers', { min: 0, max: LAYERS_LIMIT }, (entry): Layer | null => {
    entry.refuseUnknown(['name', 'rotations']);
    const name = readLine(entry, 'name', 60, true);
    if (name !== null && names.has(name)) entry.fail('/name', 'duplicate', 'Deux niveaux portent ce nom.');
    if (name !== null) names.add(name);
    const rotations = readObjects(entry, 'rotations', { min: 1, max: ROTATIONS_LIMIT }, (rotation) =>
      readRotation(rotation, people),
    );
    return name === null ? null : { name, rotations: rotations.filter((one) => one !== null) };
  });
  const read = layers.filter((one) => one !== null);
  if (loadOf(read) > LOAD_LIMIT) {
    const message = `Ce tableau prévoit plus de ${LOAD_LIMIT} tours en deux mois : allongez les tours, ou réduisez les rotations et leurs horaires.`;
    input.fail('/layers', 'tooMany', message);
  }
  return read;
}

/** Turns, and parts of turns within hours, of two months. */
function loadOf(layers: readonly Layer[]): number {
  const rotations = layers.flatMap((layer) => layer.rotations);
  return rotations.reduce((sum, { every, hours }) => sum + 60 * (DAY / every + (hours?.length ?? 0)), 0);
}

function readRotation(input: InputReader, known: readonly string[]): Rotation | null {
  input.refuseUnknown(ROTATION);
  const every = readEvery(input);
  const weekday = input.oneOf('weekday', WEEKDAYS);
  if (weekday !== null && every !== null && every % (7 * DAY) !== 0) {
    input.fail('/weekday', 'notAllowed', 'Le jour de relève n’a de sens que pour des tours de semaines entières.');
  }
  const handOver = readTime(input, 'handOver');
  const startsOn = readDate(input, 'startsOn', true);
  const endsOn = readEnd(input, startsOn);
  const message = 'Personne inconnue de ce tableau.';
  const people = readNames(input, 'people', { min: 1, max: TURNS_LIMIT }, { names: known, message, once: false });
  const hours = readHours(input, 'hours');
  if (every === null || handOver === null || startsOn === null) return null;
  return { every, handOver, weekday, startsOn, endsOn, people, hours };
}

function readEvery(input: InputReader): Millis | null {
  const text = input.text('every', { max: 64, required: true });
  if (text === null) return null;
  const every = parseDuration(text);
  if (every !== null && every % HOUR === 0 && every >= SHORTEST_TURN && every <= LONGEST_TURN) return every;
  const bounds = 'd’une heure à huit semaines, en heures entières (P1W, P1D, PT12H)';
  input.fail(pointerTo('every'), every === null ? 'format' : 'range', `Durée ISO 8601 attendue, ${bounds}.`);
  return null;
}

function readEnd(input: InputReader, startsOn: LocalDate | null): LocalDate | null {
  const endsOn = readDate(input, 'endsOn', false);
  if (endsOn !== null && startsOn !== null && endsOn <= startsOn) {
    input.fail('/endsOn', 'order', 'La fin vient après le début.');
  }
  return endsOn;
}
