/** An organisation as it is delivered: only its name, territory and time zone; its contacts belong to the desk. */
export interface SeedOrganisation {
  readonly id: string;
  readonly kind: 'ars' | 'national';
  readonly name: string;
  readonly regionCode: string | null;
  /** `D971`, `D2A`: region codes and department codes collide, so never bare. */
  readonly departments: readonly string[];
  /** Defence zone. */
  readonly zone: string | null;
  /** Whether it is the ARS de zone. */
  readonly zoneLead: boolean;
  /** IANA name. */
  readonly timeZone: string;
}

const PARIS = 'Europe/Paris';

const national = (id: string, name: string): SeedOrganisation => ({
  id,
  kind: 'national',
  name,
  regionCode: null,
  departments: [],
  zone: null,
  zoneLead: false,
  timeZone: PARIS,
});

interface Territory {
  readonly departments: string;
  readonly zone: string;
  readonly zoneLead?: true;
  readonly timeZone?: string;
}

const ars = (regionCode: string, name: string, territory: Territory): SeedOrganisation => ({
  id: `ARS-${regionCode}`,
  kind: 'ars',
  name: `ARS ${name}`,
  regionCode,
  departments: territory.departments.split(' ').map((code) => `D${code}`),
  zone: `ZONE-${territory.zone}`,
  zoneLead: territory.zoneLead ?? false,
  timeZone: territory.timeZone ?? PARIS,
});

/** The 18 ARS and the national desks. */
export const ORGANISATIONS: readonly SeedOrganisation[] = [
  ars('01', 'Guadeloupe', { departments: '971', zone: 'ANTILLES', timeZone: 'America/Guadeloupe' }),
  ars('02', 'Martinique', { departments: '972', zone: 'ANTILLES', zoneLead: true, timeZone: 'America/Martinique' }),
  ars('03', 'Guyane', { departments: '973', zone: 'GUYANE', zoneLead: true, timeZone: 'America/Cayenne' }),
  ars('04', 'La Réunion', { departments: '974', zone: 'SUD_OCEAN_INDIEN', zoneLead: true, timeZone: 'Indian/Reunion' }),
  ars('06', 'Mayotte', { departments: '976', zone: 'SUD_OCEAN_INDIEN', timeZone: 'Indian/Mayotte' }),
  ars('11', 'Île-de-France', { departments: '75 77 78 91 92 93 94 95', zone: 'PARIS', zoneLead: true }),
  ars('24', 'Centre-Val de Loire', { departments: '18 28 36 37 41 45', zone: 'OUEST' }),
  ars('27', 'Bourgogne-Franche-Comté', { departments: '21 25 39 58 70 71 89 90', zone: 'EST' }),
  ars('28', 'Normandie', { departments: '14 27 50 61 76', zone: 'OUEST' }),
  ars('32', 'Hauts-de-France', { departments: '02 59 60 62 80', zone: 'NORD', zoneLead: true }),
  ars('44', 'Grand Est', { departments: '08 10 51 52 54 55 57 67 68 88', zone: 'EST', zoneLead: true }),
  ars('52', 'Pays de la Loire', { departments: '44 49 53 72 85', zone: 'OUEST' }),
  ars('53', 'Bretagne', { departments: '22 29 35 56', zone: 'OUEST', zoneLead: true }),
  ars('75', 'Nouvelle-Aquitaine', {
    departments: '16 17 19 23 24 33 40 47 64 79 86 87',
    zone: 'SUD_OUEST',
    zoneLead: true,
  }),
  ars('76', 'Occitanie', { departments: '09 11 12 30 31 32 34 46 48 65 66 81 82', zone: 'SUD' }),
  ars('84', 'Auvergne-Rhône-Alpes', {
    departments: '01 03 07 15 26 38 42 43 63 69 73 74',
    zone: 'SUD_EST',
    zoneLead: true,
  }),
  ars('93', "Provence-Alpes-Côte d'Azur", { departments: '04 05 06 13 83 84', zone: 'SUD', zoneLead: true }),
  ars('94', 'Corse', { departments: '2A 2B', zone: 'SUD' }),
  national(
    'CORRUSS',
    'CORRUSS – Centre opérationnel de réception et de régulation des urgences sanitaires et sociales',
  ),
  national('SPF', 'Santé publique France'),
  national('CCS', 'Centre de crises sanitaires'),
];
