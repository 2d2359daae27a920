import type { SiteContact } from '../../db/read-models/sites.ts';
import { csvOf } from './csv-cells.ts';

const HEADING = [
  ...['finess', 'nom', 'catégorie', 'département', 'commune', 'ARS', 'zone'],
  ...['contact', 'courriel', 'téléphone', 'SMS', 'standard'],
];

/** Establishments and their alert entry points as a spreadsheet opens them; an empty cell is what nobody knows. */
export const siteContactsCsv = (sites: readonly SiteContact[]): string =>
  csvOf([
    HEADING,
    ...sites.map((site) => [
      ...[site.finess, site.name, site.category, site.department.slice(1), site.city, site.ars, site.zone],
      ...[site.contactName, site.mail, site.call, site.sms, site.phone],
    ]),
  ]);
