import type { FastifyReply } from 'fastify';
import type { NotWritten } from '../../channels/spreadsheets/spreadsheets.ts';
import { valueOfCell, type WrittenSheet } from '../../domain/sheet.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem, unavailable } from '../problem.ts';
import { csvOf } from './csv-cells.ts';

export const SHEET_FORMATS = ['xlsx', 'csv'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The bytes of sheets as a file; of a CSV the first alone. @throws Problem 413 beyond the memory of a workbook, 503 */
export async function sheetFile(
  { spreadsheets }: Pick<ApiDeps, 'spreadsheets'>,
  format: SheetFormat,
  sheets: readonly WrittenSheet[],
): Promise<Buffer> {
  if (format === 'xlsx') {
    const done = await spreadsheets.write(sheets);
    if (!done.written) throw notWritten(done.why);
    return done.file;
  }
  const lines = sheets.slice(0, 1).flatMap(({ rows }) => rows.map((row) => row.map(valueOfCell)));
  return Buffer.from(csvOf(lines));
}

function notWritten(why: NotWritten): Problem {
  if (why === 'memory') return new Problem(413, 'too-large', 'Ce classeur est trop grand : prenez le même en CSV.');
  if (why === 'busy') return unavailable('Trop de classeurs sont en cours d’écriture : recommencez dans un instant.');
  return unavailable('Ce classeur n’a pas pu être écrit à temps : recommencez dans un instant, ou prenez le CSV.');
}

const TYPES: Readonly<Record<SheetFormat, string>> = { xlsx: XLSX_TYPE, csv: 'text/csv; charset=utf-8' };

/** A file to be kept by whoever asked, and by no cache. @param name without its ending */
export const asFile = (reply: { header: FastifyReply['header'] }, name: string, format: SheetFormat): void =>
  void reply
    .header('content-type', TYPES[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'private, no-store');
