import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

/** Roles of the claim `roles`. */
export const ROLES = [
  'author',
  'releaser',
  'head',
  'ars',
  'site',
  'stock',
  'helpline',
  'supervisor',
  'admin',
] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as his token says it. */
export interface Account {
  readonly sub: string;
  readonly name: string;
  readonly organisation: string;
  readonly roles: readonly Role[];
  /** Only where the issuer gives it. */
  readonly email: string | null;
}

export const DESK_ROLES: readonly Role[] = ['author', 'releaser', 'head'];
export const DESK_ORGANISATION = 'CORRUSS';

export const isDesk = (account: Account): boolean =>
  account.organisation === DESK_ORGANISATION && account.roles.some((role) => DESK_ROLES.includes(role));

/** The account of a request that has passed the permission hook. @throws Problem 401 without one */
export function accountOf(request: FastifyRequest): Account {
  if (request.account === null) throw new Problem(401, 'no-token', 'Un jeton d’accès valide est nécessaire.');
  return request.account;
}

/** Reads the claims of a verified token; unknown roles are dropped. Null when a needed claim is missing. */
export function accountFromClaims(claims: Readonly<Record<string, unknown>>): Account | null {
  const { sub, name, org, roles, email } = claims;
  if (typeof sub !== 'string' || sub === '' || typeof org !== 'string' || !Array.isArray(roles)) return null;
  return {
    sub,
    name: typeof name === 'string' && name !== '' ? name : sub,
    organisation: org,
    roles: ROLES.filter((role) => roles.includes(role)),
    email: typeof email === 'string' && email.includes('@') ? email : null,
  };
}
