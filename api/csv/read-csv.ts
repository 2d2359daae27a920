import { CsvError, parse } from 'csv-parse/sync';
import type { FieldError } from '../../domain/field-error.ts';

export const MOST_LINES = 20_000;

/** One thing wrong in a file: the line as a person counts it, the column as the file names it. */
export interface LineError {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

/** One line under its heading: every column of the table, empty where the file has none. */
export interface CsvLine<Column extends string> {
  readonly line: number;
  readonly fields: Readonly<Record<Column, string>>;
}

export interface CsvTable<Column extends string> {
  readonly columns: readonly Column[];
  readonly needed: readonly Column[];
  /** Said of a file that has a heading and nothing else. */
  readonly empty: string;
}

export interface CsvRows<Column extends string> {
  readonly rows: readonly CsvLine<Column>[];
  /** Of the whole file: with any of them there are no rows. */
  readonly errors: readonly LineError[];
}

type Parsed = { readonly info: { readonly lines: number }; readonly record: Readonly<Record<string, string>> };

/** A table as spreadsheets write it: UTF-8 or Windows-1252, comma or semicolon, a heading line in any order. */
export function readCsv<Column extends string>(content: Buffer, table: CsvTable<Column>): CsvRows<Column> {
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
      // Separators alone: spreadsheets leave such lines behind the last one.
      skip_records_with_empty_values: true,
      trim: true,
      relax_column_count_less: true,
      max_record_size: 10_000,
    }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return failed(line, 'csv', 'Cette ligne n’est pas du CSV lisible (guillemets, nombre de colonnes).');
  }
  const wrong = headingErrors(columns, table);
  if (wrong.length > 0) return { rows: [], errors: wrong };
  if (parsed.length === 0) return failed(1, 'empty', table.empty);
  if (parsed.length > MOST_LINES) {
    return failed(1, 'tooLong', `${MOST_LINES} lignes au plus (${parsed.length} reçues).`);
  }
  return {
    rows: parsed.map(({ info, record }) => ({ line: info.lines, fields: fieldsOf(record, table) })),
    errors: [],
  };
}

const fieldsOf = <Column extends string>(record: Readonly<Record<string, string>>, { columns }: CsvTable<Column>) =>
  Object.fromEntries(columns.map((column) => [column, record[column] ?? ''])) as Record<Column, string>;

const failed = (line: number, code: string, message: string) => ({
  rows: [],
  errors: [{ line, column: '', code, message }],
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
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

function headingErrors(given: readonly string[], { columns, needed }: CsvTable<string>): LineError[] {
  const expected = columns.join(', ');
  const missing = needed.filter((one) => !given.includes(one));
  const unknown = given.filter((one, index) => !columns.includes(one) || given.indexOf(one) !== index);
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

/** The same errors for a problem: the pointer is the line and its column. */
export const lineProblems = (errors: readonly LineError[]): FieldError[] =>
  errors.map(({ line, column, code, message }) => ({
    pointer: column === '' ? `/${line}` : `/${line}/${column.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code,
    message: `Ligne ${line} : ${message}`,
  }));
