/** Where a list goes on: the sort key of the last row given, opaque for the caller. */
export interface Position {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: Position | null;
}

export const writeCursor = (position: Position): string =>
  Buffer.from(JSON.stringify([position.at, position.id])).toString('base64url');

/** The year 10 000: nothing of ours is later, and PostgreSQL reads every instant before it. */
const END_OF_TIME = Date.UTC(10_000, 0);

/** @returns null when the text is no cursor of ours */
export function readCursor(text: string): Position | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return null;
    const [at, id] = parsed as unknown[];
    const isTime = typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at < END_OF_TIME;
    return isTime && typeof id === 'string' && !id.includes('\0') ? { at, id } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Cuts the one row read beyond the limit and says where the next page starts. */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: more ? writeCursor(positionOf(last)) : null };
}

/** RFC 3339 in UTC, or null. */
export const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;
