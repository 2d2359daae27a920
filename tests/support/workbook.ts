import { type Cell, Workbook } from '@cj-tech-master/excelts';
import { zip } from '@cj-tech-master/excelts/archive';
import { fromBufferPromise } from 'yauzl';

/** A workbook of one sheet, some cells dressed: what a person's spreadsheet would have saved. */
export async function workbook(
  rows: readonly (readonly unknown[])[],
  dress: Readonly<Record<string, (cell: Cell) => void>> = {},
): Promise<Buffer> {
  const book = new Workbook();
  const sheet = book.addWorksheet('Réponse');
  for (const row of rows) sheet.addRow([...row] as never);
  for (const [address, act] of Object.entries(dress)) act(sheet.getCell(address));
  return Buffer.from(await book.xlsx.writeBuffer());
}

type Parts = Readonly<Record<string, string | Buffer>>;

/** An archive of these parts. */
export async function archive(parts: Parts): Promise<Buffer> {
  const made = zip({ level: 6 });
  for (const [name, data] of Object.entries(parts)) made.add(name, Buffer.from(data));
  return Buffer.from(await made.bytes());
}

/** A workbook with parts added or replaced. */
export async function withParts(book: Buffer, change: Parts): Promise<Buffer> {
  return archive({ ...(await partsOf(book)), ...change });
}

export async function partsOf(book: Buffer): Promise<Record<string, Buffer>> {
  const opened = await fromBufferPromise(book, { lazyEntries: true });
  const parts: Record<string, Buffer> = {};
  for await (const entry of opened.eachEntry()) {
    const stream = await opened.openReadStreamPromise(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    parts[entry.fileName] = Buffer.concat(chunks);
  }
  return parts;
}
