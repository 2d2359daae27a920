import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hashToken } from '../../config/tokens.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';

const PER_SUB = 6_000;
const PER_LINK_ADDRESS = 60;
const FILES_PER_LINK = 6;
/**
 * Five seconds behind on average, every caller has given up or soon will: better to send some away. Not less: a machine
 * that starts everything at once is a second behind without being in trouble.
 */
const MAX_EVENT_LOOP_DELAY_MS = 5_000;

/** 6 000 requests a minute for each account, 60 a minute for each address on links; counted in each process. */
export async function useLimits(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: deps.limits?.eventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS,
    retryAfter: 10,
  });
  await app.register(rateLimit, {
    global: true,
    // After the token has been checked: the count is that of an account, not of a claim.
    hook: 'preParsing',
    timeWindow: 60_000,
    max: (request) =>
      request.routeOptions.config.permission === 'link'
        ? (deps.limits?.perLinkAddress ?? PER_LINK_ADDRESS)
        : (deps.limits?.perSub ?? PER_SUB),
    keyGenerator: (request) =>
      request.routeOptions.config.permission === 'link' ? `link ${request.ip}` : (request.account?.sub ?? request.ip),
    errorResponseBuilder: (_request, context) =>
      new Problem(429, 'rate-limit', 'Trop de demandes en une minute : attendez puis recommencez.', {
        retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / 1000)),
      }),
  });
}

/**
 * 6 files a minute by each link, besides: to read one takes seconds of the one thread that reads them, and a link may leak. To be
 * asked once it is known that a file by this link is taken at all. Its promise rejects with a Problem 429.
 */
export function linkFileLimit(app: FastifyInstance, { limits }: ApiDeps): (request: FastifyRequest) => Promise<void> {
  const count = app.createRateLimit({
    max: limits?.filesPerLink ?? FILES_PER_LINK,
    timeWindow: 60_000,
    keyGenerator: ({ params }) => `file ${hashToken((params as { token: string }).token)}`,
  });
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    throw new Problem(429, 'rate-limit', 'Trop de fichiers en une minute par ce lien : rien n’est lu ni enregistré.', {
      retryAfterSeconds: Math.max(1, counted.ttlInSeconds),
    });
  };
}
