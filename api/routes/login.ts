import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { closeSession, openSession } from '../../db/stores/desk/sessions.ts';
import { createLogin, type LoginAttempt } from '../access/login.ts';
import { SESSION_COOKIE, SESSION_MS } from '../access/session.ts';
import { html } from '../pages/html.ts';
import { sendPage } from '../pages/send.ts';
import { Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';

const ATTEMPT_COOKIE = 'vigie_login';
const ATTEMPT_SECONDS = 600;
const Query = Type.Object({ next: Type.Optional(Type.String({ maxLength: 500 })) }, { additionalProperties: true });

const config = { permission: 'public' as const, page: true };
const schema = { hide: true };

const cookieOf = (publicUrl: string) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: publicUrl.startsWith('https:'),
});

const codeRoutes: RouteSet = (app, deps) => {
  const login = createLogin(deps.settings);
  const cookie = cookieOf(deps.settings.publicUrl);

  app.get('/login', {
    config,
    schema: { ...schema, querystring: Query },
    handler: async (request, reply) => {
      const { url, attempt } = await login.begin(localPath(request.query.next));
      const value = Buffer.from(JSON.stringify(attempt)).toString('base64url');
      return reply
        .setCookie(ATTEMPT_COOKIE, value, { ...cookie, path: '/callback', maxAge: ATTEMPT_SECONDS, signed: true })
        .header('cache-control', 'no-store')
        .redirect(url);
    },
  });

  app.get('/callback', {
    config,
    schema,
    handler: async (request, reply) => {
      const attempt = attemptOf(request);
      const token = await login.finish(request.url.split('?')[1] ?? '', attempt).catch((error: unknown) => {
        if (error instanceof Problem) throw error;
        request.log.warn({ err: error }, 'login refused');
        throw refused();
      });
      const account = await deps.tokens.verify(token);
      const session = { sub: account.sub, claims: account, now: deps.now(), lastsMs: SESSION_MS };
      const secret = await openSession(deps.database.sql, session);
      return reply
        .clearCookie(ATTEMPT_COOKIE, { ...cookie, path: '/callback' })
        .setCookie(SESSION_COOKIE, secret, { ...cookie, maxAge: SESSION_MS / 1000 })
        .header('cache-control', 'no-store')
        .redirect(attempt.next);
    },
  });
};

const logoutRoutes: RouteSet = (app, deps) => {
  const cookie = cookieOf(deps.settings.publicUrl);

  app.get('/logout', {
    config,
    schema,
    handler: async (_request, reply) =>
      sendPage(reply, 200, {
        title: 'Se déconnecter',
        body: html`<h1>Se déconnecter ?</h1>
          <form method="post" action="/logout"><button>Se déconnecter</button></form>`,
      }),
  });

  app.post('/logout', {
    config,
    schema,
    handler: async (request, reply): Promise<FastifyReply> => {
      const session = request.cookies[SESSION_COOKIE];
      if (session !== undefined) await closeSession(deps.database.sql, session);
      return reply.clearCookie(SESSION_COOKIE, cookie).header('cache-control', 'no-store').redirect('/', 303);
    },
  });
};

/** Only a page of our own: `//elsewhere` and `/\elsewhere` are other sites. */
const localPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.includes('\\') ? next : '/';

function attemptOf(request: FastifyRequest): LoginAttempt {
  const { valid, value } = request.unsignCookie(request.cookies[ATTEMPT_COOKIE] ?? '');
  if (!valid) throw refused();
  return JSON.parse(Buffer.from(value, 'base64url').toString('utf8')) as LoginAttempt;
}

const refused = (): Problem =>
  new Problem(400, 'login', 'La connexion n’a pas abouti ou a trop attendu : recommencez depuis la page d’accueil.');

/** Console login: code + PKCE at the issuer, then a session that lives in the database and a cookie that scripts cannot read. */
export const loginRoutes: readonly RouteSet[] = [codeRoutes, logoutRoutes];
