import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { FieldError } from '../../domain/field-error.ts';
import { inFrench } from './validation-words.ts';

const OPTIONS = { allErrors: true, removeAdditional: false, strict: true, strictTypes: false, strictRequired: false };
/** Sizes are bounded (body limit, maxItems, maxLength), so that `allErrors` cannot be made to run for long. */
const forBodies = withFormats(new Ajv2020({ ...OPTIONS, useDefaults: false }));
/** Only what arrives as text is coerced. */
const forText = withFormats(new Ajv2020({ ...OPTIONS, coerceTypes: true, useDefaults: true }));

function withFormats(ajv: Ajv2020): Ajv2020 {
  addFormats.default(ajv, ['date-time', 'uuid', 'email', 'uri']);
  return ajv;
}

/** Registers the compiler that refuses unknown fields and reports every wrong one. */
export function useValidation(app: FastifyInstance): void {
  const compiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
    const validate: ValidateFunction = (httpPart === 'body' ? forBodies : forText).compile(schema);
    return (data: unknown) => {
      const valid = validate(data);
      const errors = [...(valid ? [] : fieldErrors(validate.errors ?? [])), ...unsafeValues(data, '', 0)];
      return errors.length === 0 ? { value: data } : { error: new FieldsRefused(unique(errors)) };
    };
  };
  app.setValidatorCompiler(compiler);
}

/** What validation found; with `attachValidation` a handler finds it on `request.validationError`. */
export class FieldsRefused extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('The content does not fit the schema');
    this.name = 'FieldsRefused';
    this.errors = errors;
  }
}

/** The first error of each pointer: one sentence a field is enough to correct it. */
export function unique(errors: readonly FieldError[]): FieldError[] {
  const first = new Map<string, FieldError>();
  for (const error of errors) if (!first.has(error.pointer)) first.set(error.pointer, error);
  return [...first.values()];
}

function fieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  // The branches of a union say nothing useful beside the union itself.
  const unions = errors.filter((error) => error.keyword === 'anyOf').map((error) => `${error.schemaPath}/`);
  return errors
    .filter((error) => !unions.some((union) => error.schemaPath.startsWith(union)))
    .filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames')
    .map((error) => ({ pointer: pointerOf(error), code: error.keyword, message: inFrench(error) }));
}

function pointerOf(error: ErrorObject): string {
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const name = params.missingProperty ?? params.additionalProperty;
  return name === undefined ? error.instancePath : `${error.instancePath}/${escapeToken(name)}`;
}

/** RFC 6901: `~` and `/` inside a name. */
const escapeToken = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const MAX_DEPTH = 12;

/**
 * PostgreSQL refuses NUL in text and lone surrogates in jsonb: refused here, by name, before anything is written. So is what a
 * query has as `Infinity` or `1e400`: Ajv makes it a number, of which no limit then holds.
 */
function unsafeValues(value: unknown, pointer: string, depth: number): FieldError[] {
  if (typeof value === 'number' && !Number.isFinite(value))
    return [{ pointer, code: 'type', message: 'Attendu : un nombre.' }];
  if (typeof value === 'string') return isSafe(value) ? [] : [unsafe(pointer)];
  if (typeof value !== 'object' || value === null) return [];
  if (depth >= MAX_DEPTH) return [{ pointer, code: 'depth', message: 'Trop de niveaux imbriqués.' }];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${pointer}/${escapeToken(name)}`;
    return isSafe(name) ? unsafeValues(inner, at, depth + 1) : [unsafe(pointer)];
  });
}

const isSafe = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const unsafe = (pointer: string): FieldError => ({
  pointer,
  code: 'characters',
  message: 'Contient un caractère interdit (caractère nul ou demi-caractère isolé).',
});
