import sanitizeHtml from 'sanitize-html';

const BLOCKS = new Set(['p', 'div', 'tr', 'table', 'ul', 'ol', 'li', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4']);
const MAX_QUOTE_DEPTH = 10;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/**
 * The words of an HTML mail: a line for each block, `> ` before what stands in a `blockquote`, nothing of styles, scripts
 * or attributes. Tags are read by sanitize-html, so that only its own well-formed output is taken apart here.
 */
export function htmlToText(html: string): string {
  const clean = sanitizeHtml(html, {
    allowedTags: [...BLOCKS, 'br', 'hr', 'td'],
    allowedAttributes: {},
    nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title', 'head'],
    nestingLimit: 200,
  });
  const lines = new Lines();
  for (const token of clean.split(/(<[^<>]{1,40}>)/)) {
    if (token.startsWith('<') && token.endsWith('>')) lines.tag(token);
    else lines.words(decode(token).replace(/\s+/g, ' '));
  }
  return lines.text();
}

const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|nbsp);/g, (_whole, name: string) => ENTITIES[name] ?? ' ');

class Lines {
  readonly #done: string[] = [];
  #current = '';
  #depth = 0;

  words(text: string): void {
    this.#current += this.#current === '' ? text.trimStart() : text;
  }

  tag(tag: string): void {
    const closing = tag.startsWith('</');
    const name = tag.replace(/[^a-z0-9]/g, '');
    if (name === 'td') this.words(' ');
    else if (name === 'br') this.#end(true);
    else if (name === 'hr') this.#separator();
    else if (BLOCKS.has(name)) this.#end(false);
    if (name === 'p' && closing) this.#end(true);
    if (name === 'blockquote') this.#depth = Math.max(0, this.#depth + (closing ? -1 : 1));
  }

  text(): string {
    this.#end(false);
    return this.#done
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  #separator(): void {
    this.#end(false);
    this.#done.push('________________________________');
  }

  #end(evenEmpty: boolean): void {
    const line = this.#current.trimEnd();
    this.#current = '';
    if (line === '' && !evenEmpty) return;
    const quote = '> '.repeat(Math.min(this.#depth, MAX_QUOTE_DEPTH));
    this.#done.push(quote + line);
  }
}
