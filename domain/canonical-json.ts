/**
 * One text for one value: JSON with sorted keys and no spaces, absent and undefined fields alike. Lone surrogates come out
 * escaped, as JSON.stringify does. Written out by hand: the seals of a chain are checked entry by entry, and a replacer
 * that sorts costs several times as much. Keys that are array indices come first by their number, the order of every object.
 * @throws TypeError on what JSON cannot say (a bigint), RangeError on a cycle
 */
export const canonicalJson = (value: unknown): string => write(value) as string;

function write(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (hasJson(value)) return write(value.toJSON());
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  const fields: string[] = [];
  for (const key of sortedKeys(value)) {
    const text = write((value as Record<string, unknown>)[key]);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

const hasJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** As ECMAScript counts array indices: below 2^32 - 1. */
const isIndex = (key: string): boolean => /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (!isIndex(keys[0] ?? '')) return keys.sort();
  const indices = keys.filter(isIndex);
  return [...indices, ...keys.filter((key) => !isIndex(key)).sort()];
}
