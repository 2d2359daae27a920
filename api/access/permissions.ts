import { CORRUSS } from '../../domain/organisation.ts';
import { DESK_ROLES, type Role } from '../../domain/role.ts';
import type { Account } from './account.ts';

/**
 * Who may ask for a route at all, by role. Every route names one of these beside its handler; what part of the
 * territory it then sees is the other word (`Territory`).
 */
export const PERMISSIONS = {
  /** Nobody needs to log in. */
  public: 'everyone',
  /** Whoever holds the link that a mail brought. */
  link: 'everyone',
  /** Any valid token. */
  account: 'anyAccount',
  author: ['author'],
  releaser: ['releaser'],
  head: ['head'],
  desk: DESK_ROLES,
  readTasks: [...DESK_ROLES, 'supervisor'],
  readInstructions: [...DESK_ROLES, 'supervisor', 'ars'],
  answer: [...DESK_ROLES, 'ars'],
  upload: [...DESK_ROLES, 'ars'],
  readOrganisations: [...DESK_ROLES, 'supervisor', 'ars', 'admin'],
  writeContacts: [...DESK_ROLES, 'ars', 'admin'],
  /** Relaying in its own name: the agency itself, never the desk. */
  relay: ['ars'],
  /** An agency's own partners: the agency itself, and the administrator of contacts. */
  writePartners: ['ars', 'admin'],
  /** Questionnaires: which of them, `domain/survey/access.ts` says. */
  readForms: [...DESK_ROLES, 'supervisor', 'ars', 'admin', 'site'],
  /** The nation's by its authors and the administrator, an agency's by itself. */
  composeForms: ['author', 'admin', 'ars'],
  /** Writing a survey: the national author, or an agency on its own account. */
  writeSurveys: ['author', 'ars'],
  runSurveys: [...DESK_ROLES, 'ars'],
  readSurveys: [...DESK_ROLES, 'supervisor', 'ars', 'site'],
  /** Figures of many: an establishment reads its own answer alone. */
  readPublications: [...DESK_ROLES, 'supervisor', 'ars'],
  readSurveySeries: [...DESK_ROLES, 'supervisor', 'ars'],
  /** Each for itself, an agency for its establishments, the desk for all. */
  answerSurveys: [...DESK_ROLES, 'ars', 'site'],
  /** The register of establishments: the nation, agencies, and each establishment itself. */
  readSites: [...DESK_ROLES, 'supervisor', 'ars', 'admin', 'stock', 'site'],
  importSites: [...DESK_ROLES, 'admin', 'stock'],
  /** An early signal goes up from the agency itself. */
  signal: ['ars'],
  readSignals: [...DESK_ROLES, 'supervisor', 'ars'],
  supervisor: ['supervisor'],
} as const satisfies Record<string, 'everyone' | 'anyAccount' | readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/**
 * Which part of the territory a route touches, checked before its handler runs.
 * - `none`: nothing of one territory, or the handler's query narrows it to what the account may read
 * - `instruction`: `:id` must be an instruction that the account may read
 * - `recipient`: and `:org` one of its recipients within the account's scope
 * - `actForRecipient`: and the account must be that recipient itself, or the desk (an ARS de zone reads, and may not act)
 * - `organisation` / `actForOrganisation`: the same for `:id` of an organisation; an establishment is none here
 * - `site`: `:id` must be an establishment that the account may read (`siteScope`)
 * - `organisationOrSite` / `actForOrganisationOrSite`: either of the two; for an establishment its own agency may act
 * - `surveyForm` / `composeSurveyForm`: `:id` must be a form in the account's sight, and of those that it composes
 * - `survey`: `:id` must be a survey of its own, or one that asks something of its scope
 * - `actForSurvey`: and the account must be of the organisation that asks (the nation reads the surveys of an agency)
 * - `remindSurvey`: and the account must be of the organisation that asks, or the agency of establishments that it asks
 * - `surveySeries` / `actForSurveySeries`: the same for a series of surveys
 * - `surveyRespondent`: and `:org` one of its respondents that the account sees
 * - `surveyAnswer`: the same where `:org` may also be the id of a respondent on a list
 * - `reviewAnswer`: and the account must be of the organisation that judges it (`reviewerOf`)
 * - `unlockAnswer`: and the account must be of the organisation that asks
 * - `answerSurvey`: and the account must be that respondent itself, the agency of that establishment, or the desk
 * - `signal`: `:id` must be an early signal of the account's scope
 * - `actForSignal`: and the account its agency, or the desk
 * - `crisis`: `:id` must be a crisis of which the account may read a message (the desk: any)
 */
export const TERRITORIES = [
  'none',
  'instruction',
  'recipient',
  'actForRecipient',
  'organisation',
  'actForOrganisation',
  'survey',
  'actForSurvey',
  'remindSurvey',
  'surveySeries',
  'actForSurveySeries',
  'surveyRespondent',
  'surveyAnswer',
  'reviewAnswer',
  'unlockAnswer',
  'answerSurvey',
  'site',
  'organisationOrSite',
  'actForOrganisationOrSite',
  'crisis',
  'surveyForm',
  'composeSurveyForm',
  'signal',
  'actForSignal',
] as const;
export type Territory = (typeof TERRITORIES)[number];

/** True when the permission asks for no account at all. */
export const isOpen = (permission: Permission): boolean => PERMISSIONS[permission] === 'everyone';

/** Desk roles count only for accounts of the desk itself. */
export function grants(permission: Permission, account: Account): boolean {
  const allowed: 'everyone' | 'anyAccount' | readonly Role[] = PERMISSIONS[permission];
  if (typeof allowed === 'string') return true;
  return account.roles.some(
    (role) => allowed.includes(role) && (!DESK_ROLES.includes(role) || account.org === CORRUSS),
  );
}
