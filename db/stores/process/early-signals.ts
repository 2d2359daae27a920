import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { KeyRing } from '../../../config/keys.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { Fact } from '../../../domain/changes.ts';
import {
  isLate,
  statusOf,
  taskOf,
  type EarlySignal,
  type SignalChanges,
  type SignalEntryKind,
  type SignalMail,
  type SignalWords,
} from '../../../domain/early-signal.ts';
import { newSignal } from '../../../domain/early-signal-step.ts';
import { MACHINE } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/instant.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import type { Sql, Transaction } from '../../database.ts';
import { appendAudit, signalSubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { contactsOf, type FoundContact } from './contacts.ts';
import { planNotices, withdrawNotices, type NewNotice, type NoticeSource } from './notices.ts';
import { whoIsOnCall } from './on-call.ts';
import { untoldFacts } from './untold-facts.ts';

export const noticeSource = (signal: string): NoticeSource => `signal/${signal}`;

/** The signal where the database stands: as its last turn left it, or as it was stored. Undefined: there is none. */
export async function storedSignal(database: Sql, id: string): Promise<EarlySignal | undefined> {
  const row = await database.selectFrom('early_signal').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.state !== null) return row.state;
  const { organisation_id: organisation, exercise, urgency, raised_at, due_at } = row;
  const times = { raisedAt: raised_at.getTime(), dueAt: due_at.getTime() };
  return newSignal({ signal: id, organisation, exercise, urgency, ...times });
}

/** All that the mails of a signal tell. */
export interface SignalMatter {
  readonly id: string;
  readonly reference: string;
  readonly subject: string;
  readonly organisationName: string;
  readonly timeZone: string;
  readonly raisedBy: string;
  readonly early: SignalWords['early'];
  readonly entries: ReadonlyMap<string, SignalEntry>;
}

export interface SignalEntry {
  readonly kind: SignalEntryKind;
  readonly content: SignalWords[SignalEntryKind];
  readonly sha256: string;
  readonly by: string;
}

