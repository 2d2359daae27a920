import type { OrganisationId } from './instruction.ts';
import { CORRUSS, type Territory } from './organisation.ts';
import { DESK_ROLES, type Role } from './role.ts';

/** What an access token says of its bearer. */
export interface Claims {
  readonly sub: string;
  readonly name?: string;
  readonly org: OrganisationId;
  readonly roles: readonly string[];
}

/** Whose follow-ups somebody may read: of all, or of the organisations listed (none: an empty list). */
export type Scope = 'all' | readonly OrganisationId[];

export const hasRole = (claims: Claims, ...roles: readonly Role[]): boolean =>
  roles.some((role) => claims.roles.includes(role));

/** True for the national desk: author, releaser or head, of CORRUSS itself. */
export const isDesk = (claims: Claims): boolean => claims.org === CORRUSS && hasRole(claims, ...DESK_ROLES);

/**
 * Role × territory: the desk and the supervisor read the nation; an ARS reads itself; a zone lead reads its zone (and acts
 * only for itself); the administrator reads no content of messages.
 */
export function scopeOf(claims: Claims, organisations: readonly Territory[]): Scope {
  if (isDesk(claims) || hasRole(claims, 'supervisor')) return 'all';
  if (!hasRole(claims, 'ars')) return [];
  const own = organisations.find((one) => one.id === claims.org);
  if (own?.kind !== 'ars') return [];
  if (!own.zoneLead || own.zone === null) return [own.id];
  return organisations.filter((one) => one.kind === 'ars' && one.zone === own.zone).map((one) => one.id);
}

export const covers = (scope: Scope, organisation: OrganisationId): boolean =>
  scope === 'all' || scope.includes(organisation);

/** True when at least one recipient is in the scope: its reader may read the instruction (its own part of it). */
export const canRead = (scope: Scope, recipients: readonly OrganisationId[]): boolean =>
  scope === 'all' || recipients.some((one) => scope.includes(one));

/** How somebody may answer for a recipient: as itself, on its behalf (the desk, recorded as such), or not. */
export function mayReplyFor(claims: Claims, organisation: OrganisationId): 'itself' | 'onBehalf' | 'no' {
  if (hasRole(claims, 'ars') && claims.org === organisation) return 'itself';
  return isDesk(claims) ? 'onBehalf' : 'no';
}
