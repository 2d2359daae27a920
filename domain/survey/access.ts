import { CORRUSS } from '../organisation.ts';
import { hasRole, isDesk, type Claims } from '../scope.ts';

/** Whose forms somebody sees: all, or the national ones that are published and those of one agency. */
export type FormSight = 'all' | { readonly own: string };

/** The nation, its supervisor and the administrator see every form; an ARS its own, and what the nation has published. */
export function formSight(claims: Claims): FormSight {
  if (isDesk(claims) || hasRole(claims, 'supervisor', 'admin')) return 'all';
  return { own: hasRole(claims, 'ars') ? claims.org : '' };
}

/** For whom somebody composes forms: the nation, or his own agency; null: for nobody. */
export function composesFor(claims: Claims): string | null {
  if (hasRole(claims, 'admin')) return CORRUSS;
  if (claims.org === CORRUSS) return hasRole(claims, 'author') ? CORRUSS : null;
  return hasRole(claims, 'ars') ? claims.org : null;
}
