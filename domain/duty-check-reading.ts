import type { LocalDate, LocalTime } from './business-time-local.ts';
import { isLocalDate, isLocalTime } from './business-time-local.ts';
import { DAY_NAMES, type DailyHours } from './business-time.ts';
import { pointerTo, textProblem, type InputReader } from './input.ts';
import { readNames, readObjects } from './input-lists.ts';

/** A local hour, `08:30`. */
export function readTime(input: InputReader, field: string): LocalTime | null {
  return readText(input, field, true, isLocalTime, 'Heure locale attendue, de 00:00 à 23:59 (08:30).');
}

/** A local day of this century, `2026-11-24`. */
export function readDate(input: InputReader, field: string, required: boolean): LocalDate | null {
  const right = (text: string): boolean => isLocalDate(text) && text.startsWith('20');
  return readText(input, field, required, right, 'Date attendue, de 2000 à 2099 (2026-11-24).');
}

function readText(
  input: InputReader,
  field: string,
  required: boolean,
  isRight: (text: string) => boolean,
  words: string,
): string | null {
  const found = input.raw(field);
  const problem = textProblem(found, { max: 64, required });
  if (problem !== null) input.fail(pointerTo(field), ...problem);
  if (problem !== null || typeof found !== 'string') return null;
  if (isRight(found)) return found;
  input.fail(pointerTo(field), 'format', words);
  return null;
}

/** Hours of a rotation or of the coverage; null when the field is absent: at any time. */
export function readHours(input: InputReader, field: string): readonly DailyHours[] | null {
  if (!input.has(field)) return null;
  const read = readObjects(input, field, { min: 1, max: 20 }, (entry): DailyHours | null => {
    entry.refuseUnknown(['days', 'from', 'to']);
    const message = `Attendu : ${DAY_NAMES.join(', ')}.`;
    const days = readNames(entry, 'days', { min: 1, max: DAY_NAMES.length }, { names: DAY_NAMES, message, once: true });
    const [from, to] = [readTime(entry, 'from'), readTime(entry, 'to')];
    return from === null || to === null ? null : { days, from, to };
  });
  return read.filter((one) => one !== null);
}
