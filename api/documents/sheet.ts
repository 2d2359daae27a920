import type { Content, Pages, TableCell } from './pdf-maker.ts';

/** Blue of the State's graphic charter, grey of rules, red of what is late. */
export const BLUE = '#000091';
export const GREY = '#555555';
export const RED = '#b3100b';

interface TableNode {
  readonly table: { readonly body: readonly unknown[] };
}

const LINES = {
  hLineWidth: (index: number, { table }: TableNode) => (index === 0 || index === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => '#bbbbbb',
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
  paddingLeft: (index: number) => (index === 0 ? 0 : 5),
  paddingRight: () => 0,
};

/** What every sheet of Vigie has in common. `foot` stands at the left of each page's foot. */
export const sheet = (about: { title: string; foot: string; exercise: boolean }, content: Content[]): Pages => ({
  pageSize: 'A4',
  pageMargins: [42, 42, 42, 46],
  info: { title: about.title, author: 'CORRUSS', creator: 'Vigie', producer: 'Vigie' },
  language: 'fr-FR',
  defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15 },
  styles: {
    title: { fontSize: 16, bold: true, color: BLUE },
    heading: { fontSize: 11, bold: true, color: BLUE, margin: [0, 12, 0, 4] },
    label: { color: GREY },
    head: { bold: true, color: GREY, fontSize: 8 },
    late: { bold: true, color: RED },
    small: { fontSize: 7.5, color: GREY },
    calm: { italics: true },
    sum: { bold: true },
  },
  ...(about.exercise ? { watermark: { text: 'EXERCICE', color: RED, opacity: 0.12, bold: true } } : {}),
  footer: (page: number, pages: number) => ({
    columns: [
      { text: about.foot, style: 'small' },
      { text: `page ${page} sur ${pages}`, style: 'small', alignment: 'right', width: 80 },
    ],
    margin: [42, 14, 42, 0],
  }),
  content,
});

export const heading = (text: string): Content => ({ text, style: 'heading' });

/** A table whose head is repeated on each page. `widths` as pdfmake takes them. */
export const table = (widths: (number | string)[], head: readonly string[], rows: TableCell[][]): Content => ({
  table: {
    headerRows: 1,
    dontBreakRows: true,
    widths,
    body: [head.map((text): TableCell => ({ text, style: 'head' })), ...rows],
  },
  layout: LINES,
});

/** «label : value» lines. */
export const facts = (pairs: readonly (readonly [string, string])[]): Content => ({
  table: {
    widths: [110, '*'],
    body: pairs.map(([label, value]): TableCell[] => [{ text: label, style: 'label' }, { text: value }]),
  },
  layout: 'noBorders',
});
