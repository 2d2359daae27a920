/**
 * Kinds of partners that an ARS passes a «pour diffusion» message to: those that the founding texts name
 * (établissements, EMS, SAMU, pharmaciens, professions of DGS-Urgent) and their usual regional neighbours. A closed list, so
 * that a message can name a category and every agency understands the same by it.
 */
export const PARTNER_CATEGORIES = [
  'healthFacilities',
  'medicoSocial',
  'samu',
  'pharmacists',
  'physicians',
  'dentists',
  'nurses',
  'midwives',
  'physiotherapists',
  'laboratories',
  'medicalTransport',
  'localAuthorities',
] as const;
export type PartnerCategory = (typeof PARTNER_CATEGORIES)[number];

export const PARTNER_WORDS: Readonly<Record<PartnerCategory, string>> = {
  healthFacilities: 'établissements de santé',
  medicoSocial: 'établissements médico-sociaux (EMS)',
  samu: 'SAMU – centres 15',
  pharmacists: 'pharmaciens',
  physicians: 'médecins',
  dentists: 'chirurgiens-dentistes',
  nurses: 'infirmiers',
  midwives: 'sages-femmes',
  physiotherapists: 'masseurs-kinésithérapeutes',
  laboratories: 'laboratoires de biologie médicale',
  medicalTransport: 'transporteurs sanitaires',
  localAuthorities: 'préfectures et collectivités',
};

export const isPartnerCategory = (value: unknown): value is PartnerCategory =>
  PARTNER_CATEGORIES.some((one) => one === value);

/** `établissements de santé, pharmaciens`; what is no category any more is shown as it was written. */
export const partnerWords = (categories: readonly string[]): string =>
  categories.map((one) => (isPartnerCategory(one) ? PARTNER_WORDS[one] : one)).join(', ');

/** Where one partner of a relay stands. `waiting`: its mail has not left yet. */
export const PARTNER_STATES = ['waiting', 'reached', 'acknowledged', 'notReached'] as const;
export type PartnerState = (typeof PARTNER_STATES)[number];

/** One partner as its ARS knows it. */
export interface PartnerEntry {
  readonly category: PartnerCategory;
  readonly name: string;
  /** One bare mail address. */
  readonly address: string;
  readonly finess: string | null;
  /** `D69`. */
  readonly department: string | null;
  /** E.164. */
  readonly phone: string | null;
}
