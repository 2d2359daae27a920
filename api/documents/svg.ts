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
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
export const plainText = (text: string): string => text.replaceAll(UNWRITABLE, '\ufffd');

/** A drawing by attributes alone: no style, no script, nothing from elsewhere, so that the strictest policy allows it. */
export const svg = ({ id, title, description, width, height, body }: Drawing): Html =>
  html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
    font-family="Marianne, system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
  >
    <title id="${id}-title">${plainText(title)}</title>
    <desc id="${id}-desc">${plainText(description)}</desc>
    <rect width="${width}" height="${height}" fill="#ffffff" />
    ${body}
  </svg>`;

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Read over a line: a white edge. */
  readonly halo?: boolean;
}

/** One line of text at a point. */
export const svgText = (x: number, y: number, text: string, style: TextStyle = {}): Html => {
  const { size = 13, bold = false, fill = INK, anchor = 'start', halo = false } = style;
  const edge = halo && html` stroke="#ffffff" stroke-width="4" paint-order="stroke" stroke-linejoin="round"`;
  return html`<text
    x="${x}"
    y="${y}"
    font-size="${size}"
    font-weight="${bold ? 700 : 400}"
    fill="${fill}"
    text-anchor="${anchor}"
    ${edge}
    >${plainText(text)}</text
  >`;
};

/** As much of a text as a width holds, by the mean width of its letters. */
export function shortened(text: string, width: number, size: number): string {
  const most = Math.floor(width / (size * 0.55));
  return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}…`;
}
