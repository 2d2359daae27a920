import { exactText, type Exact } from './exact.ts';
import { LARGEST, LIMITS, SIGNIFICANT_DIGITS } from './limits.ts';

/** A number as it came: its exact value, nothing at all, or what is wrong (code and French words). */
export type ReadNumber =
  { readonly value: Exact } | { readonly absent: true } | { readonly problem: readonly [string, string] };

/** Space, no-break space, narrow no-break space: what French keyboards and spreadsheets put between thousands. */
const THOUSANDS = '[ \\u00A0\\u202F]';
const NUMBER = new RegExp(`^([+\\-−]?)(\\d+|\\d{1,3}(?:${THOUSANDS}\\d{3})+)(?:([.,])(\\d+))?$`);
const LONGEST = 60;

const refused = (code: string, message: string): ReadNumber => ({ problem: [code, message] });
const FORM = 'Nombre attendu, en chiffres de 0 à 9 : 1234, 1 234 ou 1 234,5.';

/**
 * Reads a number of an answer, JSON number or text.
 *
 * | What came | Answer |
 * |---|---|
 * | `12`, `"12"`, `"007"`, `"+12"`, `" 12 "` | 12 (7) |
 * | `"1 234,5"` with a space, a no-break or a narrow no-break space; `"1234,5"`, `"1234.5"`, `1234.5` | 1234.5 |
 * | `"-3"`, `"−3"` (minus sign) | −3 |
 * | `-0`, `"-0"` | 0 |
 * | `1e9` (a JSON number: it *is* 1000000000) | 1000000000 |
 * | `"12 %"` where a percentage is asked | 12 |
 * | `null`, `""`, blank text | nothing: no zero |
 * | `"1.234"`, `"1,234.5"`, `"1.234,5"`, `"12 34"` | refused: a point may stand for thousands or for decimals |
 * | `"1e9"`, `"NaN"`, `"Infinity"`, `"0x10"`, `"١٢"`, `"１２"`, `",5"`, `"5,"`, `"1'234"`, `"douze"` | refused |
 * | `true`, `[]`, `{}` | refused |
 * | more than 12 digits before the comma, more than 6 decimals, more than 15 digits in all | refused |
 */
export function readNumber(raw: unknown, { percent = false }: { readonly percent?: boolean } = {}): ReadNumber {
  if (raw === undefined || raw === null) return { absent: true };
  if (typeof raw === 'number') return readJsonNumber(raw);
  if (typeof raw !== 'string') return refused('type', 'Un nombre est attendu.');
  if (raw.length > LONGEST) return refused('tooLong', `Un nombre tient en ${LONGEST} caractères.`);
  const text = raw.trim();
  if (text === '') return { absent: true };
  return readText(percent ? text.replace(/\s*%$/, '') : text);
}

function readJsonNumber(number: number): ReadNumber {
  if (!Number.isFinite(number)) return refused('number', FORM);
  const text = String(number);
  // JavaScript writes what is too large or too fine for us with an exponent.
  if (text.includes('e')) return Math.abs(number) > 1 ? TOO_LARGE : TOO_FINE;
  const [whole = '', decimals = ''] = text.replace('-', '').split('.');
  return bounded(number < 0 ? '-' : '', whole, decimals);
}

function readText(text: string): ReadNumber {
  const [matched, sign = '', whole = '', mark, decimals = ''] = NUMBER.exec(text) ?? [];
  if (matched === undefined) return refused('number', FORM);
  if (mark === '.' && decimals.length === 3 && whole.length <= 3 && !/^0+$/.test(whole)) {
    const [dotted, comma] = [`${whole}${decimals}`, `${whole},${decimals}`];
    return refused('ambiguous', `« ${text} » peut se lire ${dotted} ou ${comma} : écrivez l’un ou l’autre.`);
  }
  return bounded(sign, whole.replaceAll(new RegExp(THOUSANDS, 'g'), ''), decimals);
}

const TOO_LARGE = refused(
  'tooLarge',
  `Au plus ${LARGEST} en valeur absolue, et ${SIGNIFICANT_DIGITS} chiffres en tout.`,
);
const TOO_FINE = refused('decimals', `${LIMITS.decimals} décimales au plus.`);

function bounded(sign: string, whole: string, decimals: string): ReadNumber {
  const [digits, fine] = [whole.replace(/^0+(?=\d)/, ''), decimals.replace(/0+$/, '')];
  if (fine.length > LIMITS.decimals) return TOO_FINE;
  if (digits.length > String(LARGEST).length || digits.length + fine.length > SIGNIFICANT_DIGITS) return TOO_LARGE;
  const value = exactText(`${digits}${fine === '' ? '' : `.${fine}`}`);
  return { value: sign === '-' || sign === '−' ? value.neg() : value };
}
