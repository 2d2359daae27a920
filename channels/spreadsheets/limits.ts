/** How much of a spreadsheet is read, whatever it says of itself. */
export const SPREADSHEET_LIMITS = {
  /** Of the file as it comes. */
  bytes: 2 * 1024 * 1024,
  /** Of all its parts together, counted while they are inflated. */
  inflatedBytes: 20 * 1024 * 1024,
  /** Parts of a workbook: a real one has a few dozen. */
  parts: 500,
  lines: 10_000,
  columns: 300,
  /** What a cell of Excel holds at most. */
  cellCharacters: 32_767,
  /** A thread is ended after this: a sheet of 2 MB takes a fraction of it. */
  timeMs: 5_000,
  /** Memory of the thread's heap. */
  heapMb: 512,
  /** Files that wait for the one in hand: a few seconds of ordinary ones, and no more bytes than these together. */
  waiting: 20,
} as const;

/**
 * How much may be written: ours, so larger than what comes from outside. The results of 5 366 establishments by 132 columns
 * take two seconds and a quarter of this memory.
 */
export const WRITING_LIMITS = { timeMs: 60_000, heapMb: 1_024, waiting: 20 } as const;
