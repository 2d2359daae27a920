import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/events.ts';
import { type Role, ROLES } from '../../domain/role.ts';
import type { Claims } from '../../domain/scope.ts';
import { Problem } from '../problem.ts';

/** Who asks, as his token says it. */
export interface Account extends Claims {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Only where the issuer gives it. */
  readonly email: string | null;
}

/** The account of a request that has passed the access hooks. @throws Problem 401 without one */
export function accountOf(request: FastifyRequest): Account {
  if (request.account === null) throw new Problem(401, 'no-token', 'Un jeton d’accès valide est nécessaire.');
  return request.account;
}

export const actorOf = (account: Account): Actor => ({ sub: account.sub, organisation: account.org });

const LONGEST = 200;
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST && !value.includes('\0');

/** Reads the claims of a verified token; unknown roles are dropped. Null when a needed claim is missing. */
export function accountFromClaims(claims: Readonly<Record<string, unknown>>): Account | null {
  const { sub, name, org, roles, email } = claims;
  if (!isName(sub) || !isName(org) || !Array.isArray(roles)) return null;
  return {
    sub,
    name: isName(name) ? name : sub,
    org,
    roles: ROLES.filter((role) => roles.includes(role)),
    email: isName(email) ? email : null,
  };
}
