import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import type { Actor } from '../../../domain/events.ts';
import { type Database, newId, type Transaction } from '../../database.ts';
import { appendAudit, crisisSubject } from '../audit.ts';

interface Act {
  readonly by: Actor;
  readonly now: number;
}

export interface NewCrisis {
  readonly name: string;
  readonly description: string;
  readonly exercise: boolean;
}

/** `open`: so many of its messages are still followed. */
export type CrisisRefusal =
  | { readonly refused: 'closed' }
  | { readonly refused: 'stale' }
  | { readonly refused: 'open'; readonly messages: number };
export type CrisisChange = { readonly version: number } | CrisisRefusal;

export function openCrisis(database: Database, keys: KeyRing, crisis: NewCrisis, act: Act): Promise<{ id: string }> {
  const id = newId();
  const at = new Date(act.now);
  return database.sql.transaction().execute(async (trx) => {
    const { name, exercise } = crisis;
    const opened = { opened_by: act.by.sub, opened_at: at, updated_at: at };
    await trx
      .insertInto('crisis')
      .values({ id, ...crisis, ...opened })
      .execute();
    await tell(trx, keys, id, { kind: 'crisisOpened', act, data: { name, exercise } });
    return { id };
  });
}

export function changeCrisis(
  database: Database,
  keys: KeyRing,
  change: {
    readonly id: string;
    readonly version: number | null;
    readonly name?: string;
    readonly description?: string;
  },
  act: Act,
): Promise<CrisisChange> {
  const { id, version, ...fields } = change;
  return database.sql.transaction().execute(async (trx) => {
    const found = await lockOpen(trx, id, version);
    if ('refused' in found) return found;
    const next = found.version + 1;
    const values = { ...fields, version: next, updated_at: new Date(act.now) };
    await trx.updateTable('crisis').set(values).where('id', '=', id).execute();
    await tell(trx, keys, id, { kind: 'crisisChanged', act, data: { ...fields } });
    return { version: next };
  });
}

/** A crisis is closed when nothing of it is open any more: nobody is forgotten in a closed one. */
export function closeCrisis(
  database: Database,
  keys: KeyRing,
  crisis: { readonly id: string; readonly reason: string },
  act: Act,
): Promise<CrisisChange> {
  const { id, reason } = crisis;
  return database.sql.transaction().execute(async (trx) => {
    const found = await lockOpen(trx, id, null);
    if ('refused' in found) return found;
    const { open } = await trx
      .selectFrom('instruction')
      .select(sql<number>`count(*)::int`.as('open'))
      .where('crisis_id', '=', id)
      .where('status', '=', 'open')
      .executeTakeFirstOrThrow();
    if (open > 0) return { refused: 'open', messages: open };
    const closed = { closed_at: new Date(act.now), closed_by: act.by.sub, version: found.version + 1 };
    await trx.updateTable('crisis').set(closed).where('id', '=', id).execute();
    await tell(trx, keys, id, { kind: 'crisisClosed', act, data: { reason } });
    return { version: found.version + 1 };
  });
}

async function lockOpen(trx: Transaction, id: string, version: number | null): Promise<CrisisChange> {
  const row = await trx
    .selectFrom('crisis')
    .select(['version', 'closed_at'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.closed_at !== null) return { refused: 'closed' };
  return version !== null && version !== row.version ? { refused: 'stale' } : { version: row.version };
}

interface Told {
  readonly kind: 'crisisOpened' | 'crisisChanged' | 'crisisClosed';
  readonly act: Act;
  readonly data: Readonly<Record<string, unknown>>;
}

const tell = (trx: Transaction, keys: KeyRing, id: string, { kind, act, data }: Told): Promise<void> =>
  appendAudit(trx, keys, crisisSubject(id), [{ at: act.now, kind, organisation: null, actor: act.by, data }]);
