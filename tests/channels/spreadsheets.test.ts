import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sheetFile } from '../../api/documents/sheets.ts';
import { openSpreadsheets, type Spreadsheets } from '../../channels/spreadsheets/spreadsheets.ts';
import { cell, type SheetGrid, type WrittenSheet } from '../../domain/sheet.ts';
import { archive, partsOf, withParts, workbook } from '../support/workbook.ts';

let sheets: Spreadsheets;
beforeAll(() => {
  // Wide of the limit itself, which a test of its own narrows: the machine of the tests is shared.
  sheets = openSpreadsheets({ timeMs: 60_000 });
});
afterAll(() => sheets.close());

const MB = 1024 * 1024;
async function gridOf(bytes: Buffer): Promise<SheetGrid> {
  const reading = await sheets.read(bytes, 'Réponse');
  if (!reading.read) throw new Error(`not read: ${reading.as}`);
  return reading.grid;
}
async function fileOf(written: readonly WrittenSheet[]): Promise<Buffer> {
  const writing = await sheets.write(written);
  if (!writing.written) throw new Error(`not written: ${writing.why}`);
  return writing.file;
}
const refusalOf = async (bytes: Buffer) => {
  const reading = await sheets.read(bytes, 'Réponse');
  return reading.read ? reading.grid.slice(0, 3) : reading.as;
};

test('cells of a workbook: numbers, texts, percentages, dates, formulas by what they last gave', async () => {
  const rows = [
    ['a', 1234.5, '1 234,5', 0.125, new Date(Date.UTC(2026, 10, 24)), true, null, '=1+1'],
    [
      { formula: 'B1*2', result: 2469 },
      { formula: '1/0', result: { error: '#DIV/0!' } },
      { formula: 'A1+1' },
      { richText: [{ text: 'gr' }, { text: 'as', font: { bold: true } }] },
      { text: 'lien', hyperlink: 'http://ailleurs.example' },
      { formula: 'D1', result: 0.5 },
      0.07,
    ],
  ];
  const percent = (found: { numFmt?: unknown }): void => void (found.numFmt = '0.0 %');
  const book = await workbook(rows, {
    D1: percent,
    F2: percent,
    G2: percent,
    E1: (found) => (found.numFmt = 'dd/mm/yyyy'),
    // Decoration, no percentage.
    B1: (found) => (found.numFmt = '0.0" %"'),
  });
  const [first, second] = await gridOf(book);
  expect(first).toEqual(['a', 1234.5, '1 234,5', { percent: 12.5 }, { day: '2026-11-24' }, true, null, '=1+1']);
  expect(second).toEqual([
    2469,
    { unreadable: expect.stringContaining('#DIV/0!') },
    { unreadable: expect.stringContaining('sans résultat') },
    'gras',
    'lien',
    { percent: 50 },
    { percent: expect.closeTo(7, 10) },
  ]);
});

test('what is written is read again: texts as texts, numbers as numbers, nothing as nothing', async () => {
  const texts = ['=1+1', '+33 1', '-3', '@SUM(A1)', '\tx', '\rx', "'x", 'é & <b> "', '=HYPERLINK("http://x.example")'];
  const rows = [texts.map((text) => cell(text)), [cell(0, 'figure'), cell(null, 'answer'), cell(12.25, 'figure')]];
  const file = await fileOf([{ name: 'Réponse', widths: [10], rows, frozen: { rows: 1, columns: 1 }, locked: true }]);
  const [said, figures] = await gridOf(file);
  expect(said?.map((one) => (one === '\nx' ? '\rx' : one))).toEqual(texts);
  expect(figures).toEqual([0, null, 12.25]);
  const sheet = (await partsOf(file))['xl/worksheets/sheet1.xml']!.toString();
  expect(sheet).not.toContain('<f>');
  expect(sheet).toContain('<sheetProtection');
});

const tableOf = (rows: WrittenSheet['rows']): WrittenSheet => ({
  ...{ name: 'Réponse', widths: [10], rows, frozen: { rows: 1, columns: 1 }, locked: false },
});
const large = (lines: number) =>
  tableOf(Array.from({ length: lines }, (_row, n) => Array.from({ length: 130 }, (_cell, m) => n * m)));

