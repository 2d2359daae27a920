import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

// Below the ephemeral range of Linux (32768) and macOS (49152): no outgoing connection takes the port in between.
const LOWEST = 10_000;
const HIGHEST = 32_000;

/** A TCP port of this machine that nobody listens on; drawn at random, so that several processes at once rarely meet. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free TCP port found between ${LOWEST} and ${HIGHEST}`);
}

/** Whether `port` can be listened on. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether somebody answers on `port` right now. */
export function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/**
 * Tries until `attempt` gives something.
 * @param attempt a throw counts as «not yet»; what it threw last is the cause of the final error
 * @throws Error naming `what` after `limitMs`
 */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | undefined | null | false>,
  { limitMs = 30_000, everyMs = 50, signal }: { limitMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const end = performance.now() + limitMs;
  let last: unknown;
  do {
    signal?.throwIfAborted();
    try {
      const got = await attempt();
      if (got !== undefined && got !== null && got !== false) return got;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  } while (performance.now() < end);
  signal?.throwIfAborted();
  throw new Error(`${what}: not within ${limitMs / 1000} s`, { cause: last });
}
