import { zip } from '@cj-tech-master/excelts/archive';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { SPREADSHEET_LIMITS } from './limits.ts';
import { Refused } from './refusals.ts';

/** The parts that cells are made of. Links to other workbooks, drawings, notes, connections and embedded files are none. */
const CELLS =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/workbook\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[^/]+\.xml|xl\/sharedStrings\.xml|xl\/styles\.xml)$/;
const MACROS = /(?:^|\/)(?:vbaProject\.bin|vbaData\.xml|macrosheets\/)/i;

interface Part {
  readonly name: string;
  readonly data: Buffer;
}

/**
 * A workbook of the parts that cells are made of, and nothing else: whoever parses it sees what was measured here, not what
 * another reading of the same archive might find. Sizes are counted while inflating; what an archive declares is not believed.
 * @throws Refused
 */
export async function plainWorkbook(bytes: Buffer): Promise<Buffer> {
  const parts = await partsOf(bytes);
  const named = (name: string): Part | undefined => parts.find((part) => part.name === name);
  const types = named('[Content_Types].xml')?.data.toString('utf8') ?? '';
  if (/macroEnabled/i.test(types)) throw new Refused('macros');
  if (types === '' || named('xl/workbook.xml') === undefined) {
    const isOpenDocument = named('mimetype')?.data.toString('latin1').includes('opendocument') === true;
    throw new Refused(isOpenDocument ? 'openDocument' : 'notSheet');
  }
  const plain = zip({ level: 0 });
  for (const { name, data } of parts) if (CELLS.test(name)) plain.add(name, data);
  return Buffer.from(await plain.bytes());
}

async function partsOf(bytes: Buffer): Promise<Part[]> {
  const archive = await open(bytes);
  if (archive.entryCount > SPREADSHEET_LIMITS.parts) throw new Refused('tooManyParts');
  const parts = new Map<string, Part>();
  let left: number = SPREADSHEET_LIMITS.inflatedBytes;
  try {
    for await (const entry of archive.eachEntry()) {
      const name = entry.fileName;
      if (MACROS.test(name)) throw new Refused('macros');
      if (entry.isEncrypted()) throw new Refused('encrypted');
      // Twice the same name: readers choose differently.
      if (parts.has(name)) throw new Refused('broken');
      const data = await inflate(archive, entry, left);
      left -= data.length;
      parts.set(name, { name, data });
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('broken');
  }
  return [...parts.values()];
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
  } catch {
    throw new Refused('broken');
  }
}

async function inflate(archive: ZipFile, entry: Entry, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    const piece = chunk as Buffer;
    size += piece.length;
    if (size > most) throw new Refused('inflated');
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
