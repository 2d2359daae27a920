import { type Style, WorkbookWriter } from '@cj-tech-master/excelts';
import { Writable } from '@cj-tech-master/excelts/stream';
import type { CellRole, WrittenCell, WrittenSheet, WrittenValue } from '../../domain/sheet.ts';

/**
 * An XLSX, line by line: a line that is written is given back. Texts are written as texts (shared strings), never as formulas,
 * whatever they begin with.
 */
export async function writeWorkbook(sheets: readonly WrittenSheet[]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const workbook = new WorkbookWriter({ stream, useStyles: true, useSharedStrings: true });
  for (const sheet of sheets) await addSheet(workbook, sheet);
  await workbook.commit();
  return new Uint8Array(Buffer.concat(chunks));
}

async function addSheet(workbook: WorkbookWriter, written: WrittenSheet): Promise<void> {
  const { name, widths, rows, frozen, locked } = written;
  const sheet = workbook.addWorksheet(name, {
    views: [{ state: 'frozen', xSplit: frozen.columns, ySplit: frozen.rows }],
  });
  if (locked)
    await sheet.protect('', {
      selectLockedCells: true,
      selectUnlockedCells: true,
      formatColumns: true,
      formatRows: true,
    });
  widths.forEach((width, index) => (sheet.getColumn(index + 1).width = width));
  rows.forEach((cells, line) => {
    const row = sheet.getRow(line + 1);
    cells.forEach((one, column) => {
      if (one !== null) fillCell(row.getCell(column + 1), one);
    });
    row.commit();
  });
  sheet.commit();
}

interface Filled {
  value: unknown;
  style: Partial<Style>;
  dataValidation: unknown;
}

function fillCell(filled: Filled, one: WrittenCell | NonNullable<WrittenValue>): void {
  const { value, role, choices }: WrittenCell = typeof one === 'object' ? one : { value: one, role: 'figure' };
  filled.value = value;
  // The same object for every cell of a role: the library renders a style once for each object that it meets.
  filled.style = STYLES[role];
  if (choices !== undefined) offer(filled, choices);
}

const fill = (argb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { argb } }) as const;
const wrap = { wrapText: true, vertical: 'top' } as const;
const line = { style: 'thin', color: { argb: 'FFBBBBBB' } } as const;

const STYLES: Readonly<Record<CellRole, Partial<Style>>> = {
  title: { font: { bold: true, size: 13 }, alignment: { vertical: 'top' } },
  heading: { font: { bold: true }, fill: fill('FFE3E3FD'), alignment: wrap },
  code: { font: { size: 9, color: { argb: 'FF666666' } }, alignment: { vertical: 'top' } },
  text: { alignment: wrap },
  note: { font: { size: 9, italic: true, color: { argb: 'FF3A3A3A' } }, alignment: wrap },
  answer: {
    fill: fill('FFFEF7DA'),
    border: { top: line, bottom: line, left: line, right: line },
    alignment: wrap,
    protection: { locked: false },
  },
  figure: { alignment: { vertical: 'top' } },
};

/** A list beside the cell holds 255 characters, and no comma inside a choice; longer ones stand in the help alone. */
function offer(filled: Filled, choices: readonly string[]): void {
  const list = choices.join(',');
  if (list.length > 250 || choices.some((one) => /[,"]/.test(one))) return;
  filled.dataValidation = { type: 'list', allowBlank: true, formulae: [`"${list}"`], showErrorMessage: false };
}
