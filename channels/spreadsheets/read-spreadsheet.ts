import type { SheetGrid } from '../../domain/sheet.ts';
import { SPREADSHEET_LIMITS } from './limits.ts';
import { readCsv } from './read-csv.ts';
import { readWorkbook } from './read-workbook.ts';
import { Refused, refusedAs, type SpreadsheetReading } from './refusals.ts';

/** The cells of an XLSX or CSV, told apart by its bytes. Whatever is wrong with the file is an outcome. */
export async function readSpreadsheet(bytes: Buffer, sheetName: string): Promise<SpreadsheetReading> {
  try {
    return { read: true, grid: await gridOf(bytes, sheetName) };
  } catch (error) {
    if (error instanceof Refused) return refusedAs(error.as);
    throw error;
  }
}

const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIP = Buffer.from('504b0304', 'hex');

function gridOf(bytes: Buffer, sheetName: string): SheetGrid | Promise<SheetGrid> {
  if (bytes.length > SPREADSHEET_LIMITS.bytes) throw new Refused('tooLarge');
  if (bytes.length === 0) throw new Refused('empty');
  // Office seals a workbook with a password into the container of the old formats.
  if (bytes.subarray(0, 8).equals(COMPOUND))
    throw new Refused(bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'encrypted' : 'legacy');
  if (bytes.subarray(0, 4).equals(ZIP)) return readWorkbook(bytes, sheetName);
  if (!looksLikeText(bytes)) throw new Refused('notSheet');
  return readCsv(bytes);
}

/** No control characters in its first lines, no other format's mark, no markup. */
function looksLikeText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4_096).toString('latin1');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/[\u0000-\u0008\u000e-\u001f]/.test(head) && !/^(?:ï»¿)?\s*(?:%PDF|<|\{\\rtf)/i.test(head);
}
