import { CsvError, parse } from 'csv-parse/sync';
import { isMailAddress, isPhoneNumber, oneLine } from '../../channels/address.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { isBlank } from '../../domain/text.ts';
import {
  isFiness,
  isPartnerCategory,
  PARTNER_CATEGORIES,
  PARTNER_WORDS,
  type PartnerCategory,
  type PartnerEntry,
} from '../../domain/partner.ts';

export const MOST_LINES = 20_000;

/** One thing wrong in a file: the line as a person counts it, the column as the file names it. */
export interface LineError {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export interface ReadFile {
  readonly entries: readonly PartnerEntry[];
  readonly lines: number;
  readonly errors: readonly LineError[];
}

const COLUMNS = ['categorie', 'nom', 'adresse', 'finess', 'departement', 'telephone'] as const;
type Column = (typeof COLUMNS)[number];
const NEEDED: readonly Column[] = ['categorie', 'nom', 'adresse'];

type Line = Readonly<Record<string, string>>;
type Parsed = { readonly info: { readonly lines: number }; readonly record: Line };

/**
 * A directory as spreadsheets write it: UTF-8 or Windows-1252, comma or semicolon, a heading line. Every wrong line is told.
 */
export function readPartnerCsv(content: Buffer): ReadFile {
  const text = decode(content).replaceAll('\r\n', '\n');
  const columns: string[] = [];
  let parsed: Parsed[];
  try {
    parsed = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      columns: (names: string[]) => {
        columns.push(...names.map(plain));
        return [...columns];
      },
      info: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count_less: true,
      max_record_size: 10_000,
    }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return failed(line, '', 'csv', 'Cette ligne n’est pas du CSV lisible (guillemets, nombre de colonnes).');
  }
  const wrong = headingErrors(columns);
  if (wrong.length > 0) return { entries: [], lines: parsed.length, errors: wrong };
  if (parsed.length === 0) return failed(1, '', 'empty', 'Le fichier ne contient aucun partenaire.');
  if (parsed.length > MOST_LINES) {
    return failed(1, '', 'tooLong', `${MOST_LINES} lignes au plus (${parsed.length} reçues).`);
  }
  return readLines(parsed);
}

const failed = (line: number, column: string, code: string, message: string): ReadFile => ({
  entries: [],
  lines: 0,
  errors: [{ line, column, code, message }],
});

/** Spreadsheets of the field still write Windows-1252. */
function decode(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}

const delimiterOf = (text: string): string => ((text.split('\n', 1)[0] ?? '').includes(';') ? ';' : ',');

/** `Département` → `departement`. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

function headingErrors(columns: readonly string[]): LineError[] {
  const known: readonly string[] = COLUMNS;
  const expected = COLUMNS.join(', ');
  const missing = NEEDED.filter((one) => !columns.includes(one));
  const unknown = columns.filter((one, index) => !known.includes(one) || columns.indexOf(one) !== index);
  return [
    ...missing.map((column) => ({ line: 1, column, code: 'required', message: 'Colonne obligatoire absente.' })),
    ...unknown.map((column) => ({
      line: 1,
      column: column.slice(0, 60),
      code: 'unknown',
      message: `Colonne inconnue ou répétée ; attendu : ${expected}.`,
    })),
  ];
}

function readLines(parsed: readonly Parsed[]): ReadFile {
  const errors: LineError[] = [];
  const entries: PartnerEntry[] = [];
  const seen = new Map<string, number>();
  for (const { info, record } of parsed) {
    const fields = Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? ''])) as Record<
      Column,
      string
    >;
    const category = categoryOf(fields.categorie);
    const found = problemsOf(fields, category);
    const key = `${category ?? ''} ${fields.adresse.toLowerCase()}`;
    const before = seen.get(key);
    if (found.length === 0 && before !== undefined) {
      found.push(['adresse', 'duplicate', `Même catégorie et même adresse qu’à la ligne ${before}.`]);
    }
    if (before === undefined) seen.set(key, info.lines);
    errors.push(...found.map(([column, code, message]) => ({ line: info.lines, column, code, message })));
    if (found.length === 0 && category !== null) entries.push(entryOf(fields, category));
  }
  return { entries, lines: parsed.length, errors };
}

/** By its code, or by its French name. */
const categoryOf = (text: string): PartnerCategory | null =>
  isPartnerCategory(text)
    ? text
    : (PARTNER_CATEGORIES.find((one) => plain(PARTNER_WORDS[one]) === plain(text)) ?? null);

export const ADDRESS_RULE = 'Attendu : une seule adresse électronique, sans nom ni liste.';
export const PHONE_RULE = 'Attendu : un numéro international, par exemple +33123456789.';

function problemsOf(
  fields: Readonly<Record<Column, string>>,
  category: PartnerCategory | null,
): [Column, string, string][] {
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
  check(departementOf(departement) !== undefined, 'departement', 'format', 'Département attendu : 69, 2A ou 971.');
  check(telephone === '' || isPhoneNumber(telephone), 'telephone', 'format', PHONE_RULE);
  return problems;
}

/** `69` or `D69` → `D69`; null for none, undefined for no department. */
function departementOf(text: string): string | null | undefined {
  if (text === '') return null;
  const [, code] = /^D?(\d[\dAB]|97[1-8]|98[678])$/.exec(text.toUpperCase()) ?? [];
  return code === undefined ? undefined : `D${code}`;
}

const entryOf = (fields: Readonly<Record<Column, string>>, category: PartnerCategory): PartnerEntry => ({
  category,
  name: fields.nom,
  address: fields.adresse,
  finess: fields.finess === '' ? null : fields.finess,
  department: departementOf(fields.departement) ?? null,
  phone: fields.telephone === '' ? null : fields.telephone,
});

/** The same errors for a problem: the pointer is the line and its column. */
export const lineProblems = (errors: readonly LineError[]): FieldError[] =>
  errors.map(({ line, column, code, message }) => ({
    pointer: column === '' ? `/${line}` : `/${line}/${column.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code,
    message: `Ligne ${line} : ${message}`,
  }));
