import { type Position, readCursor } from '../../db/read-models/cursor.ts';
import { invalid } from '../problem.ts';
import { isUuid } from '../../domain/uuid.ts';

const DEFAULT_LIMIT = 50;

interface Query {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Where a list of instants goes on. @throws Problem 422 when the cursor is not one of ours */
export function pageRequest({ limit = DEFAULT_LIMIT, cursor }: Query): { limit: number; after: Position | null } {
  if (cursor === undefined) return { limit, after: null };
  const after = readCursor(cursor);
  if (after === null) throw badCursor();
  return { limit, after };
}

/** The same for lists of rows with a UUID: the cursor of another list is none of theirs. */
export function rowRequest(query: Query): { limit: number; after: Position | null } {
  const page = pageRequest(query);
  if (page.after !== null && !isUuid(page.after.id)) throw badCursor();
  return page;
}

/** The same for lists ordered by a plain key. */
export const keyRequest = (query: Query): { limit: number; after: string | null } => {
  const { limit, after } = pageRequest(query);
  return { limit, after: after === null ? null : after.id };
};

/** The same for a timeline: the cursor holds the position of the last entry seen. */
export function positionRequest(query: Query): { limit: number; after: number } {
  const { limit, after } = keyRequest(query);
  if (after !== null && !/^\d{1,9}$/.test(after)) throw badCursor();
  return { limit, after: Number(after ?? 0) };
}

const badCursor = () =>
  invalid([{ pointer: '/cursor', code: 'cursor', message: 'Ce curseur n’est pas un `nextCursor` de cette liste.' }]);
