import EmailReplyParser from 'email-reply-parser';
import { flat, withoutQuotes } from './quotes.ts';
import { withoutSignature } from './signatures.ts';

export interface ReplyText {
  /** What the writer wrote himself, at most 4 000 characters. */
  readonly text: string;
  /** Something was quoted or forwarded. */
  readonly quoted: boolean;
}

/** The intent stands in the first lines; the bounds keep every pattern, the library's included, cheap. */
const MAX_READ = 64 * 1024;
const MAX_LINES = 1_500;
const MAX_LINE = 400;
const LIBRARY_LINES = 60;
const MAX_TEXT = 4_000;
/**
 * email-reply-parser has patterns that span lines for these languages (`[\s\S]+` twice: cubic). A text with one of their
 * words goes by our rules alone; re2, which would bound them, is an optional native package that is not installed.
 */
const UNBOUNDED = /schreef|schrieb|pisze|napisa|skrev|写道/i;

/**
 * Takes quoted text and signature away: our rules for French and English clients, then email-reply-parser for what they
 * don't know.
 * @param text the body as text, of any length
 */
export function readReplyText(text: string): ReplyText {
  const lines = normalised(text);
  const { lines: own, quoted } = withoutQuotes(lines);
  const unsigned = trimmed(withoutSignature(trimmed(own)));
  const kept = byLibrary(unsigned.join('\n'));
  return { text: kept.text.trim().slice(0, MAX_TEXT).toWellFormed(), quoted: quoted || kept.quoted };
}

function normalised(text: string): string[] {
  return text
    .slice(0, MAX_READ)
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u202f\u2007]/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .split('\n', MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE).trimEnd());
}

function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1).filter((line, at, all) => line !== '' || all[at - 1] !== '');
}

/** The library hides paragraphs like «Le bilan vous est adressé par écrit»: what bears no date and no address comes back. */
function byLibrary(text: string): ReplyText {
  if (text === '' || UNBOUNDED.test(text)) return { text, quoted: false };
  const lines = text.split('\n');
  const head = lines.slice(0, LIBRARY_LINES).join('\n').slice(0, MAX_TEXT);
  const fragments = new EmailReplyParser().read(head).getFragments();
  const quotes = fragments.filter((fragment) => fragment.isQuoted() && looksQuoted(fragment.getContent()));
  const kept = fragments
    .filter((fragment) => !fragment.isHidden() || (fragment.isQuoted() && !quotes.includes(fragment)))
    .map((fragment) => fragment.getContent())
    .join('\n');
  const foreign = quotes.length > 0;
  return { text: kept.trim() === '' && !foreign ? text : kept, quoted: foreign };
}

const looksQuoted = (content: string): boolean => {
  const first = flat(content.trimStart().split('\n', 1)[0] ?? '');
  return first.startsWith('>') || (/\d/.test(first) && /[@:<]/.test(first));
};
