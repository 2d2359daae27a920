import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { KeyRing } from '../../../config/keys.ts';
import type { SignalEntryKind, SignalUrgency, SignalWords } from '../../../domain/early-signal.ts';
import { signalReference } from '../../../domain/early-signal-words.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Database, newId, type Sql, type Transaction } from '../../database.ts';
import { appendAudit, signalSubject } from '../audit.ts';
import { toJson } from '../json.ts';

/** Who writes, when, and under which key of the request (null: none was given). */
export interface SignalWriting {
  readonly by: Actor & { readonly name: string };
  readonly now: Instant;
  readonly key: string | null;
}

/** Id of what stands there; `same` false: the key had been used for other words, which stay. */
export interface Stored {
  readonly id: string;
  readonly same: boolean;
}

export interface NewEarlySignal {
  readonly urgency: SignalUrgency;
  readonly exercise: boolean;
  readonly subject: string;
  readonly dueAt: Instant;
  readonly early: SignalWords['early'];
}

/**
 * Keeps an early signal before anything else is done about it: row, words and audit in one transaction. Asked again by the same
 * key: the same signal.
 */
export function storeSignal(
  database: Database,
  keys: KeyRing,
  { early, dueAt, ...signal }: NewEarlySignal,
  writing: SignalWriting,
): Promise<Stored> {
  const { by, now, key } = writing;
  const { organisation } = by;
  const id = newId();
  return database.sql.transaction().execute(async (trx) => {
    const raisedAt = new Date(now);
    const inserted = await trx
      .insertInto('early_signal')
      .values({
        id,
        organisation_id: organisation,
        reference: signalReference({ id, organisation, exercise: signal.exercise, raisedAt: now }),
        ...signal,
        raised_by: by.sub,
        raised_by_name: by.name,
        raised_at: raisedAt,
        due_at: new Date(dueAt),
        request_key: key,
        status: 'received',
        task: 'signalToAcknowledge',
        task_since: raisedAt,
      })
      .onConflict((conflict) => conflict.column('request_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted === undefined) return firstTry(trx, key, early);
    const { sha256 } = await writeEntry(trx, { signal: id, kind: 'early', content: early }, { ...writing, key: null });
    const data = { urgency: signal.urgency, exercise: signal.exercise, due: dueAt, sha256 };
    const actor = { sub: by.sub, organisation };
    await appendAudit(trx, keys, signalSubject(id), [{ at: now, kind: 'signalRaised', organisation, actor, data }]);
    return { id, same: true };
  });
}

/** What the first request by that key has stored. */
async function firstTry(trx: Transaction, key: string | null, early: SignalWords['early']): Promise<Stored> {
  const { id, sha256 } = await trx
    .selectFrom('early_signal as s')
    .innerJoin('early_signal_entry as e', 'e.signal_id', 's.id')
    .select(['s.id', 'e.sha256'])
    .where('s.request_key', '=', key)
    .where('e.kind', '=', 'early')
    .executeTakeFirstOrThrow();
  return { id, same: sha256 === hashOf(early) };
}

interface NewEntry<Kind extends SignalEntryKind = SignalEntryKind> {
  readonly signal: string;
  readonly kind: Kind;
  readonly content: SignalWords[Kind];
}

/**
 * Keeps the words of an act upon a signal; they count once its workflow has taken them. The same key brings back the entry of
 * the first try, so that an act whose answer was lost is done once.
 */
export async function storeEntry<Kind extends SignalEntryKind>(
  database: Database,
  entry: NewEntry<Kind>,
  writing: SignalWriting,
): Promise<Stored> {
  const { id, sha256 } = await writeEntry(database.sql, entry, writing);
  return { id, same: sha256 === hashOf(entry.content) };
}

const hashOf = (content: object): string => createHash('sha256').update(canonicalJson(content)).digest('hex');

async function writeEntry(
  db: Sql,
  { signal, kind, content }: NewEntry,
  { by, now, key }: SignalWriting,
): Promise<{ readonly id: string; readonly sha256: string }> {
  const sha256 = hashOf(content);
  const inserted = await db
    .insertInto('early_signal_entry')
    .values({
      id: newId(),
      signal_id: signal,
      kind,
      content: toJson(content),
      sha256,
      by_sub: by.sub,
      by_name: by.name,
      by_organisation: by.organisation,
      written_at: new Date(now),
      request_key: key,
    })
    .onConflict((conflict) => conflict.column('request_key').doNothing())
    .returning(['id', 'sha256'])
    .executeTakeFirst();
  if (inserted !== undefined) return inserted;
  return db
    .selectFrom('early_signal_entry')
    .select(['id', 'sha256'])
    .where('request_key', '=', key)
    .executeTakeFirstOrThrow();
}

/** Words of an act that was refused: they never counted. */
export async function dropEntry(database: Database, id: string): Promise<void> {
  await database.sql.deleteFrom('early_signal_entry').where('id', '=', id).execute();
}

/** Stored before that instant and still followed by nobody, oldest first: the engine was away. */
export const signalsToFollow = (database: Database, olderThan: Instant, limit: number): Promise<{ id: string }[]> =>
  database.sql
    .selectFrom('early_signal')
    .select('id')
    .where('seq', '=', 0)
    .where('raised_at', '<', new Date(olderThan))
    .orderBy('raised_at')
    .limit(limit)
    .execute();
