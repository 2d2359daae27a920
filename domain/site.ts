import type { OrganisationId } from './instruction.ts';
import type { Organisation } from './organisation.ts';
import { type Claims, covers, hasRole, isDesk, type Scope } from './scope.ts';

/** `EJ` is a legal entity (entité juridique), `ET` a geographic site (établissement): both have a FINESS. */
export const ENTITY_KINDS = ['EJ', 'ET'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

export const SITE_STATUSES = ['public', 'private'] as const;
export type SiteStatus = (typeof SITE_STATUSES)[number];

/** What is known of an establishment, besides its contacts. */
export interface SiteFields {
  readonly entityKind: EntityKind;
  readonly name: string;
  readonly category: string;
  /** Null: the source does not say. */
  readonly status: SiteStatus | null;
  /** `D84`, never the bare code. */
  readonly department: string;
  /** `ARS-84`, by the department. */
  readonly ars: OrganisationId;
  /** `ZONE-SUD_EST`, by the department. */
  readonly zone: string;
  readonly postcode: string;
  readonly city: string;
  /** Degrees, WGS 84. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** E.164. */
  readonly phone: string | null;
}

/** In the order in which differences are told. */
export const SITE_FIELDS = [
  'entityKind',
  'name',
  'category',
  'status',
  'department',
  'ars',
  'zone',
  'postcode',
  'city',
  'latitude',
  'longitude',
  'phone',
] as const satisfies readonly (keyof SiteFields)[];

/** One line of a file. A kind that it does not say is the one that is known already, else `ET`. */
export interface SiteEntry extends Omit<SiteFields, 'entityKind'> {
  readonly finess: string;
  readonly entityKind: EntityKind | null;
}

/** `SITE-010000024`: a site is an organisation. */
export const siteId = (finess: string): OrganisationId => `SITE-${finess}`;
export const isSiteId = (id: OrganisationId): boolean => id.startsWith('SITE-');

export type Agency = Pick<Organisation, 'id' | 'name' | 'departments' | 'zone'>;

/** The agency of each department (`D84`). */
export const agenciesByDepartment = (agencies: readonly Agency[]): ReadonlyMap<string, Agency> =>
  new Map(agencies.flatMap((agency) => agency.departments.map((department) => [department, agency] as const)));

/** Why a department belongs to none of the agencies, in French; null when it is simply none. */
export const withoutAgency = (department: string): string | null =>
  Object.hasOwn(WITHOUT_AGENCY, department) ? (WITHOUT_AGENCY[department] ?? null) : null;

const WITHOUT_AGENCY: Readonly<Record<string, string>> = {
  D975: 'Saint-Pierre-et-Miquelon n’a pas d’ARS',
  D977: 'Saint-Barthélemy relève de l’ARS Guadeloupe : écrire 971, comme FINESS',
  D978: 'Saint-Martin relève de l’ARS Guadeloupe : écrire 971, comme FINESS',
  D986: 'Wallis-et-Futuna n’a pas d’ARS',
  D987: 'la Polynésie française n’a pas d’ARS',
  D988: 'la Nouvelle-Calédonie n’a pas d’ARS',
};

/** Which establishments somebody may read: all, those of these agencies, or one alone. */
export type SiteScope = 'all' | { readonly agencies: readonly OrganisationId[] } | { readonly site: OrganisationId };

/**
 * The nation reads all (the desk, the supervisor, the administrator, the manager of the national stock), an agency its
 * region, the agency of a zone its zone (`scope`), an establishment itself.
 */
export function siteScope(claims: Claims, scope: Scope): SiteScope {
  if (scope === 'all' || hasRole(claims, 'admin', 'stock')) return 'all';
  if (hasRole(claims, 'site') && isSiteId(claims.org)) return { site: claims.org };
  return { agencies: scope };
}

export function coversSite(scope: SiteScope, site: { readonly id: OrganisationId; readonly ars: OrganisationId }) {
  if (scope === 'all') return true;
  return 'site' in scope ? scope.site === site.id : covers(scope.agencies, site.ars);
}

/** Who may change the contacts of an establishment: its own agency (never that of the zone), the desk, the administrator. */
export const mayActForSite = (claims: Claims, ars: OrganisationId): boolean =>
  (hasRole(claims, 'ars') && claims.org === ars) || isDesk(claims) || hasRole(claims, 'admin');
