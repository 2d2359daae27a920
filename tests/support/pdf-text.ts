import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF of ours, page after page, as a reader would copy it: fonts are embedded with the table that leads from
 * their glyphs back to characters. White space as set is one space.
 */
export function pdfText(pdf: Buffer): string {
  const objects = objectsOf(pdf.toString('latin1'));
  const letters = fontsOf(objects);
  const pages = [...objects.values()].filter((object) => object.includes(' Tf') && object.includes('BT'));
  return pages
    .map((page) => told(page, letters))
    .join(' ')
    .replace(/\s+/g, ' ');
}

/** Every object by its number, its stream inflated. */
function objectsOf(file: string): Map<string, string> {
  const objects = new Map<string, string>();
  for (const [, number = '', object = ''] of file.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const stream = /stream\n([\s\S]*)\nendstream/.exec(object)?.[1];
    const inflated = stream !== undefined && object.includes('/FlateDecode');
    objects.set(number, inflated ? inflate(stream) : object);
  }
  return objects;
}

function inflate(stream: string): string {
  return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
}

type Letters = ReadonlyMap<string, readonly string[]>;

/** `F1` → the character of each glyph. */
function fontsOf(objects: ReadonlyMap<string, string>): Letters {
  const fonts = new Map<string, readonly string[]>();
  for (const object of objects.values()) {
    for (const [, name = '', number = ''] of object.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(number) ?? '')?.[1];
      if (table !== undefined) fonts.set(name, charactersOf(objects.get(table) ?? ''));
    }
  }
  return fonts;
}

function charactersOf(table: string): string[] {
  const characters: string[] = [];
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, codes = ''], index) => {
      characters[Number.parseInt(first, 16) + index] = String.fromCharCode(
        ...(codes.replaceAll(' ', '').match(/.{4}/g) ?? []).map((code) => Number.parseInt(code, 16)),
      );
    });
  }
  return characters;
}

function told(page: string, letters: Letters): string {
  let font: readonly string[] = [];
  const words: string[] = [];
  for (const [, name, shown] of page.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = letters.get(name) ?? [];
    else
      words.push(
        glyphs(shown ?? '')
          .map((glyph) => font[glyph] ?? '?')
          .join(''),
      );
  }
  return words.join(' ');
}

const glyphs = (shown: string): number[] =>
  [...shown.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) =>
    (hex.match(/.{4}/g) ?? []).map((glyph) => Number.parseInt(glyph, 16)),
  );
