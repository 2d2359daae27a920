/** Schemes that a link of a mail may have. */
const SCHEMES: readonly string[] = ['http', 'https', 'mailto', 'tel'];

/** A tag, a comment or a declaration (CommonMark 0.31, «Raw HTML»); `<https://…>` and `<a@b.fr>` are links, not tags. */
const TAG = /<(?:[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|\/[a-z]|!--|![a-z[]|\?)/i;
/** Tags that a reader might repair although they are never closed. */
const OPEN_TAG = /<(?:script|img|iframe|svg|style|object|embed|form|input|link|meta|base|video|audio|math|a)[\s/]/i;

/** Where Markdown puts a link: in line, in a reference's definition, between angle brackets. */
const DESTINATIONS: readonly RegExp[] = [
  /\]\(\s*<?([^)>\n]*)/g,
  /^[ \t>*+-]{0,12}\[[^\]\n]+\]:\s*<?([^>\s]+)/gm,
  /<([a-z][a-z0-9+.-]{1,31}:[^<>\n]*)>/gi,
];

/** What is wrong with a Markdown body, as codes and French words: HTML, and links that a mail must not carry. */
export function bodyProblems(body: string): readonly (readonly [string, string])[] {
  const problems: (readonly [string, string])[] = [];
  if (TAG.test(body) || OPEN_TAG.test(body)) {
    problems.push(['html', 'Le HTML n’est pas admis : écrivez en Markdown.']);
  }
  if (forbiddenLink(body)) {
    problems.push(['link', `Lien refusé : seuls ${SCHEMES.join(', ')} sont admis.`]);
  }
  return problems;
}

function forbiddenLink(body: string): boolean {
  if (/(?:javascript|vbscript):/i.test(plain(body))) return true;
  return DESTINATIONS.some((where) => [...body.matchAll(where)].some(([, found]) => !isAllowed(plain(found ?? ''))));
}

function isAllowed(destination: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(destination.replace(/\s+/g, ''))?.[1];
  return scheme === undefined || SCHEMES.includes(scheme.toLowerCase());
}

const NAMED: Readonly<Record<string, string>> = { colon: ':', tab: '', newline: '', nbsp: '', zerowidthspace: '' };

/** A text as a lenient reader would take it: character references and escapes undone, controls gone (line breaks are such). */
function plain(text: string): string {
  return text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_all, hex: string) => character(parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_all, decimal: string) => character(Number(decimal)))
    .replace(/&([a-z]+);/gi, (all, named: string) => NAMED[named.toLowerCase()] ?? all)
    .replace(/%([0-7][0-9a-f])/gi, (_all, hex: string) => character(parseInt(hex, 16)))
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\p{C}+/gu, '');
}

const character = (point: number): string => (point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '');
