import { Type, type TObject, type TProperties, type TSchema } from 'typebox';
import { PROBLEM_TITLES, type ProblemStatus } from '../problem.ts';

/** An object that knows all its fields: others are refused. */
export const Strict = <Properties extends TProperties>(
  properties: Properties,
  options: { readonly [option in 'minProperties' | 'maxProperties']?: number } & {
    readonly [option in 'description' | 'title']?: string;
  } = {},
): TObject<Properties> => Type.Object(properties, { ...options, additionalProperties: false });

export const Id = (description?: string) =>
  Type.String({ format: 'uuid', ...(description === undefined ? {} : { description }) });
export const Time = (description = 'RFC 3339') => Type.String({ format: 'date-time', description });
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
export const OrganisationId = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'Organisation: `ARS-84`, `CORRUSS`, `SITE-<FINESS>`.',
});
export const Duration = Type.String({ maxLength: 40, description: 'ISO 8601 duration: `PT30M`, `P1D`.' });

export const IdParams = Type.Object({ id: Type.String() });
export const RecipientParams = Type.Object({ id: Type.String(), org: Type.String() });

/** `?limit=&cursor=` of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 300, description: 'The `nextCursor` of the page before.' })),
};

export const PageOf = <Item extends TSchema>(item: Item) =>
  Strict({
    items: Type.Array(item),
    nextCursor: Nullable(Type.String({ description: 'Null on the last page.' })),
  });

const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    errors: Type.Array(
      Type.Object({
        pointer: Type.String({ description: 'RFC 6901, into the body sent' }),
        code: Type.String(),
        message: Type.String({ description: 'In French, for a person' }),
      }),
    ),
  },
  { $id: 'Problem', title: 'Problem', description: 'RFC 9457, `application/problem+json`, in French.' },
);
export const ProblemSchema = ProblemBody;

const PROBLEM = Type.Ref('Problem');

/** The refusals of a route, for its description; the error handler writes them. */
export const problems = (...statuses: readonly ProblemStatus[]) =>
  Object.fromEntries(
    [...statuses, 429 as const, 503 as const].map((status) => [
      status,
      {
        description: PROBLEM_TITLES[status],
        content: { 'application/problem+json': { schema: PROBLEM } },
      },
    ]),
  );

export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ maxLength: 40, description: 'ETag of the version that was read.' })),
});
export const IdempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ maxLength: 200, description: 'Same key and body: same answer. Same key, other body: 422.' }),
  ),
});
