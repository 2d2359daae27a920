import { CsvError, parse } from 'csv-parse/sync';
import type { SheetGrid } from '../../domain/sheet.ts';
import { SPREADSHEET_LIMITS } from './limits.ts';
import { Refused } from './refusals.ts';

/** Cells of a CSV: UTF-8 or Windows-1252, semicolons, commas or tabs. Every cell is a text. @throws Refused */
export function readCsv(bytes: Buffer): SheetGrid {
  const text = decode(bytes);
  let rows: string[][];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      // An empty line is a line: errors name it as its reader counts it.
      skip_empty_lines: false,
      to: SPREADSHEET_LIMITS.lines + 1,
    });
  } catch (error) {
    throw error instanceof CsvError ? new Refused('csv') : error;
  }
  const tooWide = rows.some((cells) => cells.length > SPREADSHEET_LIMITS.columns);
  if (rows.length > SPREADSHEET_LIMITS.lines || tooWide) throw new Refused('tooManyLines');
  return rows.map((cells) => cells.map(cellOf));
}

/** An apostrophe that keeps a spreadsheet from taking a text for a formula is none of the text. */
const cellOf = (text: string) => {
  if (text.length > SPREADSHEET_LIMITS.cellCharacters) return { unreadable: 'Texte trop long.' };
  return text.replace(/^'(?=\s*[=+\-@\t\r＝＋－＠])/, '').toWellFormed();
};

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What follows the first cell of most lines: words within cells have more commas than a sheet has columns. */
function delimiterOf(text: string): string {
  const unquoted = text.slice(0, 16_384).replaceAll(/"(?:[^"]|"")*(?:"|$)/g, '');
  const marks = unquoted.split(/\r\n?|\n/).flatMap((line) => /[;,\t]/.exec(line)?.[0] ?? []);
  const count = (mark: string): number => marks.filter((one) => one === mark).length;
  return [';', ',', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ';';
}
