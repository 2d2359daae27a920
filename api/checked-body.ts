import type { FastifyRequest } from 'fastify';
import type { FieldError } from '../domain/field-error.ts';
import { schemaErrors } from './drafting.ts';
import { invalid } from './problem.ts';

/**
 * What a body means, once nothing is wrong with it: fields that the schema refuses are stood in for, so that the rules look at
 * the others all the same and one answer names every wrong field. For routes with `attachValidation`.
 * @param standIn a body that is wrong in nothing itself
 * @throws Problem 422
 */
export async function checkedBody<Body extends object, Meant>(
  request: FastifyRequest,
  standIn: Body,
  read: (body: Body) => Promise<{ readonly meant: Meant; readonly errors: readonly FieldError[] }>,
): Promise<Meant> {
  const misshapen = schemaErrors(request);
  const fields = new Set(misshapen.map(({ pointer }) => fieldOf(pointer)));
  // A body that is no object has no field to look at.
  if (fields.has('')) throw invalid(misshapen);
  const sound = Object.entries((request.body ?? {}) as Body).filter(([field]) => !fields.has(field));
  const { meant, errors } = await read({ ...standIn, ...Object.fromEntries(sound) });
  const all = [...misshapen, ...errors.filter(({ pointer }) => !fields.has(fieldOf(pointer)))];
  if (all.length > 0) throw invalid(all);
  return meant;
}

/** `/audience/respondents/1/name` → `audience` */
const fieldOf = (pointer: string): string => pointer.split('/')[1] ?? '';
