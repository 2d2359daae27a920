import { pointerTo } from '../input.ts';
import type { SheetCell } from '../sheet.ts';
import type { TableQuestion } from './form.ts';
import { isEmpty, readNumberCell, readTextCell, textOf } from './sheet-cells.ts';
import { NOT_CONCERNED } from './sheet-codes.ts';
import type { SheetLedger } from './sheet-ledger.ts';

/** What each column of a sheet holds, of one table; null: nothing of it. */
export type TableHead = readonly (string | null)[];
/** Columns before the first answer. */
const BEFORE = 2;

/** The line of codes above the rows of a table. */
export function readHead(
  { columns }: TableQuestion,
  cells: readonly SheetCell[],
  line: number,
  ledger: SheetLedger,
): TableHead {
  const known = new Set([...columns.map(({ code }) => code), NOT_CONCERNED]);
  const seen = new Set<string>();
  return cells.map((found, index) => {
    if (index < BEFORE || found === null || isEmpty(found)) return null;
    const name = textOf(found);
    if (!known.has(name)) ledger.wrong(line, 'unknown', `Colonne inconnue de ce tableau : « ${name.slice(0, 80)} ».`);
    else if (seen.has(name)) ledger.wrong(line, 'duplicate', `La colonne « ${name} » y est deux fois.`);
    else {
      seen.add(name);
      return name;
    }
    return null;
  });
}

export interface TableLine {
  readonly table: TableQuestion;
  readonly row: string;
  readonly head: TableHead;
  readonly cells: readonly SheetCell[];
  readonly line: number;
}

/** One row of a table; null: nothing stands in it. */
export function readTableRow(
  { table, row, head, cells, line }: TableLine,
  ledger: SheetLedger,
): Record<string, unknown> | null {
  const values: Record<string, unknown> = {};
  head.forEach((name, index) => {
    if (name === null) return;
    const field = name === NOT_CONCERNED ? 'notConcerned' : name;
    const pointer = pointerTo('values', table.code, row, field);
    ledger.lines.set(pointer, line);
    const column = table.columns.find(({ code }) => code === name);
    const found = cells[index] ?? null;
    const reading = column === undefined ? readTextCell(found) : readNumberCell(column.type, found);
    ledger.keep(reading, pointer, (value) => (values[field] = value));
  });
  // A figure under no column of the table is told, never dropped.
  const strays = cells.some((found, index) => index >= BEFORE && !isEmpty(found) && (head[index] ?? null) === null);
  if (strays) ledger.wrong(line, 'stray', 'Une case de cette ligne est hors des colonnes du tableau.');
  return Object.keys(values).length === 0 ? null : values;
}
