import { CORRUSS } from '../organisation.ts';
import { hasRole, isDesk, type Claims, type Scope } from '../scope.ts';
import { isSiteId } from '../site.ts';

/** Whose forms somebody sees: all; the national ones that are published and those of one agency; those by which a site is asked. */
export type FormSight = 'all' | { readonly own: string } | { readonly asked: string };

/**
 * The nation, its supervisor and the administrator see every form; an ARS its own, and what the nation has published; an
 * establishment the versions by which it is asked.
 */
export function formSight(claims: Claims): FormSight {
  if (isDesk(claims) || hasRole(claims, 'supervisor', 'admin')) return 'all';
  return hasRole(claims, 'ars') ? { own: claims.org } : { asked: siteOf(claims) };
}

/** Who reads surveys: its part of the nation, and its own organisation, whose own surveys it sees whole. */
export interface SurveyReader {
  readonly scope: Scope;
  /** Nobody's: the empty text. */
  readonly org: string;
}

export const surveyReader = (claims: Claims, scope: Scope): SurveyReader => ({
  scope,
  org: isSiteId(claims.org) ? siteOf(claims) : claims.org,
});

/** An establishment is one by its role and its organisation, both. */
const siteOf = (claims: Claims): string => (hasRole(claims, 'site') && isSiteId(claims.org) ? claims.org : '');

/** Who answers for a respondent: itself, the desk, and for an establishment its own agency (never that of the zone). */
export const mayAnswerFor = (claims: Claims, organisation: string, territory: string): boolean =>
  claims.org === organisation || isDesk(claims) || (hasRole(claims, 'ars') && claims.org === territory);

/** For whom somebody composes forms: the nation, or his own agency; null: for nobody. */
export function composesFor(claims: Claims): string | null {
  if (hasRole(claims, 'admin')) return CORRUSS;
  if (claims.org === CORRUSS) return hasRole(claims, 'author') ? CORRUSS : null;
  return hasRole(claims, 'ars') ? claims.org : null;
}
