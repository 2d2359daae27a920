/** Lines that open what somebody else wrote. All patterns are anchored, on lines of bounded length. */

const SEPARATOR =
  /^[-_=\s]{2,40}(?:message d'origine|message original|message initial|mail original|original message|original mail|forwarded message|message transfere|message reexpedie|courriel original|e-mail d'origine|ursprungliche nachricht|mensaje original)[-_=\s]{0,40}:?$/;
const BARE_SEPARATOR =
  /^(?:debut du message (?:reexpedie|transfere|d'origine)|begin forwarded message|message transfere|message d'origine|original message)\s?:$/;
const RULE_LINE = /^_{20,80}$|^-{20,80}$/;
const FIELD =
  /^(?:\|? ?)(de|from|von|expediteur|envoye(?: le| a)?|sent|date|a|to|cc|copie|objet|subject|importance|repondre a|reply-to|destinataires?)\s{0,2}:/;
const ATTRIBUTION_START = /^(?:le|on|el|il|am|en date du|-{2,} ?le|-{2,} ?on) .{0,200}$/;
const ATTRIBUTION_END =
  /(?:a ecrit|a repondu|ecrivait|wrote|escribio|ha scritto|schrieb(?: .{1,120})?)\s?:?(?: ?-{2,10})?$/;
const WROTE = /(?:a ecrit|wrote|ecrit)\s?:$/;
const IN_BRACKETS = /<[^<>\s]{3,100}>/;
const ENDS_IN_ADDRESS = /[^\s<>@]@[^\s<>@]{1,100}>?(?: \([^()]{0,60}\))?\s?:$/;
const HOUR_OR_DATE = /\d[/:h]\d{2}/;
const MAX_ATTRIBUTION_LINES = 4;
const HEADER_LINES = 8;

/** Lower case without accents, for the patterns above. */
export const flat = (line: string): string =>
  line
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .replaceAll('*', '')
    .trim();

export interface WithoutQuotes {
  readonly lines: readonly string[];
  /** Something was quoted or forwarded. */
  readonly quoted: boolean;
}

/**
 * Takes away what is quoted: lines with `>` wherever they stand (what is written between and under them stays), and from
 * a header block or a separator on all the rest, as Outlook, Exchange, Zimbra and forwards have it.
 */
export function withoutQuotes(lines: readonly string[]): WithoutQuotes {
  const own: string[] = [];
  let quoted = false;
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const attribution = attributionLines(lines, at);
    if (attribution > 0) {
      quoted = true;
      at = nextWithWords(lines, at + attribution);
      if (!isQuoteLine(lines[at] ?? '')) break;
    } else if (isQuoteLine(line)) {
      quoted = true;
      at += 1;
    } else if (opensForeignText(lines, at)) {
      quoted = true;
      break;
    } else {
      own.push(line);
      at += 1;
    }
  }
  return { lines: own, quoted };
}

const isQuoteLine = (line: string): boolean => /^\s{0,8}(?:>|\|\s)/.test(line);

function nextWithWords(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && (lines[at] ?? '').trim() === '') at += 1;
  return at;
}

/** How many lines from here are «Le 24 nov. 2026 à 14:05, CORRUSS <…> a écrit :», wrapped or not; 0 for none. */
function attributionLines(lines: readonly string[], at: number): number {
  const first = flat((lines[at] ?? '').replace(/^[>\s]+/, ''));
  if (namesItsWriter(first)) return 1;
  if (!ATTRIBUTION_START.test(first)) return 0;
  let joined = '';
  for (let count = 1; count <= MAX_ATTRIBUTION_LINES && at + count <= lines.length; count += 1) {
    joined = `${joined} ${flat((lines[at + count - 1] ?? '').replace(/^[>\s]+/, ''))}`.trim();
    if (ATTRIBUTION_END.test(joined) && /\d/.test(joined)) return count;
    if ((lines[at + count - 1] ?? '').trim() === '') return 0;
  }
  return 0;
}

/** «Jean <j@x.example> a écrit :», «24/11/2026 14:05, j@x.example :». */
const namesItsWriter = (line: string): boolean =>
  (WROTE.test(line) && IN_BRACKETS.test(line)) || (ENDS_IN_ADDRESS.test(line) && HOUR_OR_DATE.test(line));

function opensForeignText(lines: readonly string[], at: number): boolean {
  const line = flat(lines[at] ?? '');
  if (SEPARATOR.test(line) || BARE_SEPARATOR.test(line)) return true;
  if (RULE_LINE.test(line)) return isHeaderBlock(lines, nextWithWords(lines, at + 1));
  return isHeaderBlock(lines, at);
}

/** «De : … Envoyé : … À : … Objet : …»: three different fields within eight lines, the first of them a sender or a date. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const opening = FIELD.exec(flat(lines[at] ?? ''))?.[1];
  if (opening === undefined || !/^(?:de|from|von|expediteur|date|envoye|sent)/.test(opening)) return false;
  const names = lines.slice(at, at + HEADER_LINES).map((line) => FIELD.exec(flat(line))?.[1]);
  return new Set(names.filter((name) => name !== undefined)).size >= 3;
}
