/** A demo account of the embedded issuer; the claims are those of an access token. */
export interface Account {
  readonly sub: string;
  readonly name: string;
  /** `CORRUSS`, `ARS-84`, `SITE-<finess>`… */
  readonly org: string;
  readonly roles: readonly string[];
}

/** Of every demo account; a client's secret as well. Production has its own issuer and none of these. */
export const DEMO_PASSWORD = 'demo';

const ARS_NAMES: Readonly<Record<string, string>> = {
  '01': 'Guadeloupe',
  '02': 'Martinique',
  '03': 'Guyane',
  '04': 'La Réunion',
  '06': 'Mayotte',
  '11': 'Île-de-France',
  '24': 'Centre-Val de Loire',
  '27': 'Bourgogne-Franche-Comté',
  '28': 'Normandie',
  '32': 'Hauts-de-France',
  '44': 'Grand Est',
  '52': 'Pays de la Loire',
  '53': 'Bretagne',
  '75': 'Nouvelle-Aquitaine',
  '76': 'Occitanie',
  '84': 'Auvergne-Rhône-Alpes',
  '93': 'Provence-Alpes-Côte d’Azur',
  '94': 'Corse',
};

const account = (sub: string, name: string, org: string, ...roles: string[]): Account => ({ sub, name, org, roles });

/** All but the sites, of which there are as many as FINESS numbers. */
export const ACCOUNTS: readonly Account[] = [
  account('corruss-redacteur', 'Rédacteur du CORRUSS', 'CORRUSS', 'author'),
  account('corruss-valideur', 'Valideur du CORRUSS', 'CORRUSS', 'releaser'),
  account('corruss-chef', 'Chef du CORRUSS', 'CORRUSS', 'author', 'releaser', 'head'),
  ...Object.entries(ARS_NAMES).map(([code, name]) => account(`ars-${code}`, `ARS ${name}`, `ARS-${code}`, 'ars')),
  account('stock-national', 'Gestionnaire du stock national', 'SPF', 'stock'),
  account('ecoutant-3114', 'Écoutant du 3114', '3114', 'helpline'),
  account('superviseur', 'Superviseur', 'CORRUSS', 'supervisor'),
  account('admin', 'Administrateur', 'CORRUSS', 'admin'),
];

/**
 * The account of that name; every `site-<FINESS>` is one (9 characters: a department, `2A` or `2B` for Corsica, then digits).
 */
export function accountOf(sub: string): Account | undefined {
  const site = /^site-(\d[0-9AB]\d{7})$/.exec(sub)?.[1];
  if (site !== undefined) return account(sub, `Établissement ${site}`, `SITE-${site}`, 'site');
  return ACCOUNTS.find((one) => one.sub === sub);
}
