import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** What we use of pdfmake, in our own words: its published types bring the whole browser into the type check. */
export type Content = string | { readonly [property: string]: unknown };
export type TableCell = Content;
export interface Pages {
  readonly content: readonly Content[];
  readonly [property: string]: unknown;
}

interface PdfMake {
  setLocalAccessPolicy(allows: (path: string) => boolean): void;
  setUrlAccessPolicy(allows: (url: string) => boolean): void;
  setFonts(fonts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  createPdf(pages: Pages): { getBuffer(): Promise<Uint8Array> };
}

/** Sets pages. Roboto ships with pdfmake and has every letter of French; nothing else is read, and nothing fetched. */
export function openPdfMaker(): (pages: Pages) => Promise<Uint8Array<ArrayBuffer>> {
  const require = createRequire(import.meta.url);
  const pdfMake = require('pdfmake') as PdfMake;
  const folder = join(dirname(require.resolve('pdfmake')), '..', 'fonts', 'Roboto');
  const font = (name: string): string => join(folder, `Roboto-${name}.ttf`);
  pdfMake.setLocalAccessPolicy((path) => path.startsWith(folder + sep));
  pdfMake.setUrlAccessPolicy(() => false);
  pdfMake.setFonts({
    Roboto: {
      normal: font('Regular'),
      bold: font('Medium'),
      italics: font('Italic'),
      bolditalics: font('MediumItalic'),
    },
  });
  return async (pages) => new Uint8Array(await pdfMake.createPdf(pages).getBuffer());
}
