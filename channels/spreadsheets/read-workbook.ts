import { type Cell, type CellValue, Workbook } from '@cj-tech-master/excelts';
import type { SheetCell, SheetGrid } from '../../domain/sheet.ts';
import { plainWorkbook } from './archive.ts';
import { SPREADSHEET_LIMITS } from './limits.ts';
import { Refused } from './refusals.ts';

/**
 * The cells of the sheet of that name, else of the first one. A formula counts as what the spreadsheet last computed; one that
 * was never computed, and an error of the spreadsheet, are unreadable by name.
 * @throws Refused
 */
export async function readWorkbook(bytes: Buffer, sheetName: string): Promise<SheetGrid> {
  const plain = await plainWorkbook(bytes);
  const workbook = new Workbook();
  try {
    await workbook.xlsx.load(plain);
  } catch {
    throw new Refused('broken');
  }
  const sheet = workbook.getWorksheet(sheetName) ?? workbook.worksheets[0];
  if (sheet === undefined) throw new Refused('notSheet');
  const grid: SheetCell[][] = [];
  sheet.eachRow((row, line) =>
    row.eachCell((found, column) => {
      const read = cellOf(found);
      // Formats alone may reach down to the last line of a sheet: what holds nothing is no line.
      if (read === null) return;
      if (line > SPREADSHEET_LIMITS.lines || column > SPREADSHEET_LIMITS.columns) throw new Refused('tooManyLines');
      while (grid.length < line) grid.push([]);
      const cells = grid[line - 1] ?? [];
      while (cells.length < column) cells.push(null);
      cells[column - 1] = read;
    }),
  );
  return grid;
}

/** A percent sign within quotes is decoration. */
const isPercentage = (format: Cell['numFmt']): boolean => {
  const code = typeof format === 'object' ? format.formatCode : format;
  return (code ?? '').replaceAll(/"[^"]*"|\\./g, '').includes('%');
};

const cellOf = (found: Cell): SheetCell => valueOf(found.value, isPercentage(found.numFmt));

function valueOf(value: CellValue | undefined, isPercent: boolean): SheetCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return isPercent ? { percent: value * 100 } : value;
  if (typeof value === 'boolean') return value;
  if (value instanceof Date) return dayOf(value);
  return valueOfObject(value as unknown as Readonly<Record<string, unknown>>, isPercent);
}

function valueOfObject(value: Readonly<Record<string, unknown>>, isPercent: boolean): SheetCell {
  if (typeof value['error'] === 'string')
    return { unreadable: `Le tableur affiche une erreur : ${value['error'].slice(0, 20)}.` };
  if ('formula' in value || 'sharedFormula' in value) {
    const { result } = value;
    if (result === undefined || result === null)
      return { unreadable: 'Formule sans résultat : remplacez-la par sa valeur.' };
    return valueOf(result as CellValue, isPercent);
  }
  if (Array.isArray(value['richText']))
    return textOf((value['richText'] as { text: string }[]).map(({ text }) => text).join(''));
  if ('text' in value) return valueOf(value['text'] as CellValue, isPercent);
  if ('checkbox' in value) return value['checkbox'] === true;
  return { unreadable: 'Le contenu de cette case n’est ni un texte ni un nombre.' };
}

const textOf = (text: string): SheetCell =>
  text.length > SPREADSHEET_LIMITS.cellCharacters ? { unreadable: 'Texte trop long.' } : text.toWellFormed();

function dayOf(date: Date): SheetCell {
  if (Number.isNaN(date.getTime())) return { unreadable: 'Date illisible.' };
  return { day: date.toISOString().slice(0, 10) };
}
