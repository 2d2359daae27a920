import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';
import { escapeHtml } from './templates/html.ts';

/** A body in both forms; the HTML is safe to put in a page or a mail as it is. */
export interface RenderedBody {
  readonly html: string;
  readonly text: string;
}

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true });
// An image would be fetched from outside, and tell who reads: only its words are kept.
markdown.renderer.rules['image'] = (tokens, index) => escapeHtml(tokens[index]?.content ?? '');

const PLAIN = [
  'p',
  'br',
  'hr',
  'strong',
  'em',
  's',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
  'thead',
  'tbody',
  'tr',
];
const HEADINGS = { h1: 'h2', h2: 'h3', h3: 'h4', h4: 'h4', h5: 'h4', h6: 'h4' };
const CELL = 'border:1px solid #929292;padding:4px 8px;text-align:left';

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [...PLAIN, 'h2', 'h3', 'h4', 'a', 'table', 'th', 'td'],
  allowedAttributes: { a: ['href'], ol: ['start'], table: ['style'], th: ['style', 'scope'], td: ['style'] },
  allowedSchemes: ['https', 'mailto', 'tel'],
  allowedSchemesByTag: {},
  allowProtocolRelative: false,
  parseStyleAttributes: false,
  transformTags: {
    ...Object.fromEntries(Object.entries(HEADINGS).map(([from, to]) => [from, sanitizeHtml.simpleTransform(to, {})])),
    table: () => ({ tagName: 'table', attribs: { style: 'border-collapse:collapse;max-width:100%' } }),
    th: () => ({ tagName: 'th', attribs: { scope: 'col', style: CELL } }),
    td: () => ({ tagName: 'td', attribs: { style: CELL } }),
    a: (_tag, { href = '' }) => ({ tagName: 'a', attribs: isAbsolute(href) ? { href } : {} }),
  },
};

/**
 * Markdown as written by the desk, made safe: no HTML of the author's, no remote content, links to `https:`, `mailto:` and
 * `tel:` only (others keep their words).
 */
export function renderMarkdown(source: string): RenderedBody {
  return { html: sanitizeHtml(markdown.render(source), OPTIONS), text: plain(source) };
}

function isAbsolute(href: string): boolean {
  return /^(?:https:\/\/|mailto:|tel:)/i.test(href);
}

type Token = ReturnType<typeof markdown.parse>[number];

interface Lists {
  readonly numbers: (number | null)[];
}

/** The same words without marks: links as `words (address)`, list items with a dash or their number. */
function plain(source: string): string {
  const lists: Lists = { numbers: [] };
  const text = markdown
    .parse(source, {})
    .map((token) => block(token, lists))
    .join('');
  return text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function block(token: Token, lists: Lists): string {
  switch (token.type) {
    case 'inline':
      return inline(token.children ?? []);
    case 'heading_close':
    case 'paragraph_close':
      return token.hidden ? '\n' : '\n\n';
    case 'fence':
    case 'code_block':
      return `${token.content}\n`;
    case 'hr':
      return '----\n\n';
    case 'th_close':
    case 'td_close':
      return ' | ';
    case 'tr_close':
      return '\n';
    default:
      return list(token, lists);
  }
}

function list(token: Token, { numbers }: Lists): string {
  switch (token.type) {
    case 'bullet_list_open':
      numbers.push(null);
      return '';
    case 'ordered_list_open':
      numbers.push(Number(token.attrGet('start') ?? 1));
      return '';
    case 'bullet_list_close':
    case 'ordered_list_close':
      numbers.pop();
      return numbers.length === 0 ? '\n' : '';
    case 'list_item_open': {
      const number = numbers.pop() ?? null;
      numbers.push(number === null ? null : number + 1);
      return `${'  '.repeat(numbers.length - 1)}${number === null ? '-' : `${number}.`} `;
    }
    default:
      return '';
  }
}

function inline(tokens: readonly Token[]): string {
  let text = '';
  const opened: { readonly href: string; readonly at: number }[] = [];
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.type === 'link_open') opened.push({ href: String(token.attrGet('href') ?? ''), at: text.length });
    else if (token.type === 'link_close') text += targetOf(opened.pop(), text);
    else text += token.content;
  }
  return text;
}

/** ` (https://…)` after the words of a link; nothing where they are the address already, or where it may not be followed. */
function targetOf(link: { readonly href: string; readonly at: number } | undefined, text: string): string {
  if (link === undefined || !isAbsolute(link.href)) return '';
  const words = text.slice(link.at);
  return link.href === words || link.href === `mailto:${words}` ? '' : ` (${link.href})`;
}
