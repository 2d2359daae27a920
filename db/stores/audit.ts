import { sql } from 'kysely';
import type { KeyRing } from '../../config/keys.ts';
import type { Fact } from '../../domain/changes.ts';
import type { Sql, Transaction } from '../database.ts';
import { chainStart, continueChain, sealOf, type ChainEnd, type SealedEntry } from './audit-chain.ts';
import { toJson } from './json.ts';

export const instructionSubject = (id: string): string => `instruction/${id}`;
export const crisisSubject = (id: string): string => `crisis/${id}`;
export const surveySubject = (id: string): string => `survey/${id}`;
export const surveyFormSubject = (id: string): string => `survey-form/${id}`;
export const organisationSubject = (id: string): string => `organisation/${id}`;

/**
 * Appends facts to the chain of one subject, within the caller's transaction: they exist if and only if it commits. The
 * subject's head stays locked until then, so that writers of one chain take turns; other chains are not held up. Lock the
 * row that the facts are about before, never after.
 */
export async function appendAudit(
  trx: Transaction,
  keys: KeyRing,
  subject: string,
  facts: readonly Fact[],
): Promise<void> {
  if (facts.length === 0) return;
  const end = await lockEnd(trx, keys, subject);
  const next = continueChain(keys, subject, facts, { end, recordedAt: Date.now() });
  await sql`insert into audit_entry ${auditRows(next.entries)}`.execute(trx);
  await trx
    .updateTable('audit_head')
    .set({ ...next.end, seal: sealOf(keys, subject, next.end) })
    .where('subject', '=', subject)
    .execute();
}

/** The rows of `audit_entry`, in its columns' order, as the source of an INSERT. */
export const auditRows = (entries: readonly SealedEntry[]) => sql`
  select subject, position, to_timestamp(at / 1000.0), to_timestamp("recordedAt" / 1000.0), kind, organisation,
    "actorSub", "actorOrganisation", data, previous, hmac
  from jsonb_to_recordset(${toJson(entries)}::jsonb) as fact (subject text, position int, at bigint, "recordedAt" bigint,
    kind text, organisation text, "actorSub" text, "actorOrganisation" text, data jsonb, previous text, hmac text)`;

async function lockEnd(trx: Transaction, keys: KeyRing, subject: string): Promise<ChainEnd> {
  const existing = await selectEnd(trx, subject);
  if (existing !== undefined) return existing;
  const start = chainStart(keys, subject);
  const head = { subject, ...start, seal: sealOf(keys, subject, start) };
  await trx
    .insertInto('audit_head')
    .values(head)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await selectEnd(trx, subject)) ?? start;
}

const selectEnd = (trx: Sql, subject: string): Promise<ChainEnd | undefined> =>
  trx
    .selectFrom('audit_head')
    .select(['position', 'hmac'])
    .where('subject', '=', subject)
    .forUpdate()
    .executeTakeFirst();
