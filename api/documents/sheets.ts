import type { FastifyReply } from 'fastify';
import type { WrittenSheet } from '../../domain/sheet.ts';
import type { ApiDeps } from '../deps.ts';
import { csvOf } from './csv-cells.ts';

export const SHEET_FORMATS = ['xlsx', 'csv'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The bytes of sheets as a file; of a CSV the first alone. */
export async function sheetFile(
  { spreadsheets }: ApiDeps,
  format: SheetFormat,
  sheets: readonly WrittenSheet[],
): Promise<Buffer> {
  if (format === 'xlsx') return spreadsheets.write(sheets);
  const lines = sheets.slice(0, 1).flatMap(({ rows }) => rows.map((row) => row.map(({ value }) => value)));
  return Buffer.from(csvOf(lines));
}

const TYPES: Readonly<Record<SheetFormat, string>> = { xlsx: XLSX_TYPE, csv: 'text/csv; charset=utf-8' };

/** A file to be kept by whoever asked, and by no cache. @param name without its ending */
export const asFile = (reply: { header: FastifyReply['header'] }, name: string, format: SheetFormat): void =>
  void reply
    .header('content-type', TYPES[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'private, no-store');
