import type { FastifyReply } from 'fastify';
import type { Scope } from '../domain/scope.ts';

/** All that a list depends on: whose sight, of what, which page. Plain values only, so that equal text means an equal list. */
export interface ListKey {
  readonly scope: Scope;
  readonly of?: string;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
}

export type SharedReading<T> = (key: ListKey, read: () => Promise<T>) => Promise<T>;

/**
 * Requests for the same list that come while it is being read are read once more, together, when that reading has ended: in a
 * crisis everybody looks at the same page. None waits for more than one other reading, and none gets what was read before it
 * asked: whoever was told 200 reads his change back at once. A failure is that of all who share it; nothing is kept.
 */
export function sharedReading<T>(): SharedReading<T> {
  const running = new Map<string, Promise<T>>();
  const next = new Map<string, Promise<T>>();

  function start(key: string, read: () => Promise<T>): Promise<T> {
    next.delete(key);
    const reading = read().finally(() => running.delete(key));
    running.set(key, reading);
    return reading;
  }

  return ({ scope, of, query }, read) => {
    const key = JSON.stringify([scope, of, query]);
    const joined = next.get(key);
    if (joined !== undefined) return joined;
    const before = running.get(key);
    if (before === undefined) return start(key, read);
    const again = (): Promise<T> => start(key, read);
    const reading = before.then(again, again);
    next.set(key, reading);
    return reading;
  };
}

/** Lists that were written out as JSON, for as long as somebody holds them. */
const WRITTEN = new WeakMap<object, Buffer>();

/** The list as the handler returns it; it is written out as JSON once for all who share its reading. */
export function writtenOnce<T extends object>(
  reply: Pick<FastifyReply, 'getSerializationFunction' | 'serializer' | 'type'>,
  list: T,
): T {
  const write = reply.getSerializationFunction('200');
  if (write === undefined) return list;
  reply.type('application/json; charset=utf-8');
  const serialize = (payload: object): Buffer => {
    const written = WRITTEN.get(payload) ?? Buffer.from(write(payload as Record<string, unknown>));
    WRITTEN.set(payload, written);
    return written;
  };
  // Fastify sends bytes as they are, which its types do not say: the same bytes for all, encoded once.
  reply.serializer(serialize as unknown as () => string);
  return list;
}
