import type { Account } from './access/account.ts';
import type { Permission, Territory } from './access/permissions.ts';
import type { AskedRespondent } from '../db/read-models/survey-asked.ts';
import type { Scope } from '../domain/scope.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask for this route; a route without one is refused when the application is built. */
    permission?: Permission;
    territory?: Territory;
    /** Takes `Idempotency-Key`: same key and body, same answer. */
    idempotent?: boolean;
    /** The body may be left out; the handler then sees `{}`. */
    bodyOptional?: boolean;
    /** Read by persons in a browser: a session cookie is an identity here, and errors are pages. */
    page?: boolean;
    /** A session cookie is accepted beside a bearer token. */
    cookie?: boolean;
  }
  interface FastifyRequest {
    account: Account | null;
    /** What the account may read; set by the permission hook for every route that needs an account. */
    scope: Scope;
    /** Whom the survey asks, where the route's territory is one of its respondents; set by the same hook. */
    asked: AskedRespondent | null;
  }
}
