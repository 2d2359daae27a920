import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  claimKey,
  freeKey,
  type IdempotentRequest,
  keepAnswer,
  type StoredResponse,
} from '../../db/stores/desk/idempotency.ts';
import { accountOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import { invalid, Problem } from '../problem.ts';

const KEPT_HEADERS = ['content-type', 'etag', 'location'];
const KEY = /^[\x21-\x7e]{1,200}$/;
/** What was answered to the owner of a key under way is not ours to keep or to free. */
const underWay = new WeakMap<FastifyRequest, IdempotentRequest>();

/**
 * `Idempotency-Key` on routes that declare `idempotent`: same key and body → same answer, other body → 422, still under way
 * → 409. Only an answer of success is kept: after a refusal nothing was done, and the key is free again.
 */
export function useIdempotency(app: FastifyInstance, deps: ApiDeps): void {
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return undefined;
    const wanted = describe(request, key, deps.now());
    const claim = await claimKey(deps.database.sql, wanted);
    if (claim.outcome === 'mine') underWay.set(request, wanted);
    else if (claim.outcome === 'otherBody') throw otherBody();
    else if (claim.outcome === 'underWay') throw stillUnderWay();
    else {
      await reply.code(claim.status).headers(claim.response.headers).serializer(String).send(claim.response.body);
      return reply;
    }
    return undefined;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const wanted = underWay.get(request);
    if (wanted === undefined) return payload;
    underWay.delete(request);
    const success = reply.statusCode >= 200 && reply.statusCode < 300;
    if (!success) await freeKey(deps.database.sql, wanted);
    else
      await keepAnswer(deps.database.sql, wanted, {
        status: reply.statusCode,
        response: responseOf(reply.getHeaders(), payload),
      });
    return payload;
  });
}

/** The key of a request on a route that takes one. @throws Problem 422 when it is no key */
export function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (request.routeOptions.config.idempotent !== true || key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw invalid([
    { pointer: '', code: 'idempotencyKey', message: 'Idempotency-Key : de 1 à 200 caractères ASCII sans espace.' },
  ]);
}

function describe(request: FastifyRequest, key: string, now: number): IdempotentRequest {
  const body = JSON.stringify(request.body ?? null);
  return {
    sub: accountOf(request).sub,
    route: `${request.method} ${request.url.split('?')[0] ?? ''}`,
    key,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    now,
  };
}

const responseOf = (headers: Readonly<Record<string, unknown>>, payload: unknown): StoredResponse => ({
  headers: Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  ),
  body: typeof payload === 'string' ? payload : '',
});

export const otherBody = (): Problem =>
  new Problem(422, 'idempotency-key-reused', 'Cette clé (Idempotency-Key) a déjà servi avec un autre contenu.');

const stillUnderWay = (): Problem =>
  new Problem(
    409,
    'idempotency-under-way',
    'La même demande est en cours de traitement : recommencez dans un instant.',
    {
      retryAfterSeconds: 2,
    },
  );

/** A command asked again with the same key is carried out once, also when the first answer was lost. */
export function keyFor(request: FastifyRequest): string | null {
  const key = keyOf(request);
  return key === null ? null : `${accountOf(request).sub}:${request.url}:${key}`;
}
