const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** HTML made by `html` or by the sanitiser: the only thing that `html` does not escape. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Hole = string | number | Html | readonly Html[];

/** Template literal whose holes are escaped, except `Html` and lists of it. */
export function html(strings: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let text = strings[0] ?? '';
  holes.forEach((hole, index) => {
    text += fill(hole) + (strings[index + 1] ?? '');
  });
  return new Html(text);
}

function fill(hole: Hole): string {
  if (hole instanceof Html) return hole.text;
  if (typeof hole === 'string' || typeof hole === 'number') return escapeHtml(String(hole));
  return hole.map((each) => each.text).join('');
}
