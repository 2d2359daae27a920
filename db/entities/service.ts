import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** The answer to a request that starts something, kept so that the same request gets it again. */
export const IdempotencyKeyEntity = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    sub: p.text().primary(),
    route: p.text().primary(),
    key: p.text().primary(),
    bodySha256: p.text().fieldName('body_sha256'),
    /** Null while the first request is under way. */
    status: p.integer().nullable(),
    response: p.json<unknown>().nullable(),
    createdAt: p.datetime(6),
  },
});

/** A session of the console; its cookie is stored as a hash. */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    idHash: p.text().primary(),
    sub: p.text(),
    claims: p.json<unknown>(),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6),
  },
});

export type Session = InferEntity<typeof SessionEntity>;
