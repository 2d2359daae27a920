import type { FastifyRequest } from 'fastify';

/** The token of a link opens a reply form or a calendar: it never reaches a log, an error text or a metric. */
export const shownUrl = (url: string): string => url.replace(/^\/(r|c)\/[^/?#]*/, '/$1/[masqué]').replace(/\?.*$/s, '');

/** Serialisers of pino for requests: no header, no query, no token. The address is the client's behind `VIGIE_TRUST_PROXY`. */
export const requestSerializers = {
  req: (request: FastifyRequest) => ({
    method: request.method,
    url: shownUrl(request.url),
    sub: request.account?.sub,
    address: request.ip,
  }),
};
