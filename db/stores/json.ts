/** What PostgreSQL refuses in jsonb: NUL and lone halves of a surrogate pair, as `JSON.stringify` writes them. */
const REFUSED = /\\u(0000|d[89a-f])/i;

const clean = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;

/**
 * JSON text that jsonb takes for certain. The doors refuse NUL and lone surrogates; should one pass all the same, it is
 * replaced (U+FFFD) here, because a recording that can never succeed would hold its workflow for ever.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return REFUSED.test(text) ? JSON.stringify(value, clean) : text;
}
