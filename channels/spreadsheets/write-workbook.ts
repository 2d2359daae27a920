import { type Style, Workbook } from '@cj-tech-master/excelts';
import type { CellRole, WrittenSheet } from '../../domain/sheet.ts';

/** Texts are written as texts (`inlineStr`, shared strings), never as formulas, whatever they begin with. */
export async function writeWorkbook(sheets: readonly WrittenSheet[]): Promise<Uint8Array<ArrayBuffer>> {
  const workbook = new Workbook();
  for (const sheet of sheets) await addSheet(workbook, sheet);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

async function addSheet(workbook: Workbook, { name, widths, rows, frozen, locked }: WrittenSheet): Promise<void> {
  const sheet = workbook.addWorksheet(name, {
    views: [{ state: 'frozen', xSplit: frozen.columns, ySplit: frozen.rows }],
  });
  widths.forEach((width, index) => (sheet.getColumn(index + 1).width = width));
  rows.forEach((cells, line) =>
    cells.forEach(({ value, role, choices }, column) => {
      const written = sheet.getCell(line + 1, column + 1);
      written.value = value;
      written.style = { ...STYLES[role] };
      if (choices !== undefined) offer(workbook, written, choices);
    }),
  );
  if (locked)
    await sheet.protect('', {
      selectLockedCells: true,
      selectUnlockedCells: true,
      formatColumns: true,
      formatRows: true,
    });
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
function offer(_workbook: Workbook, written: { dataValidation: unknown }, choices: readonly string[]): void {
  const list = choices.join(',');
  if (list.length > 250 || choices.some((one) => /[,"]/.test(one))) return;
  written.dataValidation = { type: 'list', allowBlank: true, formulae: [`"${list}"`], showErrorMessage: false };
}
