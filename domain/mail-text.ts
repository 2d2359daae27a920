/** Words of a mail in the one form that the rules of `mail-intent` and `mail-dates` are written for. */

const MAX_CHARACTERS = 2_000;
const MAX_LINES = 14;
const GREETING =
  /^(?:bonjour|bonsoir|rebonjour|re-bonjour|salut|madame|monsieur|mesdames|messieurs|cher|chere|chers|cheres|dear|hello|hi|good (?:morning|evening|afternoon))\b[^.!?:;,]{0,40}[,!.]?\s{0,3}/;

/** Not after «M.», «Mme.», «art.» nor a shortened month. */
const SENTENCE_END =
  /(?<=[?!;])\s{0,3}|(?<!\b(?:[a-z]|mme|mr|dr|art|janv|fevr?|avr|juil|sept?|oct|nov|dec|jan|feb|mar|apr|aug))\.+(?=\s|$)/;

/** Lower case, no accents, plain quotes, spaces and dashes. Lengths differ from the original's. */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[«»"\u201c-\u201e*_]/g, ' ')
    .replace(/[\p{Cf}\p{Cc}]/gu, (char) => (char === '\n' ? '\n' : ' '))
    .replace(/[^\S\n]+/g, ' ');

/** A link's own question mark asks nothing. */
const withoutLinks = (text: string): string => text.replace(/\bhttps?:\/\/\S{1,500}/g, ' ');

/** Whether something is asked anywhere, also beyond the first lines. */
export const asks = (text: string): boolean => /[?\u061f\uff1f]/.test(withoutLinks(text));

/**
 * The first lines as clauses, in order: one thing said, without its greeting. A question keeps its mark.
 * @param text what the person wrote, without quoted text and signature
 */
export function clauses(text: string): string[] {
  const lines = plain(withoutLinks(text.slice(0, MAX_CHARACTERS)))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, MAX_LINES);
  return unwrapped(lines)
    .map(withoutGreeting)
    .flatMap((line) => line.replace(/([?!;])\1+/g, '$1').split(SENTENCE_END))
    .flatMap((sentence) => sentence.split(/,? (?:mais|cependant|toutefois|neanmoins|en revanche|but|however) /))
    .map((clause) => clause.replace(/^[\s,.!:;>+-]+|[\s,.!:;-]+$/g, ''))
    .filter((clause) => clause !== '');
}

/** A line that was broken by the mail client goes on in the next one; a short line is a thought of its own. */
function unwrapped(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let wrapped = false;
  for (const line of lines) {
    if (wrapped && /^[a-z0-9(]/.test(line)) joined.push(`${joined.pop() ?? ''} ${line}`);
    else joined.push(line);
    wrapped = line.length >= 60 && !/[.!?:;,]$/.test(line);
  }
  return joined;
}

function withoutGreeting(line: string): string {
  const rest = line.replace(GREETING, '');
  return rest === line ? line : rest.replace(GREETING, '');
}
