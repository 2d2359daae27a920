import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** No script, no frame, nothing from elsewhere; pages add the hash of their own style (`sendPage`). */
export async function useSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'self'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // The desk may run without TLS on one machine; where there is TLS, its proxy says so.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
}
