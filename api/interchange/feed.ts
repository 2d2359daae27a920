import { listInstructions } from '../../db/read-models/instructions.ts';
import type { Scope } from '../../domain/scope.ts';
import type { ApiDeps } from '../deps.ts';
import { atomOf } from './atom.ts';

const FEED_LENGTH = 50;

/** The Atom feed of a reader. @param self where exactly this feed is read again */
export async function messagesFeed(
  { database, settings, now }: ApiDeps,
  scope: Scope,
  self = `${settings.publicUrl}/v1/feed.atom`,
): Promise<string> {
  const { items } = await listInstructions(
    database.sql,
    scope,
    { released: true },
    { limit: FEED_LENGTH, after: null },
  );
  return atomOf(items, { publicUrl: settings.publicUrl, self, now: now() });
}