test('an empty cell of an answer keeps its look, its lock and its choices', async () => {
  const empty = { ...cell(null, 'answer'), choices: ['Oui', 'Non'] };
  const file = await fileOf([tableOf([[cell('question'), empty, null]])]);
  const sheet = (await partsOf(file))['xl/worksheets/sheet1.xml']!.toString();
  expect(sheet).toMatch(/<c r="B1" s="\d+"\/>/);
  expect(sheet).toMatch(/<dataValidation [^>]*sqref="B1"[^>]*><formula1>&quot;Oui,Non&quot;/);
});

test('a thousand lines of 130 columns are written line by line, in a memory that does not hold them as cells', async () => {
  const modest = openSpreadsheets({ timeMs: 60_000, heapMb: 96 });
  const writing = await modest.write([large(1_000)]);
  await modest.close();
  expect(writing).toMatchObject({ written: true });
});

test('what is not written is a problem in words, and the next one is written', async () => {
  const narrow = openSpreadsheets({ timeMs: 60_000, heapMb: 48 });
  const texts = Array.from({ length: 5_000 }, (_row, n) =>
    Array.from({ length: 130 }, (_cell, m) => `texte ${n} ${m}`),
  );
  await expect(sheetFile({ spreadsheets: narrow }, 'xlsx', [tableOf(texts)])).rejects.toMatchObject({
    ...{ status: 413, message: expect.stringContaining('CSV') },
  });
  expect(await narrow.write([large(2)])).toMatchObject({ written: true });
  const hasty = openSpreadsheets({ timeMs: 1 });
  await expect(sheetFile({ spreadsheets: hasty }, 'xlsx', [large(200)])).rejects.toMatchObject({
    ...{ status: 503, retryAfterSeconds: 5 },
  });
  await hasty.close();
  await narrow.close();
});

test('files that are read keep nobody from what is written; beyond those that may wait: busy; of each sender one', async () => {
  const short = openSpreadsheets({ timeMs: 60_000, waiting: 1 });
  const slow = await fileOf([large(250)]);
  await short.write([large(2)]);
  const ended: string[] = [];
  const reading = (sender: string) =>
    short.read(slow, 'Réponse', sender).then((done) => {
      ended.push(done.read ? `read ${sender}` : `${done.as} ${sender}`);
    });
  const readings = ['a', 'a', 'b', 'c'].map(reading);
  await short.write([large(2)]).then(() => ended.push('written'));
  await Promise.all(readings);
  expect(ended).toEqual(['underWay a', 'busy c', 'written', 'read a', 'read b']);
  await reading('a');
  expect(ended.at(-1)).toBe('read a');
  await short.close();
});

test.each<[string, string]>([
  ['UTF-8 with its mark and semicolons', '\uFEFFcode;libellé;réponse\r\nlits;"a;b";1 234,5\r\n'],
  ['UTF-8 and commas', 'code,libellé,réponse\nlits,a;b,"1 234,5"\n'],
  ['tabs', 'code\tlibellé\tréponse\nlits\ta;b\t1 234,5\n'],
])('CSV: %s', async (_what, text) => {
  expect(await gridOf(Buffer.from(text))).toEqual([
    ['code', 'libellé', 'réponse'],
    ['lits', 'a;b', '1 234,5'],
  ]);
});

test.each([';', ','])(
  'CSV: what separates is told by the lines, not by the marks of their words (%s)',
  async (mark) => {
    // Longer than the sheet is wide.
    const words = Array.from({ length: 12 }, (_one, n) => `choix ${n}`).join(mark === ';' ? ', ' : ' ; ');
    const cells = [
      ['zone', 'Zone', '', words],
      ['lits', `Par service${mark}\nensemble`, '3', ''],
    ];
    const quoted = (cell: string) => (/[\n;,]/.test(cell) && cell !== words ? `"${cell}"` : cell);
    const text = cells.map((row) => row.map(quoted).join(mark)).join('\r\n');
    expect(await gridOf(Buffer.from(`${text}\r\n`))).toEqual(cells);
  },
);

test('CSV: Windows-1252; empty lines count as lines; an apostrophe before a formula is none of the text', async () => {
  const bytes = Buffer.from("code;r\xe9ponse\r\n\r\nnote;'=1+1\r\n", 'latin1');
  expect(await gridOf(bytes)).toEqual([['code', 'réponse'], [''], ['note', '=1+1']]);
});

