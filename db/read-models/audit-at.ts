import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import { AuditState, type KnownState } from '../../domain/audit-state.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Sql } from '../database.ts';
import { isChainStart, isIntact, type SealedEntry } from '../stores/audit-chain.ts';

/** Which clock «then» is read on: when it happened (the workflow's) or when it was recorded (the machine's). */
export type AuditClock = 'happened' | 'recorded';

export interface StateThen {
  readonly state: KnownState;
  /** Entries of the chain up to then, and the last that the state counts. */
  readonly entries: number;
  readonly position: number;
  readonly hmac: string;
  readonly lastAt: Instant;
  readonly lastRecordedAt: Instant;
  /** Every seal and every link up to there holds. */
  readonly intact: boolean;
}

type Row = Omit<SealedEntry, 'at' | 'recordedAt'> & { readonly at: string; readonly recordedAt: string };

/**
 * What was known of an instruction at an instant, rebuilt from its audit alone. Undefined when nothing was known yet.
 * @throws AuditWithoutState when its chain does not carry the state
 */
export async function readAuditAt(
  db: Sql,
  keys: KeyRing,
  asked: { readonly subject: string; readonly until: Instant; readonly clock: AuditClock },
): Promise<StateThen | undefined> {
  const known = knownBy(await readChain(db, asked.subject), asked);
  const last = known.at(-1);
  const audit = new AuditState();
  for (const { at, kind, organisation, actorSub, actorOrganisation, data } of known) {
    const actor = { sub: actorSub, organisation: actorOrganisation };
    audit.take({ at, kind, organisation, actor, data } as Parameters<AuditState['take']>[0]);
  }
  const { state } = audit;
  if (last === undefined || state === undefined) return undefined;
  const { position, hmac, at: lastAt, recordedAt: lastRecordedAt } = last;
  return { state, entries: known.length, position, hmac, lastAt, lastRecordedAt, intact: holds(known, keys) };
}

/** Entries after which there is a state; any other belongs to the turn whose entry comes after it. */
const SETTLES: ReadonlySet<string> = new Set(['drafted', 'edited', 'draftDeleted', 'turnRecorded']);

/** In the order of the chain: a fact may bear an earlier instant than the turn that recorded it, and was known with that turn. */
function knownBy(
  entries: readonly SealedEntry[],
  { until, clock }: { readonly until: Instant; readonly clock: AuditClock },
): readonly SealedEntry[] {
  let count = 0;
  let ended = false;
  for (const [index, { kind, at, recordedAt }] of entries.entries()) {
    ended ||= kind === 'ended';
    // No turn follows the last one: a call for support that was made later stands alone.
    if (!SETTLES.has(kind) && !(ended && kind === 'supportGiven')) continue;
    if ((clock === 'recorded' ? recordedAt : at) > until) break;
    count = index + 1;
  }
  return entries.slice(0, count);
}

function holds(entries: readonly SealedEntry[], keys: KeyRing): boolean {
  return entries.every((entry, index) => {
    const before = entries[index - 1];
    if (entry.position !== index + 1 || !isIntact(keys, entry)) return false;
    return before === undefined ? isChainStart(keys, entry.subject, entry.previous) : entry.previous === before.hmac;
  });
}

async function readChain(db: Sql, subject: string): Promise<SealedEntry[]> {
  const { rows } = await sql<Row>`
    select subject, position, (extract(epoch from at) * 1000)::bigint as at,
      (extract(epoch from recorded_at) * 1000)::bigint as "recordedAt", kind, organisation_id as organisation,
      actor_sub as "actorSub", actor_organisation as "actorOrganisation", data, previous, hmac
    from audit_entry where subject = ${subject} order by position`.execute(db);
  return rows.map((row) => ({ ...row, at: Number(row.at), recordedAt: Number(row.recordedAt) }));
}
