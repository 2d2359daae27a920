import { pointerTo, type InputReader } from '../input.ts';
import { readLine, readObjects } from '../input-lists.ts';
import { readCode } from './codes.ts';
import { hasDecimals } from './exact.ts';
import { AGGREGATES, decimalsOf, type Aggregation, type Labelled, type NumberField, type NumericType } from './form.ts';
import { LARGEST, LIMITS } from './limits.ts';
import { readNumber } from './numbers.ts';

/** Leaves out what is null: a form is stored without empty fields. */
export type Given<T> = { readonly [K in keyof T]: Exclude<T[K], null> };
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Given<T>;
}

/** A flag that stands in the form only when it is true. */
export const readFlag = (input: InputReader, field: string): true | null => (input.flag(field) ? true : null);

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly decimals: number;
}

/** A JSON number of the form itself (a limit, a length). */
export function readFormNumber(input: InputReader, field: string, bounds: NumberBounds): number | null {
  const found = input.raw(field);
  if (found === undefined) return null;
  const problem = formNumberProblem(found, bounds);
  if (problem !== null) input.fail(pointerTo(field), ...problem);
  return problem === null && typeof found === 'number' ? found + 0 : null;
}

function formNumberProblem(found: unknown, { min, max, decimals }: NumberBounds): readonly [string, string] | null {
  if (typeof found !== 'number' || !Number.isFinite(found)) return ['type', 'Un nombre JSON est attendu.'];
  if (found < min || found > max) return ['range', `De ${min} à ${max}.`];
  const read = readNumber(found);
  if ('problem' in read) return read.problem;
  if (!('value' in read) || hasDecimals(read.value, decimals)) return null;
  return ['decimals', decimals === 0 ? 'Un nombre entier est attendu.' : `${decimals} décimales au plus.`];
}

export const HELP_BOUNDS = { max: LIMITS.help } as const;

/** Coded and labelled entries, each code once. `more` reads what else stands in an entry. */
export function readLabelled(input: InputReader, field: string, max: number): readonly Labelled[] {
  const taken = new Set<string>();
  const read = readObjects(input, field, { min: 1, max }, (entry): Labelled | null => {
    entry.refuseUnknown(['code', 'label']);
    const [code, label] = [readCode(entry, taken), readLine(entry, 'label', LIMITS.label, true)];
    return code === null || label === null ? null : { code, label };
  });
  return read.filter((one) => one !== null);
}

export const AGGREGATION_FIELDS = ['aggregate', 'weightedBy', 'numerator', 'denominator', 'headline'] as const;
export const NUMBER_FIELDS = ['unit', 'min', 'max', 'decimals', 'commentWhenMoves', ...AGGREGATION_FIELDS] as const;

/** The aggregation as it is written; whether its names fit is looked at when all questions are known. */
export function readAggregation(input: InputReader): Given<{ [K in keyof Aggregation]: Aggregation[K] | null }> {
  return given({
    aggregate: input.oneOf('aggregate', AGGREGATES),
    weightedBy: input.text('weightedBy', { max: 200 }),
    numerator: input.text('numerator', { max: 200 }),
    denominator: input.text('denominator', { max: 200 }),
    headline: readFlag(input, 'headline'),
  });
}

const ANY = { min: -LARGEST, max: LARGEST };

/** Unit, limits, decimals and aggregation of a number. */
export function readNumberField(input: InputReader, type: NumericType): Omit<NumberField, 'type'> {
  const decimals = readDecimals(input, type);
  const places = decimalsOf({ type, ...(decimals === null ? {} : { decimals }) });
  const [min, max] = [
    readFormNumber(input, 'min', { ...ANY, decimals: places }),
    readFormNumber(input, 'max', { ...ANY, decimals: places }),
  ];
  const [low, high] = [min ?? (type === 'percentage' ? 0 : null), max ?? (type === 'percentage' ? 100 : null)];
  if (low !== null && high !== null && low > high) {
    input.fail(max === null ? '/min' : '/max', 'order', `Le maximum (${high}) est inférieur au minimum (${low}).`);
  }
  return given({
    unit: readLine(input, 'unit', LIMITS.unit, false),
    min,
    max,
    decimals,
    commentWhenMoves: readMoves(input),
    ...readAggregation(input),
  });
}

export const readDecimals = (input: InputReader, type: NumericType | 'computed'): number | null =>
  readFormNumber(input, 'decimals', { min: 0, max: type === 'integer' ? 0 : LIMITS.decimals, decimals: 0 });

/** Percent; more than ten times as much is no question of a comment. */
export const readMoves = (input: InputReader): number | null =>
  readFormNumber(input, 'commentWhenMoves', { min: 0.1, max: 1_000, decimals: 1 });
