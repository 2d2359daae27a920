import { isMailAddress, isPhoneNumber, oneLine } from '../../channels/address.ts';
import type { AgencyOfSite } from '../../db/read-models/sites.ts';
import type { SiteContactEntry } from '../../db/stores/desk/site-contacts.ts';
import type { CsvLine, LineError } from '../csv/read-csv.ts';
import { readCsv } from '../csv/read-csv.ts';
import { ADDRESS_RULE, PHONE_RULE } from '../partners/read-csv.ts';

/** Those of the export: what it tells beside the contacts is not read. */
const COLUMNS = [
  ...(['finess', 'nom', 'categorie', 'departement', 'commune', 'ars', 'zone'] as const),
  ...(['contact', 'courriel', 'telephone', 'sms', 'standard'] as const),
] as const;
type Fields = CsvLine<(typeof COLUMNS)[number]>['fields'];

export interface ReadContacts {
  readonly entries: readonly SiteContactEntry[];
  readonly lines: number;
  readonly errors: readonly LineError[];
}

interface Register {
  /** Open establishments by their FINESS. */
  readonly sites: ReadonlyMap<string, AgencyOfSite>;
  readonly mayChange: (site: AgencyOfSite) => boolean;
}

/** Alert entry points of establishments; every wrong line is told. An empty cell leaves what is known. */
export function readSiteContactsCsv(content: Buffer, register: Register): ReadContacts {
  const empty = 'Le fichier ne contient aucun établissement.';
  const read = readCsv(content, { columns: COLUMNS, needed: ['finess', 'courriel'], empty });
  const errors: LineError[] = [...read.errors];
  const entries: SiteContactEntry[] = [];
  const lines = new Map<string, number>();
  for (const { line, fields } of read.rows) {
    const finess = fields.finess.toUpperCase();
    const site = register.sites.get(finess);
    const found = [
      ...siteErrors(finess, site, register, lines.get(finess)),
      ...addressErrors(fields, site !== undefined),
    ].map((error) => ({ line, ...error }));
    if (!lines.has(finess)) lines.set(finess, line);
    errors.push(...found);
    if (found.length === 0 && site !== undefined) entries.push(...entriesOf(site.id, fields));
  }
  return { entries, lines: read.rows.length, errors };
}

type Wrong = Omit<LineError, 'line'>;

function siteErrors(finess: string, site: AgencyOfSite | undefined, register: Register, before?: number): Wrong[] {
  const column = 'finess';
  if (site === undefined) {
    return [
      { column, code: 'unknown', message: `Aucun établissement ouvert n’a le FINESS « ${finess.slice(0, 20)} ».` },
    ];
  }
  if (!register.mayChange(site)) {
    return [{ column, code: 'notYours', message: 'Cet établissement n’est pas de votre région.' }];
  }
  if (before === undefined) return [];
  return [{ column, code: 'duplicate', message: `Cet établissement est déjà à la ligne ${before}.` }];
}

function addressErrors(fields: Fields, known: boolean): Wrong[] {
  const [mail, call, sms] = [fields.courriel, number(fields.telephone), number(fields.sms)];
  const wrong: Wrong[] = [];
  if (mail !== '' && !isMailAddress(mail)) wrong.push({ column: 'courriel', code: 'format', message: ADDRESS_RULE });
  if (call !== '' && !isPhoneNumber(call)) wrong.push({ column: 'telephone', code: 'format', message: PHONE_RULE });
  if (sms !== '' && !isPhoneNumber(sms)) wrong.push({ column: 'sms', code: 'format', message: PHONE_RULE });
  if (known && mail + call + sms === '') {
    wrong.push({ column: 'courriel', code: 'required', message: 'Aucun contact sur cette ligne.' });
  }
  return wrong;
}

/** The export guards a leading `+` by an apostrophe; people write numbers in groups. */
const number = (text: string): string => text.replace(/^'/, '').replaceAll(/[\s.\u00a0\u202f]/g, '');

function entriesOf(site: string, fields: Fields): SiteContactEntry[] {
  const name = oneLine(fields.contact.replace(/^'/, ''));
  const all: SiteContactEntry[] = [
    { site, channel: 'mail', address: fields.courriel, name },
    { site, channel: 'call', address: number(fields.telephone), name },
    { site, channel: 'sms', address: number(fields.sms), name },
  ];
  return all.filter(({ address }) => address !== '');
}
