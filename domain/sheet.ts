/**
 * One cell as it was read. A number is one, whatever its face; `percent`: a number that its cell shows as a percentage, in
 * percents (0.125 shown as 12,5 % is 12.5); `day`: a cell that holds a date; `unreadable`: why nothing can be taken from it.
 */
export type SheetCell =
  | null
  | string
  | number
  | boolean
  | { readonly percent: number }
  | { readonly day: string }
  | { readonly unreadable: string };

/** Lines of cells; the first is line 1 of the file. */
export type SheetGrid = readonly (readonly SheetCell[])[];

/** What a cell is for: its look, and whether it may be written into. */
export type CellRole = 'title' | 'heading' | 'code' | 'text' | 'note' | 'answer' | 'figure';

/** One cell to be written. A text stays a text whatever it begins with; null: an empty cell, which is no zero. */
export interface WrittenCell {
  readonly value: string | number | null;
  readonly role: CellRole;
  /** Offered by the cell; others may still be written. */
  readonly choices?: readonly string[];
}

export interface WrittenSheet {
  readonly name: string;
  /** Of each column, in characters. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly WrittenCell[])[];
  /** Lines and columns that stay in sight. */
  readonly frozen: { readonly rows: number; readonly columns: number };
  /** Only cells of answers may be changed. */
  readonly locked: boolean;
}

export const cell = (value: WrittenCell['value'], role: CellRole = 'text'): WrittenCell => ({ value, role });
