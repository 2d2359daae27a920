import { oneLine } from '../../channels/address.ts';
import { departmentOf, isFiness } from '../../domain/identifiers.ts';
import { internationalNumber } from '../../domain/phone.ts';
import {
  agenciesByDepartment,
  type Agency,
  ENTITY_KINDS,
  SITE_STATUSES,
  type SiteEntry,
  type SiteStatus,
  withoutAgency,
} from '../../domain/site.ts';
import { isBlank } from '../../domain/text.ts';
import { type CsvLine, type LineError, plain, readCsv } from '../csv/read-csv.ts';

const COLUMNS = [
  'finess',
  'name',
  'category',
  'status',
  'departement',
  'region',
  'zone',
  'postcode',
  'city',
  'lat',
  'lon',
  'tel',
  'kind',
] as const;
type Column = (typeof COLUMNS)[number];
type Fields = Record<Column, string>;

/** A column that is left out would empty what is known: only those that are derived or kept may be. */
const DERIVED: readonly Column[] = ['region', 'zone', 'kind'];
const TABLE = {
  columns: COLUMNS,
  needed: COLUMNS.filter((column) => !DERIVED.includes(column)),
  empty: 'Le fichier ne contient aucun établissement.',
};

export interface ReadSites {
  readonly entries: readonly SiteEntry[];
  readonly lines: number;
  readonly errors: readonly LineError[];
  /** What was set right on the way. */
  readonly notes: readonly LineError[];
  /** The FINESS of every line that has a right one, wrong lines included: none of them is missing from the file. */
  readonly mentioned: readonly string[];
}

/** A register of establishments (`agencies`: the reference of territories); every wrong line is told. */
export function readSiteCsv(content: Buffer, agencies: readonly Agency[]): ReadSites {
  const read = readCsv(content, TABLE);
  const errors: LineError[] = [...read.errors];
  const notes: LineError[] = [];
  const entries: SiteEntry[] = [];
  const seen = new Map<string, number>();
  const territories = agenciesByDepartment(agencies);
  for (const row of read.rows) {
    const line = new Line(row, notes, errors);
    const finess = line.finess();
    const before = finess === null ? undefined : seen.get(finess);
    if (before !== undefined) line.refuse('finess', 'duplicate', `Même FINESS qu’à la ligne ${before}.`);
    else if (finess !== null) seen.set(finess, row.line);
    const entry = line.entry(finess, territories);
    if (entry !== null) entries.push(entry);
  }
  return { entries, lines: read.rows.length, errors, notes, mentioned: [...seen.keys()] };
}

/** One line being read: what is wrong with it goes to `errors`. */
class Line {
  private readonly row: CsvLine<Column>;
  private readonly fields: Fields;
  private readonly notes: LineError[];
  private readonly errors: LineError[];
  private right = true;

  constructor(row: CsvLine<Column>, notes: LineError[], errors: LineError[]) {
    this.row = row;
    this.fields = { ...row.fields };
    this.notes = notes;
    this.errors = errors;
  }

  refuse(column: Column, code: string, message: string): null {
    this.right = false;
    this.errors.push({ line: this.row.line, column, code, message });
    return null;
  }

  entry(finess: string | null, territories: ReadonlyMap<string, Agency>): SiteEntry | null {
    const territory = this.territory(territories);
    const fields = {
      entityKind: this.entityKind(),
      name: this.text('name', 120, 'Nom obligatoire.'),
      category: this.text('category', 120, 'Catégorie obligatoire.'),
      status: this.status(),
      postcode: this.postcode(),
      city: this.text('city', 80, 'Commune obligatoire.'),
      latitude: this.degrees('lat', 90),
      longitude: this.degrees('lon', 180),
      phone: this.phone(),
    };
    if ((this.fields.lat === '') !== (this.fields.lon === '')) {
      this.refuse(this.fields.lat === '' ? 'lat' : 'lon', 'required', 'Latitude et longitude vont ensemble.');
    }
    return this.right && finess !== null && territory !== null ? { finess, ...territory, ...fields } : null;
  }

  finess(): string | null {
    const text = this.fields.finess.toUpperCase();
    if (text === '') return this.refuse('finess', 'required', 'Numéro FINESS obligatoire.');
    if (/^\d{8}$/.test(text)) {
      return this.refuse('finess', 'format', '8 chiffres : le zéro initial a sans doute été perdu par un tableur.');
    }
    if (!/^\d[\dAB]\d{7}$/.test(text)) {
      return this.refuse('finess', 'format', 'Numéro FINESS attendu : 9 chiffres, ou 2A ou 2B puis 7 chiffres.');
    }
    return isFiness(text) ? text : this.refuse('finess', 'key', 'Numéro FINESS incorrect : sa clé (Luhn) est fausse.');
  }

