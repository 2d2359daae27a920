/** One verdict of the relay, e.g. `dkim=pass header.d=ars-84.example`. */
export interface AuthenticationVerdict {
  /** Lower case: pass, fail, softfail, neutral, none, temperror, permerror, policy… (RFC 8601, 2.7). */
  readonly result: string;
  /** The domain that the verdict is about, lower case. */
  readonly domain: string | null;
}

/** What our relay found out about the sender; everything null or empty when it said nothing. */
export interface MailAuthentication {
  readonly authservId: string | null;
  readonly spf: AuthenticationVerdict | null;
  /** One for each signature. */
  readonly dkim: readonly AuthenticationVerdict[];
  readonly dmarc: AuthenticationVerdict | null;
}

const NOTHING: MailAuthentication = { authservId: null, spf: null, dkim: [], dmarc: null };
const MAX_VERDICTS = 20;
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  spf: ['smtp.mailfrom', 'smtp.helo'],
  dkim: ['header.d', 'header.i'],
  dmarc: ['header.from'],
};

/**
 * Reads the topmost `Authentication-Results` that carries our relay's name. All others are what a sender may have
 * written himself: a relay only adds on top (RFC 8601, 5 and 7.1).
 * @param headers values of all `Authentication-Results`, top first
 * @param authservId name of our relay; without one nothing is believed
 */
export function readAuthentication(headers: readonly string[], authservId: string | undefined): MailAuthentication {
  if (authservId === undefined || authservId === '') return NOTHING;
  for (const header of headers) {
    const [name = '', ...verdicts] = splitOutsideQuotes(header);
    if (name.trim().split(/\s/, 1)[0]?.toLowerCase() !== authservId.toLowerCase()) continue;
    return collect(authservId, verdicts.slice(0, MAX_VERDICTS));
  }
  return NOTHING;
}

function collect(authservId: string, parts: readonly string[]): MailAuthentication {
  const found = parts.map(readVerdict).filter((verdict) => verdict !== null);
  const of = (method: string): readonly AuthenticationVerdict[] =>
    found.filter((verdict) => verdict.method === method).map(({ result, domain }) => ({ result, domain }));
  return { authservId, spf: of('spf')[0] ?? null, dkim: of('dkim'), dmarc: of('dmarc')[0] ?? null };
}

function readVerdict(part: string): (AuthenticationVerdict & { readonly method: string }) | null {
  const words = part
    .trim()
    .replace(/\s{0,20}=\s{0,20}/g, '=')
    .split(/\s+/);
  const [method, result] = (words[0] ?? '').toLowerCase().split('=');
  const properties = PROPERTIES[method?.split('/', 1)[0] ?? ''];
  if (method === undefined || result === undefined || !/^[a-z]{1,20}$/.test(result) || !properties) return null;
  const pairs = new Map(words.slice(1).map((word) => splitOnce(word.toLowerCase())));
  const value = properties.map((property) => pairs.get(property)).find((one) => one !== undefined && one !== '');
  return { method: method.split('/', 1)[0] ?? method, result, domain: value === undefined ? null : domainOf(value) };
}

const splitOnce = (word: string): [string, string] => {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
};

const domainOf = (value: string): string => value.slice(value.lastIndexOf('@') + 1).replace(/[<>]/g, '');

/** Splits at `;` and takes comments and quotes away, in one pass. */
function splitOutsideQuotes(value: string): string[] {
  const parts: string[] = [];
  let current = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '"' && depth === 0) quoted = !quoted;
    else if (quoted) current += char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (char === ';') {
      parts.push(current);
      current = '';
    } else current += char;
  }
  return [...parts, current];
}
