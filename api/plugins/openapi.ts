import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { ProblemSchema } from '../schemas/common.ts';

/** The issuer's public client for the page of the documentation; PKCE protects it. */
export const DOCS_CLIENT = 'vigie-docs';

const LOGO = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><text y="28" fill="#fff" font-family="sans-serif" font-size="26" font-weight="700">Vigie</text></svg>',
);

/** OpenAPI 3.1 from the routes' own schemas, at `/openapi.json`; the page at `/docs` logs in with a demo account. */
export async function useOpenApi(app: FastifyInstance, { settings }: ApiDeps): Promise<void> {
  const { issuer } = settings.oidc;
  app.addSchema(ProblemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vigie',
        version: '1',
        description:
          'Instructions MINSANTE/CORRUSS, from draft to closure. Lists: `?limit=&cursor=`. Errors: RFC 9457, in French. ' +
          '404 is the answer for what is not there and for what is outside your territory alike.',
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: schemesOf(issuer) },
      security: [{ oidc: [] }, { bearer: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => nameOf(json) ?? `def-${index}` },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: (header) => withIssuer(header, issuer),
    // Beyond a hundred operations the page draws only those in sight: parts closed, and a field to find one.
    uiConfig: { persistAuthorization: false, docExpansion: 'none', filter: true },
    theme: { title: 'Vigie – API' },
    logo: { type: 'image/svg+xml', content: LOGO },
    initOAuth: { clientId: DOCS_CLIENT, scopes: ['openid', 'profile'], usePkceWithAuthorizationCodeGrant: true },
  });
  // The issuer's page hands its answer back to the page that opened it: neither may be cut off from the other.
  app.addHook('onSend', async (request, reply) => {
    if (/^\/docs(\/|$|\?)/.test(request.url)) void reply.header('cross-origin-opener-policy', 'unsafe-none');
  });
  app.get('/openapi.json', {
    config: { permission: 'public' },
    schema: { hide: true },
    handler: () => app.swagger(),
  });
}

const nameOf = (json: unknown): string | null =>
  typeof json === 'object' && json !== null && '$id' in json && typeof json.$id === 'string' ? json.$id : null;

/** The page exchanges its code at the issuer itself. */
const withIssuer = (header: string, issuer: string): string =>
  `${header}; connect-src 'self' ${new URL(issuer).origin}`;

const schemesOf = (issuer: string) => ({
  oidc: {
    type: 'oauth2' as const,
    flows: {
      authorizationCode: {
        authorizationUrl: `${issuer}/auth`,
        tokenUrl: `${issuer}/token`,
        scopes: { openid: 'identity', profile: 'name, organisation, roles' },
      },
    },
  },
  bearer: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT' },
});
