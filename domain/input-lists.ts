import { isObject, pointerTo, readInput, type InputReader } from './input.ts';
import { isBlank, isOneLine } from './text.ts';

export interface ListBounds {
  readonly min: number;
  readonly max: number;
}

/** A list of objects, each read by itself; null stands for one with errors. An absent list is an empty one, where that is allowed. */
export function readObjects<T>(
  input: InputReader,
  field: string,
  bounds: ListBounds,
  read: (entry: InputReader, raw: Readonly<Record<string, unknown>>, index: number) => T | null,
): readonly (T | null)[] {
  return listOf(input, field, bounds).map((raw, index) => {
    const entry = readInput(raw);
    const value = isObject(raw) ? read(entry, raw, index) : null;
    for (const { pointer, code, message } of entry.errors) {
      input.fail(pointerTo(field, index) + pointer, code, message);
    }
    return entry.errors.length === 0 ? value : null;
  });
}

/** A list of names, each one of those known. */
export function readNames<T extends string>(
  input: InputReader,
  field: string,
  bounds: ListBounds,
  known: { readonly names: readonly T[]; readonly message: string; readonly once: boolean },
): readonly T[] {
  const names: T[] = [];
  listOf(input, field, bounds).forEach((raw, index) => {
    const name = known.names.find((one) => one === raw);
    const pointer = pointerTo(field, index);
    if (name === undefined) input.fail(pointer, 'unknown', known.message);
    else if (known.once && names.includes(name)) input.fail(pointer, 'duplicate', 'Nommé deux fois.');
    else names.push(name);
  });
  return names;
}

function listOf(input: InputReader, field: string, { min, max }: ListBounds): readonly unknown[] {
  const found = input.raw(field);
  const fail = (code: string, message: string): readonly unknown[] => {
    input.fail(pointerTo(field), code, message);
    return [];
  };
  if (found === undefined) return min > 0 ? fail('required', 'Champ obligatoire.') : [];
  if (!Array.isArray(found)) return fail('type', 'Une liste est attendue.');
  if (found.length > max) return fail('tooLong', `${max} au plus (${found.length} reçus).`);
  if (found.length < min) return fail('empty', `${min} au moins.`);
  return found;
}

/** A text of one line, as people write names and reasons. */
export function readLine(input: InputReader, field: string, max: number, required: boolean): string | null {
  const found = input.text(field, { max, required });
  if (found !== null && !isOneLine(found)) {
    input.fail(pointerTo(field), 'format', 'Une seule ligne, sans caractère de contrôle.');
    return null;
  }
  return found === null || isBlank(found) ? null : found.trim();
}
