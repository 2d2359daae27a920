import { finessOf } from '../../domain/identifiers.ts';
import { type SiteFields, siteId } from '../../domain/site.ts';
import { sql } from 'kysely';
import type { Transaction } from '../database.ts';
import { type WrittenSite, writeSites } from '../stores/desk/site-writing.ts';
import type { DemoContact } from './demo-contacts.ts';
import { ORGANISATIONS, type SeedOrganisation } from './organisations.ts';

const PLACES = [
  'Valombre',
  'Clairmont-les-Essais',
  'Roche-Fictive',
  'Bellefeuille',
  'Grand-Pré-du-Songe',
  'Fontaine-Inventée',
] as const;

type Kind = Pick<SiteFields, 'category' | 'status'> & { readonly prefix: string };
const HOSPITAL: Kind = { prefix: 'CH', category: 'Centre Hospitalier (C.H.)', status: 'public' };
const UNIVERSITY: Kind = { prefix: 'CHR', category: 'Centre Hospitalier Régional (C.H.R.)', status: 'public' };
const CLINIC: Kind = { prefix: 'Clinique', category: 'Etablissement de Soins Pluridisciplinaire', status: null };
const PSYCHIATRY: Kind = {
  prefix: 'CHS',
  category: 'Centre Hospitalier Spécialisé lutte Maladies Mentales',
  status: 'private',
};

/**
 * Two establishments for each agency, the second in the last of its departments, and for Île-de-France the legal entity of
 * the first. None is real: no FINESS has a 9 after its department (`979` overseas), no commune bears these names.
 */
export const DEMO_SITES: readonly WrittenSite[] = ORGANISATIONS.filter(({ kind }) => kind === 'ars').flatMap(
  (agency, index) => {
    const [first = '', last = first] = [agency.departments[0], agency.departments.at(-1)];
    const sites = [
      site(agency, first, 1, index % 3 === 0 ? UNIVERSITY : HOSPITAL),
      site(agency, last, 2, index % 2 === 0 ? CLINIC : PSYCHIATRY),
    ];
    const entity = { ...site(agency, first, 3, UNIVERSITY), entityKind: 'EJ' as const };
    return agency.id === 'ARS-11' ? [...sites, entity] : sites;
  },
);

function site({ id, zone }: SeedOrganisation, department: string, n: number, kind: Kind): WrittenSite {
  const code = department.slice(1);
  const overseas = code.length === 3;
  const place = PLACES[(Number(code.replace(/\D/, '0')) + n) % PLACES.length] ?? PLACES[0];
  return {
    finess: finessOf(overseas ? `979${code.slice(2)}000${n}` : `${code}90000${n}`),
    entityKind: 'ET',
    name: `${kind.prefix} de ${place} (établissement fictif)`,
    category: kind.category,
    status: kind.status,
    department,
    ars: id,
    zone: zone ?? '',
    postcode: overseas ? `${code}99` : `${code.replace(/[AB]/, '0')}999`,
    city: place,
    latitude: null,
    longitude: null,
    phone: null,
  };
}

/** The alert box of each demo establishment; numbers are those that ARCEP reserves for fiction (06 39 98 …). */
export const DEMO_SITE_CONTACTS: readonly DemoContact[] = DEMO_SITES.flatMap(({ finess, name }, index) => {
  const alert = { organisation: siteId(finess), kind: 'alertBox' as const, name: `Point d’entrée alerte – ${name}` };
  const number = `+336399810${String(index).padStart(2, '0')}`;
  return [
    { ...alert, channel: 'mail' as const, address: `alerte@site-${finess.toLowerCase()}.example` },
    { ...alert, channel: 'sms' as const, address: number },
  ];
});

/** Gives the embedded desk its establishments, once: what an import has changed or closed stays so. */
export async function seedDemoSites(trx: Transaction): Promise<void> {
  const { rows } = await sql<{ finess: string }>`select finess from site`.execute(trx);
  const known = new Set(rows.map(({ finess }) => finess));
  const missing = DEMO_SITES.filter(({ finess }) => !known.has(finess));
  await writeSites(trx, missing, { at: new Date(), by: 'vigie' });
}
