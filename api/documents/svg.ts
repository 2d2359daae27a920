import { html, type Html } from '../pages/html.ts';

/** What a drawing is called and what it says, for whoever does not see it. */
export interface Drawing {
  /** Begins the ids within it: two drawings may stand on one page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: Html;
}

export const INK = '#161616';
export const SOFT = '#3a3a3a';
export const LINE = '#929292';
export const BLUE = '#000091';

/** What XML knows no way to write: a title that holds one would make the whole drawing unreadable. */
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
export const plainText = (text: string): string => text.replaceAll(UNWRITABLE, '\ufffd');

/** A drawing by attributes alone: no style, no script, nothing from elsewhere, so that the strictest policy allows it. */
export const svg = ({ id, title, description, width, height, body }: Drawing): Html =>
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="Marianne, system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif">
<title id="${id}-title">${plainText(title)}</title>
<desc id="${id}-desc">${plainText(description)}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${body}
</svg>`;

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** One line of text at a point. */
export const svgText = (x: number, y: number, text: string, style: TextStyle = {}): Html => {
  const { size = 13, bold = false, fill = INK, anchor = 'start' } = style;
  return html`<text x="${x}" y="${y}" font-size="${size}" font-weight="${bold ? 700 : 400}" fill="${fill}" text-anchor="${anchor}">${plainText(text)}</text>`;
};

/** As much of a text as a width holds, by the mean width of its letters. */
export function shortened(text: string, width: number, size: number): string {
  const most = Math.floor(width / (size * 0.55));
  return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}…`;
}