  private territory(territories: ReadonlyMap<string, Agency>): Pick<SiteEntry, 'department' | 'ars' | 'zone'> | null {
    const department = departmentOf(this.fields.departement);
    if (department === null) {
      return this.refuse('departement', 'format', 'Département attendu : 01, 2A ou 971, zéro initial compris.');
    }
    const agency = territories.get(department);
    if (agency === undefined || agency.zone === null) {
      const why = withoutAgency(department) ?? 'aucune ARS n’a ce département';
      return this.refuse('departement', 'unknown', `Département ${this.fields.departement} refusé : ${why}.`);
    }
    this.agrees('region', agency.id, 'ARS-', agency.name);
    this.agrees('zone', agency.zone, 'ZONE-', agency.name);
    return { department, ars: agency.id, zone: agency.zone };
  }

  /** `84` or `ARS-84`: what the file says of a territory, if anything, must be what its department says. */
  private agrees(column: 'region' | 'zone', expected: string, prefix: string, agency: string): void {
    const given = this.fields[column];
    if (given === '' || given === expected || `${prefix}${given}` === expected) return;
    const right = expected.slice(prefix.length);
    this.refuse(column, 'contradiction', `« ${cut(given)} » contredit le département : ${right} (${agency}) attendu.`);
  }

  private entityKind(): SiteEntry['entityKind'] {
    const text = this.fields.kind.toUpperCase();
    if (text === '') return null;
    const kind = ENTITY_KINDS.find((one) => one === text);
    return kind ?? this.refuse('kind', 'enum', 'Attendu : ET (établissement) ou EJ (entité juridique).');
  }

  private status(): SiteStatus | null {
    const text = plain(this.fields.status);
    if (text === '') return null;
    const status = text === 'prive' ? 'private' : SITE_STATUSES.find((one) => one === text);
    return status ?? this.refuse('status', 'enum', 'Statut attendu : public, private (privé), ou rien.');
  }

  private postcode(): string {
    const text = this.fields.postcode;
    if (!/^\d{5}$/.test(text)) this.refuse('postcode', 'format', 'Code postal attendu : 5 chiffres.');
    return text;
  }

  private phone(): string | null {
    if (this.fields.tel === '') return null;
    const number = internationalNumber(this.fields.tel);
    return number ?? this.refuse('tel', 'format', 'Téléphone attendu : 10 chiffres (0474454647), ou +33474454647.');
  }

  /** With a point or, as French spreadsheets write it, a comma. */
  private degrees(column: 'lat' | 'lon', most: number): number | null {
    const text = this.fields[column];
    if (text === '') return null;
    const degrees = /^-?\d{1,3}(?:[.,]\d{1,20})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
    if (Math.abs(degrees) <= most) return degrees;
    return this.refuse(column, 'format', `Degrés décimaux attendus, de −${most} à ${most}.`);
  }

  /** One line of words, single spaces between them. */
  private text(column: 'name' | 'category' | 'city', most: number, missing: string): string {
    const text = this.repaired(column).replace(/ {2,}/g, ' ');
    if (isBlank(text)) this.refuse(column, 'required', missing);
    else if (text.length > most) this.refuse(column, 'tooLong', `${most} caractères au plus.`);
    else if (text !== oneLine(text).toWellFormed()) {
      this.refuse(column, 'characters', 'Attendu : une seule ligne, sans caractère de contrôle.');
    }
    return text;
  }

  /** Bytes of Windows-1252 that somebody took for Unicode (U+0092 for «’»): nothing else writes these characters. */
  private repaired(column: 'name' | 'category' | 'city'): string {
    return this.fields[column].replace(STRAY, (stray) => {
      const meant = new TextDecoder('windows-1252').decode(Buffer.from(stray, 'latin1'));
      const code = stray.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      const message = `Caractère égaré U+${code} lu « ${meant} » (Windows-1252).`;
      this.notes.push({ line: this.row.line, column, code: 'repaired', message });
      return meant;
    });
  }
}

// Those that Windows-1252 gives a meaning: its five holes stay what they are, control characters.
const STRAY = /[\u0080\u0082-\u008c\u008e\u0091-\u009c\u009e\u009f]/g;

const cut = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 40)}…`);
