import type { FieldError } from './field-error.ts';
import { isBlank, wellFormed } from './text.ts';

/** The fields of an input that is an object, read one by one; every wrong one is told, none stops the others. */
export interface InputReader {
  readonly errors: readonly FieldError[];
  fail(pointer: string, code: string, message: string): void;
  /** True when the field is there (null counts as absent). */
  has(field: string): boolean;
  raw(field: string): unknown;
  text(field: string, bounds: TextBounds): string | null;
  oneOf<T extends string>(field: string, values: readonly T[]): T | null;
  flag(field: string): boolean;
  /** Tells every field that nobody knows. */
  refuseUnknown(known: readonly string[]): void;
}

export interface TextBounds {
  readonly max: number;
  readonly required?: boolean;
}

/** A JSON pointer (RFC 6901), its tokens escaped. */
export function pointerTo(...tokens: readonly (string | number)[]): string {
  let pointer = '';
  for (const token of tokens) pointer += `/${typeof token === 'number' ? token : escaped(token)}`;
  return pointer;
}

/** Nearly no name has anything to escape, and every question of every answer has its pointer. */
const escaped = (token: string): string =>
  /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;

export const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** A reader of `raw`; anything but an object reads as an empty one, with an error on the whole. */
export function readInput(raw: unknown): InputReader {
  const errors: FieldError[] = [];
  const input = isObject(raw) ? raw : {};
  const fail = (pointer: string, code: string, message: string): void => {
    errors.push({ pointer, code, message });
  };
  if (!isObject(raw)) fail('', 'type', 'Un objet JSON est attendu.');
  const value = (field: string): unknown => (Object.hasOwn(input, field) ? (input[field] ?? undefined) : undefined);

  return {
    errors,
    fail,
    has: (field) => value(field) !== undefined,
    raw: value,
    text(field, bounds) {
      const found = value(field);
      const problem = textProblem(found, bounds);
      if (problem !== null) fail(pointerTo(field), ...problem);
      return problem === null && typeof found === 'string' ? found : null;
    },
    oneOf(field, values) {
      const found = value(field);
      if (found === undefined) return null;
      const known = values.find((one) => one === found);
      if (known === undefined) fail(pointerTo(field), 'enum', `Valeur inconnue ; attendu : ${values.join(', ')}.`);
      return known ?? null;
    },
    flag(field) {
      const found = value(field);
      if (found !== undefined && typeof found !== 'boolean')
        fail(pointerTo(field), 'type', 'Vrai ou faux (true ou false) est attendu.');
      return found === true;
    },
    refuseUnknown(known) {
      for (const field of Object.keys(input)) {
        if (!known.includes(field)) fail(pointerTo(wellFormed(field) ? field : '?'), 'unknown', 'Champ inconnu.');
      }
    },
  };
}

/** What is wrong with a text (code and French words), or null. Absent is right unless it is required. */
export function textProblem(found: unknown, { max, required = false }: TextBounds): [string, string] | null {
  if (found === undefined) return required ? ['required', 'Champ obligatoire.'] : null;
  if (typeof found !== 'string') return ['type', 'Un texte est attendu.'];
  if (found.length > max) return ['tooLong', `${max} caractères au plus (${found.length} reçus).`];
  if (!wellFormed(found)) return ['characters', 'Caractères refusés : NUL ou demi-caractère Unicode isolé.'];
  if (required && isBlank(found)) return ['required', 'Champ obligatoire.'];
  return null;
}
