import { type RawBuilder, sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import type { Fact } from '../../domain/changes.ts';
import type { Sql, Transaction } from '../database.ts';
import { PREPARED } from '../prepared-statements.ts';
import { chainStart, continueChain, sealOf, type ChainEnd, type SealedEntry } from './audit-chain.ts';
import { toJson } from './json.ts';

export const instructionSubject = (id: string): string => `instruction/${id}`;
export const crisisSubject = (id: string): string => `crisis/${id}`;
export const surveySubject = (id: string): string => `survey/${id}`;
/** What is answered and judged in one territory of a survey: thousands of answers do not wait for one chain. */
export const surveyTerritorySubject = (id: string, territory: string): string => `${surveySubject(id)}/${territory}`;
export const surveySeriesSubject = (id: string): string => `survey-series/${id}`;
export const surveyFormSubject = (id: string): string => `survey-form/${id}`;
export const signalSubject = (id: string): string => `signal/${id}`;
export const organisationSubject = (id: string): string => `organisation/${id}`;
/** The register of establishments as a whole: an import is one fact, not thousands. */
export const SITES_SUBJECT = 'sites';

/**
 * Appends facts to the chain of one subject, within the caller's transaction: they exist if and only if it commits. The
 * subject's head stays locked until then, so that writers of one chain take turns; other chains are not held up. Lock the
 * row that the facts are about before, never after.
 */
export const appendAudit = (
  trx: Transaction,
  keys: KeyRing,
  subject: string,
  facts: readonly Fact[],
  locked: readonly AuditHead[] = [],
): Promise<void> => appendToChains(trx, keys, new Map([[subject, facts]]), locked);

/** The end of a subject's chain, as `headsToLock` gives it. */
export type AuditHead = ChainEnd & { readonly subject: string };

/** Locks the heads of these subjects and gives them; a statement of a caller may end in it, and hands `appendAudit` what it gave. */
export const headsToLock = (subjects: readonly string[]): RawBuilder<AuditHead> => sql<AuditHead>`
  select subject, position, hmac from audit_head where subject = any(${[...subjects]}::text[]) order by subject for update`;

/**
 * The same for several subjects at once, in as many statements as for one; their heads are locked in the order of their names.
 * @param locked heads that a statement of the caller has locked already
 */
export async function appendToChains(
  trx: Transaction,
  keys: KeyRing,
  facts: ReadonlyMap<string, readonly Fact[]>,
  locked: readonly AuditHead[] = [],
): Promise<void> {
  const told = [...facts].filter(([, some]) => some.length > 0);
  if (told.length === 0) return;
  const ends = await lockEnds(
    trx,
    keys,
    told.map(([subject]) => subject),
    locked,
  );
  const recordedAt = Date.now();
  const chains = told.map(([subject, some]) => {
    const next = continueChain(keys, subject, some, {
      end: ends.get(subject) ?? chainStart(keys, subject),
      recordedAt,
    });
    return { entries: next.entries, head: { subject, ...next.end, seal: sealOf(keys, subject, next.end) } };
  });
  await sql`${sql.raw(PREPARED)}
    with entries as (insert into audit_entry ${auditRows(chains.flatMap(({ entries }) => entries))})
    update audit_head h set position = n.position, hmac = n.hmac, seal = n.seal
    from jsonb_to_recordset(${toJson(chains.map(({ head }) => head))}::jsonb)
      as n (subject text, position int, hmac text, seal text)
    where h.subject = n.subject`.execute(trx);
}

/** The rows of `audit_entry`, in its columns' order, as the source of an INSERT. */
export const auditRows = (entries: readonly SealedEntry[]) => sql`
  select subject, position, to_timestamp(at / 1000.0), to_timestamp("recordedAt" / 1000.0), kind, organisation,
    "actorSub", "actorOrganisation", data, previous, hmac
  from jsonb_to_recordset(${toJson(entries)}::jsonb) as fact (subject text, position int, at bigint, "recordedAt" bigint,
    kind text, organisation text, "actorSub" text, "actorOrganisation" text, data jsonb, previous text, hmac text)`;

async function lockEnds(
  trx: Transaction,
  keys: KeyRing,
  subjects: readonly string[],
  locked: readonly AuditHead[],
): Promise<Map<string, ChainEnd>> {
  const found = locked.length > 0 ? endsOf(locked) : await selectEnds(trx, subjects);
  const missing = subjects.filter((subject) => !found.has(subject));
  if (missing.length === 0) return found;
  const heads = missing.map((subject) => {
    const start = chainStart(keys, subject);
    return { subject, ...start, seal: sealOf(keys, subject, start) };
  });
  await trx
    .insertInto('audit_head')
    .values(heads)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return new Map([...found, ...(await selectEnds(trx, missing))]);
}

async function selectEnds(trx: Sql, subjects: readonly string[]): Promise<Map<string, ChainEnd>> {
  const { rows } = await sql<AuditHead>`${sql.raw(PREPARED)} ${headsToLock(subjects)}`.execute(trx);
  return endsOf(rows);
}

const endsOf = (heads: readonly AuditHead[]): Map<string, ChainEnd> =>
  new Map(heads.map(({ subject, ...end }) => [subject, end]));