const legacy = (rest: Buffer) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512), rest]);
test('what is no spreadsheet is refused by name, whatever its own name', async () => {
  const book = await workbook([['a']]);
  const types = (await partsOf(book))['[Content_Types].xml']!.toString();
  const files: Readonly<Record<string, Buffer>> = {
    notSheet: Buffer.from('%PDF-1.7\n%âãÏÓ\n'),
    legacy: legacy(Buffer.alloc(0)),
    encrypted: legacy(Buffer.from('EncryptedPackage', 'utf16le')),
    macros: await withParts(book, { 'xl/vbaProject.bin': 'Sub Auto_Open()' }),
    openDocument: await archive({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }),
    empty: Buffer.alloc(0),
    tooLarge: Buffer.alloc(2 * MB + 1, 'a'),
    csv: Buffer.from('code;"réponse\nlits;3\n'),
    broken: book.subarray(0, book.length - 60),
  };
  for (const [as, bytes] of Object.entries(files)) expect([as, await refusalOf(bytes)]).toEqual([as, as]);
  const more: readonly (readonly [string, Buffer])[] = [
    ['notSheet', await archive({ 'word/document.xml': '<x/>', '[Content_Types].xml': '<Types/>' })],
    ['notSheet', Buffer.from('<html><table></table></html>')],
    ['notSheet', Buffer.from('PNG\u0000\u0001')],
    [
      'macros',
      await withParts(book, { '[Content_Types].xml': types.replace('sheet.main', 'sheet.macroEnabled.main') }),
    ],
    ['macros', await withParts(book, { 'xl/macrosheets/sheet1.xml': '<x/>' })],
    ['broken', await withParts(book, { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row' })],
  ];
  for (const [as, bytes] of more) expect([as, await refusalOf(bytes)]).toEqual([as, as]);
});

test('a bomb is put out while it is inflated: of one part, of many, in a part that nobody reads', async () => {
  const book = await workbook([['a']]);
  const zeros = Buffer.alloc(21 * MB);
  const one = await withParts(book, { 'xl/media/image1.png': zeros });
  expect(one.length).toBeLessThan(MB);
  expect(await refusalOf(one)).toBe('inflated');
  const some = Array.from({ length: 12 }, (_part, n) => [`xl/media/${n}.bin`, zeros.subarray(0, 2 * MB)] as const);
  expect(await refusalOf(await withParts(book, Object.fromEntries(some)))).toBe('inflated');
  const many = Array.from({ length: 501 }, (_part, n) => [`xl/media/${n}.bin`, ''] as const);
  expect(await refusalOf(await withParts(book, Object.fromEntries(many)))).toBe('tooManyParts');
});

test('links to other workbooks, connections and notes are not there for whoever reads the cells', async () => {
  const book = await workbook([['a', { formula: "'[1]Feuil'!A1", result: 7 }]], {
    A1: (found) => (found.note = 'note'),
  });
  const linked = await withParts(book, { 'xl/externalLinks/externalLink1.xml': '<ddeLink ddeService="cmd"/>' });
  expect(await gridOf(linked)).toEqual([['a', 7]]);
});

test('too many lines or columns, a text without end, formats down to the last line', async () => {
  expect(await refusalOf(Buffer.from('a;1\n'.repeat(10_001)))).toBe('tooManyLines');
  expect(await refusalOf(Buffer.from(`${'a;'.repeat(301)}\n`))).toBe('tooManyLines');
  const far = await workbook([['a']], { A20000: (found) => (found.value = 1) });
  expect(await refusalOf(far)).toBe('tooManyLines');
  const dressed = await workbook([['a']], { A20000: (found) => (found.font = { bold: true }) });
  expect(await gridOf(dressed)).toEqual([['a']]);
  const long = await gridOf(Buffer.from(`note;;${'a'.repeat(MB)}\n`));
  expect(long).toEqual([['note', '', { unreadable: 'Texte trop long.' }]]);
});

test('a file that outlasts its time ends its thread, and the next one is read', async () => {
  const hasty = openSpreadsheets({ timeMs: 1 });
  const rows = Array.from({ length: 5_000 }, (_row, n) => [n, 'texte', n / 3]);
  expect(await hasty.read(await workbook(rows), 'Réponse')).toMatchObject({ read: false, as: 'time' });
  expect(await hasty.read(Buffer.alloc(3 * MB), 'Réponse')).toMatchObject({ as: 'tooLarge' });
  await hasty.close();
  expect(await gridOf(Buffer.from('a;b\n'))).toEqual([['a', 'b']]);
});
