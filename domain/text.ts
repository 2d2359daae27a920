/** Lone halves of a surrogate pair: PostgreSQL refuses them in jsonb. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** True when a text can be stored anywhere: no NUL and no lone surrogate (PostgreSQL refuses both). */
export const wellFormed = (text: string): boolean => !text.includes('\0') && !LONE_SURROGATE.test(text);

/**
 * One character that a person sees: neither white space nor control, nor what Unicode has shown as nothing (zero-width spaces and
 * joiners, soft hyphens, fillers, tags), nor the empty Braille pattern. The source of a regular expression with the flag `u`.
 */
export const VISIBLE = '[^\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800]';

const SEEN = new RegExp(VISIBLE, 'u');

/** True when there is nothing to be seen: the one rule of «text not blank». */
export const isBlank = (text: string): boolean => !SEEN.test(text);

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/;

/** True for a text of one line: no line break of any alphabet and no other control character (mail headers). */
export const isOneLine = (text: string): boolean => !CONTROL.test(text);
