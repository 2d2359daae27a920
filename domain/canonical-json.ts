/**
 * One text for one value: JSON with sorted keys and no spaces, absent and undefined fields alike. Lone surrogates come out
 * escaped, as JSON.stringify does.
 * @throws TypeError on what JSON cannot say (a cycle, a bigint)
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, found: unknown) => (isPlain(found) ? sorted(found) : found));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]),
  );
