import { isMailAddress, isPhoneNumber, oneLine } from '../../channels/address.ts';
import { departmentOf, isFiness } from '../../domain/identifiers.ts';
import {
  isPartnerCategory,
  PARTNER_CATEGORIES,
  PARTNER_WORDS,
  type PartnerCategory,
  type PartnerEntry,
} from '../../domain/partner.ts';
import { isBlank } from '../../domain/text.ts';
import { type CsvLine, type LineError, plain, readCsv } from '../csv/read-csv.ts';

export interface ReadFile {
  readonly entries: readonly PartnerEntry[];
  readonly lines: number;
  readonly errors: readonly LineError[];
}

const COLUMNS = ['categorie', 'nom', 'adresse', 'finess', 'departement', 'telephone'] as const;
type Column = (typeof COLUMNS)[number];
type Fields = CsvLine<Column>['fields'];
const TABLE = {
  columns: COLUMNS,
  needed: ['categorie', 'nom', 'adresse'],
  empty: 'Le fichier ne contient aucun partenaire.',
} as const;

/** A directory of partners; every wrong line is told. */
export function readPartnerCsv(content: Buffer): ReadFile {
  const read = readCsv(content, TABLE);
  const errors: LineError[] = [...read.errors];
  const entries: PartnerEntry[] = [];
  const seen = new Map<string, number>();
  for (const { line, fields } of read.rows) {
    const category = categoryOf(fields.categorie);
    const found = problemsOf(fields, category);
    const key = `${category ?? ''} ${fields.adresse.toLowerCase()}`;
    const before = seen.get(key);
    if (found.length === 0 && before !== undefined) {
      found.push(['adresse', 'duplicate', `Même catégorie et même adresse qu’à la ligne ${before}.`]);
    }
    if (before === undefined) seen.set(key, line);
    errors.push(...found.map(([column, code, message]) => ({ line, column, code, message })));
    if (found.length === 0 && category !== null) entries.push(entryOf(fields, category));
  }
  return { entries, lines: read.rows.length, errors };
}

/** By its code, or by its French name. */
const categoryOf = (text: string): PartnerCategory | null =>
  isPartnerCategory(text)
    ? text
    : (PARTNER_CATEGORIES.find((one) => plain(PARTNER_WORDS[one]) === plain(text)) ?? null);

export const ADDRESS_RULE = 'Attendu : une seule adresse électronique, sans nom ni liste.';
export const PHONE_RULE = 'Attendu : un numéro international, par exemple +33123456789.';

function problemsOf(fields: Fields, category: PartnerCategory | null): [Column, string, string][] {
  const { nom, adresse, finess, departement, telephone } = fields;
  const problems: [Column, string, string][] = [];
  const check = (right: boolean, column: Column, code: string, message: string): void => {
    if (!right) problems.push([column, code, message]);
  };
  check(category !== null, 'categorie', 'enum', `Catégorie inconnue ; attendu : ${PARTNER_CATEGORIES.join(', ')}.`);
  check(!isBlank(nom), 'nom', 'required', 'Nom obligatoire.');
  check(nom.length <= 120, 'nom', 'tooLong', '120 caractères au plus.');
  check(
    nom === oneLine(nom).toWellFormed(),
    'nom',
    'characters',
    'Le nom tient sur une ligne, sans caractère de contrôle.',
  );
  check(isMailAddress(adresse), 'adresse', 'format', ADDRESS_RULE);
  check(finess === '' || isFiness(finess), 'finess', 'format', 'Numéro FINESS incorrect : 9 caractères, clé vérifiée.');
  const department = departement === '' || departmentOf(departement) !== null;
  check(department, 'departement', 'format', 'Département attendu : 69, 2A ou 971.');
  check(telephone === '' || isPhoneNumber(telephone), 'telephone', 'format', PHONE_RULE);
  return problems;
}

const entryOf = (fields: Fields, category: PartnerCategory): PartnerEntry => ({
  category,
  name: fields.nom,
  address: fields.adresse,
  finess: fields.finess === '' ? null : fields.finess,
  department: departmentOf(fields.departement),
  phone: fields.telephone === '' ? null : fields.telephone,
});