export async function signalMatter(database: Sql, id: string): Promise<SignalMatter> {
  const signal = await database
    .selectFrom('early_signal as s')
    .innerJoin('organisation as o', 'o.id', 's.organisation_id')
    .select(['s.id', 's.reference', 's.subject', 'o.name as organisationName', 'o.time_zone as timeZone'])
    .select('s.raised_by_name as raisedBy')
    .where('s.id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = await database
    .selectFrom('early_signal_entry')
    .select(['id', 'kind', 'content', 'sha256', 'by_name as by'])
    .where('signal_id', '=', id)
    .execute();
  const early = rows.find(({ kind }) => kind === 'early')?.content as SignalWords['early'];
  return { ...signal, early, entries: new Map(rows.map(({ id: entry, ...row }) => [entry, row])) };
}

/** A planned mail with the address it goes to; null: there is nobody. */
export interface AddressedMail {
  readonly mail: SignalMail;
  readonly to: { readonly organisation: string; readonly address: string; readonly name: string } | null;
}

/** Whom each plan goes to as the directory and the rosters are now; `at` decides who is on duty. */
export async function addressMails(
  database: Sql,
  organisation: string,
  plans: readonly SignalMail[],
  at: Instant,
): Promise<AddressedMail[]> {
  const wanted = plans.map(({ target }) => ({
    organisation: target === 'alertBox' ? organisation : CORRUSS,
    target,
    channel: 'mail' as const,
    detail: {},
  }));
  const { rows } = await sql<{ contacts: FoundContact[] | null }>`select ${contactsOf(wanted)} as contacts`.execute(
    database,
  );
  const contacts = new Map((rows[0]?.contacts ?? []).map((contact) => [contact.n, contact]));
  return plans.map((mail, n) => {
    const contact = contacts.get(n);
    const found = contact === undefined ? undefined : whoIsOnCall(contact, 'mail', at);
    const { addressee = null, address = null, name = null } = found ?? {};
    if (addressee === null || address === null) return { mail, to: null };
    return { mail, to: { organisation: addressee, address, name: name ?? '' } };
  });
}

export interface SignalStore {
  readonly sql: Sql;
  readonly keys: KeyRing;
  /** Domain of message ids. */
  readonly mailReplyDomain: string;
}

/** The database has later turns than the workflow knows: restored apart. */
export class SignalAhead extends Error {}

/**
 * Records one turn in one transaction: state, audit, mails planned or taken back. The whole state is written each time, so a turn
 * that was lost after its recording (or a restored database) is written over by the one that the workflow holds.
 * @param entries sealed with the facts that refer to them
 * @throws SignalAhead
 */
export function recordSignalTurn(
  { sql: database, keys, mailReplyDomain: domain }: SignalStore,
  changes: SignalChanges,
  { notices, entries }: { readonly notices: readonly NewNotice[]; readonly entries: SignalMatter['entries'] },
): Promise<void> {
  const { after, at, facts } = changes;
  const source = noticeSource(after.signal);
  return database.transaction().execute(async (trx) => {
    const before = await lock(trx, after.signal);
    const fingerprint = signalFingerprint(after);
    if (before.seq > after.seq)
      throw new SignalAhead(`${after.signal} stands at turn ${before.seq}, not ${after.seq - 1}`);
    const subject = signalSubject(after.signal);
    const isTaken = before.seq === after.seq;
    const sealed = facts.map((fact) => withHash(fact, entries));
    const untold = isTaken ? await untoldFacts(trx, subject, after.seq, sealed) : sealed;
    if (isTaken && before.fingerprint === fingerprint && untold.length === 0) return;
    await writeState(trx, after, fingerprint);
    const again = before.seq === after.seq - 1 ? [] : [recordedAgain(at, after)];
    await appendAudit(trx, keys, subject, [...untold, ...again, turnFact(at, after)]);
    await withdrawNotices(
      trx,
      source,
      changes.withdrawals.map(({ purpose, number }) => patternOf(after, purpose, number)),
    );
    await planNotices(trx, notices, { source, at, domain });
  });
}

/** Writes a state over whatever stands there, for `npm run reconcile`. @param seq turn to stand at */
export function overwriteSignal({ sql: database, keys }: SignalStore, state: EarlySignal, seq: number): Promise<void> {
  return database.transaction().execute(async (trx) => {
    await lock(trx, state.signal);
    const at = Date.now();
    await writeState(trx, { ...state, seq }, seq === state.seq ? signalFingerprint(state) : 'reconciled');
    await appendAudit(trx, keys, signalSubject(state.signal), [recordedAgain(at, state), turnFact(at, state)]);
  });
}

/** Signals that somebody must follow, as the database knows them. */
export async function signalsInProgress(database: Sql): Promise<string[]> {
  const rows = await database
    .selectFrom('early_signal')
    .select('id')
    .where('status', 'not in', ['closed', 'withdrawn'])
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** What the database last recorded of one; undefined when it has no such row. */
export const recordedSignal = (database: Sql, id: string) =>
  database
    .selectFrom('early_signal')
    .select(['reference', 'status', 'seq', 'fingerprint'])
    .where('id', '=', id)
    .executeTakeFirst();

/** SHA-256 (hex) of a whole state; the instant of the next sending moves without a turn and does not count. */
export const signalFingerprint = ({ dispatchAt: _at, dispatchAttempts: _attempts, ...state }: EarlySignal): string =>
  createHash('sha256').update(canonicalJson(state)).digest('hex');

const lock = (trx: Transaction, id: string) =>
  trx
    .selectFrom('early_signal')
    .select(['seq', 'fingerprint'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();

async function writeState(trx: Transaction, state: EarlySignal, fingerprint: string): Promise<void> {
  const task = taskOf(state);
  await trx
    .updateTable('early_signal')
    .set({
      status: statusOf(state),
      late: isLate(state),
      task: task?.kind ?? null,
      task_since: task === null ? null : new Date(task.since),
      outcome: state.ending?.outcome ?? null,
      crisis_id: state.ending?.crisis ?? null,
      instruction_id: state.ending?.instruction ?? null,
      seq: state.seq,
      fingerprint,
      state: toJson(state),
    })
    .where('id', '=', state.signal)
    .execute();
}

/** What a turn did to the state: small enough to be told whole. */
const turnFact = (at: Instant, state: EarlySignal): Fact => ({
  at,
  kind: 'turnRecorded',
  organisation: null,
  actor: MACHINE,
  data: { seq: state.seq, status: statusOf(state), state },
});

const recordedAgain = (at: Instant, { seq }: EarlySignal): Fact => ({
  at,
  kind: 'recordedAgain',
  organisation: null,
  actor: MACHINE,
  data: { seq },
});

/** The words themselves stay out of the audit (health data); their hash makes them as fast as it. */
function withHash(fact: Fact, entries: SignalMatter['entries']): Fact {
  const { entry } = fact.data;
  const sha256 = typeof entry === 'string' ? entries.get(entry)?.sha256 : undefined;
  return sha256 === undefined ? fact : { ...fact, data: { ...fact.data, sha256 } };
}

const patternOf = ({ signal }: EarlySignal, purpose: SignalMail['purpose'], number: number | null): string =>
  number === null ? `signal/${signal}/${purpose}/%` : `signal/${signal}/${purpose}/%/${number}`;
