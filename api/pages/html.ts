import { escapeHtml, Html } from '../../channels/templates/html.ts';

export { Html } from '../../channels/templates/html.ts';

type Part = string | number | Html | null | undefined | false | readonly Part[];

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(write).join('');
}

/** A page's template: values are escaped unless they are HTML already; null and false write nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + write(parts[index])).join(''));
}

/** HTML made safe elsewhere (rendered Markdown, the style sheet). */
export const raw = (text: string): Html => new Html(text);
