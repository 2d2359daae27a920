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

/** What a cell holds. A text stays a text whatever it begins with; null: nothing, which is no zero. */
export type WrittenValue = string | number | null;

/** One cell to be written, and what it is for. */
export interface WrittenCell {
  readonly value: WrittenValue;
  readonly role: CellRole;
  /** Offered by the cell; others may still be written. */
  readonly choices?: readonly string[];
}

export interface WrittenSheet {
  readonly name: string;
  /** Of each column, in characters. */
  readonly widths: readonly number[];
  /** A bare value is a figure: results have some hundred thousand, and an object each takes seconds to hand to a thread. */
  readonly rows: readonly (readonly (WrittenCell | WrittenValue)[])[];
  /** Lines and columns that stay in sight. */
  readonly frozen: { readonly rows: number; readonly columns: number };
  /** Only cells of answers may be changed. */
  readonly locked: boolean;
}

/** Of a cell or of a bare value. */
export const valueOfCell = (one: WrittenCell | WrittenValue): WrittenValue =>
  typeof one === 'object' && one !== null ? one.value : one;

export const cell = (value: WrittenValue, role: CellRole = 'text'): WrittenCell => ({ value, role });
